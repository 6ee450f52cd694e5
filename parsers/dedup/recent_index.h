#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <hl7flow/parsers/simd/recent_line.h>

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

  explicit RecentIndex(std::uint64_t window);

  std::uint64_t window() const noexcept { return window_; }
  std::size_t memory() const noexcept { return count_ * sizeof(Line); }
  /// Entries that were given up because their neighbourhood was full; about none.
  std::uint64_t forgotten() const noexcept { return forgotten_; }

  /// Some sixteen look-ups ahead is best: the lines come while others are looked at.
  /// Inlined, or GCC 12 takes it for a function without effect and drops the call.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const noexcept {
    std::size_t const line = home(hash);
    __builtin_prefetch(&lines_[line]);
    __builtin_prefetch(&lines_[line ^ 1]);
  }

  /// Calls visit(back) for each living entry that may have the hash, the last entered being
  /// back = 1. `next` is the number of the entry to come.
  template <class Visit>
  void find(std::uint64_t hash, std::uint32_t next, Visit&& visit) const {
    auto const tag = static_cast<std::uint16_t>(hash);
    std::uint32_t const now = next + first_;
    std::size_t at = home(hash);
    for (std::size_t step = 0; step < reach; at = after(at, step++)) {
      Line const& line = lines_[at];
      std::uint32_t hits = simd::slots_with(line, tag);
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
    for (std::size_t step = 0; step < reach; at = after(at, step++)) {
      Line& line = lines_[at];
      for (std::uint32_t same = back == 0 ? 0 : simd::slots_with(line, tag); same != 0;
           same &= same - 1) {
        std::uint32_t& number = line.numbers[static_cast<std::size_t>(std::countr_zero(same))];
        if (now - number != back) continue;
        number = entered ? 0 : now;
        return;
      }
      std::uint32_t const dead = entered ? 0 : simd::slots_without(line, now, window_);
      if (dead != 0) {
        auto const k = static_cast<std::size_t>(std::countr_zero(dead));
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
  using Line = simd::RecentLine;
  static constexpr std::size_t slots = Line::slots, reach = 64;

  struct Free {
    std::size_t size;
    void operator()(Line* lines) const noexcept;
  };

  std::size_t home(std::uint64_t hash) const noexcept {
    return static_cast<std::size_t>((hash >> 32) * count_ >> 32);
  }
  /// The other line of its pair, which shares 128 bytes with it and is fetched with it; then pair
  /// after pair.
  std::size_t after(std::size_t line, std::size_t step) const noexcept {
    if (step % 2 == 0) return line ^ 1;
    std::size_t const pair = (line | 1) + 1;
    return pair == count_ ? 0 : pair;
  }
  bool is_alive(std::uint32_t back) const noexcept { return back <= window_ && back != 0; }

  void forget_one(std::size_t at, std::uint16_t tag, std::uint32_t now) noexcept;

  // Numbers in slots are moved so that an empty slot's 0 is farther back than the window.
  std::uint32_t const first_ = 0x80000001u;
  std::uint32_t const window_;
  std::size_t const count_;
  std::unique_ptr<Line[], Free> const lines_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace hl7flow
