#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

// Which of the last entries of a log may have a hash: the memory of message dedup.
namespace hl7flow {

/// Numbers of the last `window` entries of a log by 64-bit hash. Holds 16 bits of each hash beside
/// the place that 32 others chose, so what it finds is nearly always right, and never certain: the
/// caller confirms it from the log. What it does not find is not there, except for entries that
/// were `forgotten`. An entry dies when the window has passed it, and its slot is used again. 11.4
/// bytes an entry of the window, taken at once. Not thread-safe.
///
/// A line is one cache line of ten slots, a little over half of them in use. An entry that finds
/// its line full goes to one of the next, and the line remembers until when look-ups must follow.
class RecentIndex {
 public:
  static constexpr std::uint64_t window_max = std::uint64_t{1} << 30;

  explicit RecentIndex(std::uint64_t window)
      : window_(static_cast<std::uint32_t>(window)), lines_(line_count(window)) {}

  std::uint64_t window() const noexcept { return window_; }
  std::size_t memory() const noexcept { return lines_.size() * sizeof(Line); }
  /// Entries that were given up because their neighbourhood was full; about none.
  std::uint64_t forgotten() const noexcept { return forgotten_; }

  void prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&lines_[home(hash)]); }

  /// Calls visit(back) for each living entry that may have the hash, the last entered being
  /// back = 1. `next` is the number of the entry to come.
  template <class Visit>
  void find(std::uint64_t hash, std::uint32_t next, Visit&& visit) const {
    auto const tag = static_cast<std::uint16_t>(hash);
    std::uint32_t const now = next + first_;
    std::size_t at = home(hash);
    for (std::size_t step = 0; step < reach; ++step, at = after(at)) {
      Line const& line = lines_[at];
      std::uint32_t hits = 0;
      for (std::uint32_t k = 0; k < slots; ++k)
        hits |= static_cast<std::uint32_t>(line.tags[k] == tag) << k;
      for (; hits != 0; hits &= hits - 1) {
        std::uint32_t const back =
            now - line.numbers[static_cast<std::size_t>(std::countr_zero(hits))];
        if (is_alive(back)) visit(back);
      }
      if (!is_alive(now - line.passed_at)) return;
    }
  }

  /// The entry `next` has the hash. `back` names the entry that it takes the place of, as find()
  /// visited it; 0: it is the first with its hash. There should be one entry of a hash: many crowd
  /// out their neighbours.
  void enter(std::uint64_t hash, std::uint32_t next, std::uint32_t back = 0) noexcept {
    auto const tag = static_cast<std::uint16_t>(hash);
    std::uint32_t const now = next + first_;
    std::size_t at = home(hash);
    bool entered = false;
    for (std::size_t step = 0; step < reach; ++step, at = after(at)) {
      Line& line = lines_[at];
      for (std::size_t k = 0; back != 0 && k < slots; ++k) {
        if (now - line.numbers[k] != back || line.tags[k] != tag) continue;
        line.numbers[k] = entered ? 0 : now;
        return;
      }
      for (std::size_t k = 0; !entered && k < slots; ++k) {
        if (is_alive(now - line.numbers[k])) continue;
        line.tags[k] = tag;
        line.numbers[k] = now;
        if (back == 0) return;
        entered = true;
      }
      if (!entered) line.passed_at = now;
    }
    if (!entered) forget_one(home(hash), tag, now);
  }

 private:
  static constexpr std::size_t slots = 10, reach = 64;

  struct alignas(64) Line {
    std::array<std::uint32_t, slots> numbers{};
    std::array<std::uint16_t, slots> tags{};
    std::uint32_t passed_at = 0;  // the last entry that found no room here
  };
  static_assert(sizeof(Line) == 64);

  /// 5.6 entries a line.
  static std::size_t line_count(std::uint64_t window) {
    return static_cast<std::size_t>(window * 5 / 28 + reach);
  }
  std::size_t home(std::uint64_t hash) const noexcept {
    return static_cast<std::size_t>((hash >> 32) * lines_.size() >> 32);
  }
  std::size_t after(std::size_t line) const noexcept {
    return line + 1 == lines_.size() ? 0 : line + 1;
  }
  bool is_alive(std::uint32_t back) const noexcept { return back <= window_ && back != 0; }

  void forget_one(std::size_t at, std::uint16_t tag, std::uint32_t now) noexcept {
    Line& line = lines_[at];
    std::size_t oldest = 0;
    for (std::size_t k = 1; k < slots; ++k)
      if (now - line.numbers[k] > now - line.numbers[oldest]) oldest = k;
    line.tags[oldest] = tag;
    line.numbers[oldest] = now;
    ++forgotten_;
  }

  // Numbers in slots are moved so that an empty slot's 0 is farther back than the window.
  std::uint32_t const first_ = 0x80000001u;
  std::uint32_t const window_;
  std::vector<Line> lines_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace hl7flow
