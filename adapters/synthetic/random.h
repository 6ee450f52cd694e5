#pragma once

#include <cstdint>
#include <iterator>

namespace hl7flow::synthetic {

/// splitmix64 (Steele, Lea, Flood 2014): written out, so that a seed gives the same bytes on every
/// machine and with every compiler.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}
  constexpr std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15ull;
    std::uint64_t z = state_;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
  }
  /// 0 … bound - 1.
  constexpr std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>((next() >> 32) * bound >> 32);
  }
  constexpr bool chance(std::uint32_t percent) noexcept { return below(100) < percent; }
  template <class Range>
  constexpr auto const& pick(const Range& range) noexcept {
    return range[below(static_cast<std::uint32_t>(std::size(range)))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace hl7flow::synthetic
