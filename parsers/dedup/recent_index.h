#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <hl7flow/parsers/simd/recent_line.h>

// Which of the last entries of a log may have a hash: the memory of message dedup.
namespace hl7flow {

/// Groups of the last `window` entries of a log, by the 64-bit hashes of their entries. Holds 8
/// bits of each hash, and those of 32 that a group's number within the window leaves free, beside
/// the place that 32 others chose: what it finds is nearly always right, and never certain, so that
/// the caller confirms it from the log. What it does not find is not there, except for entries that
/// were `forgotten`. An entry dies when the window has passed its group, and its slot is used
/// again. 11.4 bytes an entry of the window and a group, taken at once. Not thread-safe.
///
/// A line is one cache line of twelve slots, a little less than half of them in use. An entry that
/// finds its line full goes to one of the next, and the line remembers how far look-ups must
/// follow, and until when.
class RecentIndex {
  using Line = simd::RecentLine;

 public:
  static constexpr std::uint64_t window_max = std::uint64_t{1} << 30;
  /// So many numbers in a row are a group, which one read of the log confirms.
  static constexpr std::uint32_t group_size = 1360;

  /// `begin`: the first number that will be entered.
  explicit RecentIndex(std::uint64_t window, std::uint64_t begin = 0);

  std::uint64_t window() const noexcept { return window_; }
  std::size_t memory() const noexcept { return count_ * sizeof(Line); }
  /// Entries that were given up because their neighbourhood was full; about none.
  std::uint64_t forgotten() const noexcept { return forgotten_; }

  /// Where entries of a hash begin to be looked for.
  class Home {
   public:
    Home() = default;

   private:
    friend RecentIndex;
    explicit Home(Line* line) : line_(line) {}
    Line* line_ = nullptr;
  };
  Home home_of(std::uint64_t hash) const noexcept {
    return Home(&lines_[static_cast<std::size_t>(static_cast<Wide>(hash) * count_ >> 64)]);
  }
  /// Some thirty look-ups ahead is best: the line comes while others are looked at.
  /// Inlined, or GCC 12 takes it for a function without effect and drops the call.
  [[gnu::always_inline]] static void prefetch(Home home) noexcept {
    // To the second level: the first has room for some twenty lines under way, too few.
    __builtin_prefetch(home.line_, 0, 2);
  }
  /// Later, when that line is there: the second one, if the look-up may need it.
  [[gnu::always_inline]] static void prefetch_second(Home home) noexcept {
    bool const is_passed = (home.line_->state >> steps_at & steps_max) != 0;
    auto const address = reinterpret_cast<std::uintptr_t>(home.line_);
    __builtin_prefetch(
        reinterpret_cast<const void*>(address ^ (is_passed ? sizeof(Line) : std::size_t{0})), 0, 2);
  }

  /// What is alive when the entry `next` is to come; the same in all indexes of one window and
  /// begin.
  simd::RecentSpan span_at(std::uint64_t next) const noexcept {
    return {group_of(next) << hash_bits_ | below_, most_, below_};
  }

  /// Calls visit(newest, oldest) for each group with a living entry that may have the hash: one of
  /// so many entries back, the last entered being 1; the oldest of them may be beyond the window.
  /// `next` is the number of the entry to come.
  template <class Visit>
  void find(std::uint64_t hash, std::uint64_t next, Visit&& visit) const {
    simd::RecentSpan const span = span_at(next);
    std::size_t at = home(hash);
    std::size_t const steps = steps_of(lines_[at], span);
    for (std::size_t step = 0; step <= steps; at = after(at, step++)) {
      Line const& line = lines_[at];
      for (std::uint32_t same = simd::slots_with(line, tag_of(hash)); same != 0; same &= same - 1) {
        std::uint32_t const word = line.words[first_of(same)];
        if (!may_have(word, hash) || !span.is_alive(word)) continue;
        std::uint64_t const oldest =
            std::uint64_t{(span.now - word) >> hash_bits_} * group_size + next % group_size;
        std::uint64_t const newest = oldest < group_size ? 1 : oldest - (group_size - 1);
        if (oldest != 0) visit(newest, oldest);
      }
    }
  }

  /// Where a hash that no living entry has may be entered.
  struct Place {
    Line* line = nullptr;  // null: an entry may have it, or it takes more than a look at two lines
    std::size_t slot = 0;
    Line* passed = nullptr;  // the home, where the line is the second
  };
  /// `span`: span_at() the number to come.
  Place find_place(Home home, std::uint64_t hash, const simd::RecentSpan& span) noexcept {
    Line& line = *home.line_;
    if (has(line, hash, span)) return {};
    std::size_t const slot = dead_slot(line, span);
    std::size_t const steps = steps_of(line, span);
    if (steps == 0 && slot != slots) [[likely]]
      return {&line, slot};
    Line& second = lines_[after(static_cast<std::size_t>(home.line_ - lines_.get()), 0)];
    if (steps > 1 || has(second, hash, span)) return {};
    if (slot != slots) return {&line, slot};
    std::size_t const slot_there = dead_slot(second, span);
    if (slot_there == slots) return {};
    return {&second, slot_there, &line};
  }
  /// find_place() gave the place just before.
  void enter_at(const Place& place, std::uint64_t hash, const simd::RecentSpan& span) noexcept {
    fill(*place.line, place.slot, hash, span);
    if (place.passed != nullptr) pass(*place.passed, 1, span);
  }

  /// The entry `next` has the hash. `back` names the entry that it takes the place of, of a group
  /// that find() visited; 0: it is the first with its hash. There should be one entry of a hash:
  /// many crowd out their neighbours.
  void enter(std::uint64_t hash, std::uint64_t next, std::uint64_t back = 0) noexcept;

  /// To be called once for every group, before the first of it is entered: sets the numbers of dead
  /// slots forward, some lines at a time, so that numbers which begin again at 0 do not bring them
  /// to life. `next`: the first number of the group.
  void renew(std::uint64_t next) noexcept;

 private:
  static constexpr std::size_t slots = Line::slots;
  static constexpr std::uint32_t renewed_every = 8;  // groups
  // Line::state: the group when an entry last found no room; how many lines farther one went; and
  // the slot that is filled next.
  static constexpr std::uint32_t slot_mask = 15, steps_max = 63;
  static constexpr int steps_at = 4;
  static constexpr std::uint32_t group_mask = ~(steps_max << steps_at | slot_mask);

  __extension__ using Wide = unsigned __int128;

  struct Free {
    std::size_t size;
    void operator()(Line* lines) const noexcept;
  };

  static std::size_t first_of(std::uint32_t bits) noexcept {
    return static_cast<std::size_t>(std::countr_zero(bits));
  }
  // Of a hash's low half, the tag is the high bits; the low ones stand in a word.
  static std::uint8_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint8_t>(hash >> 24);
  }
  /// Moved so that an empty slot's 0 is farther back than the window, wherever numbers begin.
  std::uint32_t group_of(std::uint64_t next) const noexcept {
    return static_cast<std::uint32_t>(next / group_size) + first_;
  }
  static std::uint32_t word_of(std::uint64_t hash, const simd::RecentSpan& span) noexcept {
    return span.now & (static_cast<std::uint32_t>(hash) | ~span.below);
  }
  /// Of a slot with the tag.
  bool may_have(std::uint32_t word, std::uint64_t hash) const noexcept {
    return ((word ^ static_cast<std::uint32_t>(hash)) & below_) == 0;
  }
  /// Whether a living entry of the line may have the hash.
  bool has(const Line& line, std::uint64_t hash, const simd::RecentSpan& span) const noexcept {
    std::uint32_t same = simd::slots_with(line, tag_of(hash));
    if (same == 0) [[likely]]
      return false;
    for (; same != 0; same &= same - 1) {
      std::uint32_t const word = line.words[first_of(same)];
      if (may_have(word, hash) && span.is_alive(word)) return true;
    }
    return false;
  }
  /// A slot that may be filled; `slots`: there is none.
  static std::size_t dead_slot(const Line& line, const simd::RecentSpan& span) noexcept {
    // They are filled in turns, so that the next one is the oldest, unless entries took the places
    // of others.
    std::size_t const next = line.state & slot_mask;
    if (!span.is_alive(line.words[next])) [[likely]]
      return next;
    return find_dead_slot(line, span);
  }
  static std::size_t find_dead_slot(const Line& line, const simd::RecentSpan& span) noexcept;
  static void fill(Line& line, std::size_t slot, std::uint64_t hash,
                   const simd::RecentSpan& span) noexcept {
    std::size_t const next = slot == 0 ? slots - 1 : slot - 1;
    line.state = (line.state & ~slot_mask) | static_cast<std::uint32_t>(next);
    line.words[slot] = word_of(hash, span);
    line.tags[slot] = tag_of(hash);
  }
  /// How many lines beyond its home an entry may be.
  static std::size_t steps_of(const Line& home, const simd::RecentSpan& span) noexcept {
    return span.is_alive(home.state) ? home.state >> steps_at & steps_max : 0;
  }
  static void pass(Line& home, std::size_t steps, const simd::RecentSpan& span) noexcept {
    std::size_t const most = std::max(steps, steps_of(home, span));
    home.state = (span.now & group_mask) | static_cast<std::uint32_t>(most) << steps_at |
                 (home.state & slot_mask);
  }

  std::size_t home(std::uint64_t hash) const noexcept {
    return static_cast<std::size_t>(home_of(hash).line_ - lines_.get());
  }
  /// The other line of its pair, which shares 128 bytes with it; then pair after pair.
  std::size_t after(std::size_t line, std::size_t step) const noexcept {
    if (step % 2 == 0) return line ^ 1;
    std::size_t const pair = (line | 1) + 1;
    return pair == count_ ? 0 : pair;
  }

  void forget_one(std::uint64_t hash, std::uint64_t next) noexcept;

  std::uint64_t const window_;
  std::uint32_t const window_groups_;  // so many groups back, the window ends
  int const hash_bits_;                // of a slot's word; above them is its group
  std::uint32_t const below_, most_;   // see RecentSpan
  std::uint32_t const first_;          // see group_of()
  std::size_t const count_;
  std::size_t const renewed_lines_;  // at a time
  std::size_t renewed_ = 0;          // the next of them
  std::unique_ptr<Line[], Free> const lines_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace hl7flow
