#include <hl7flow/parsers/dedup/recent_index.h>

#include <algorithm>

#include <hl7flow/parsers/huge_pages.h>

namespace hl7flow {

namespace {

/// 5.6 entries a line; an even number.
std::size_t line_count(std::uint64_t window) {
  constexpr std::size_t least = 64;
  return (static_cast<std::size_t>(window * 5 / 28) + least) / 2 * 2;
}

/// Groups that are dead before their numbers begin again leave time to set dead slots forward.
std::uint32_t group_mask(std::uint64_t window_groups) {
  int const bits = std::clamp(static_cast<int>(std::bit_width(window_groups * 7 / 4)), 14, 26);
  return (1u << bits) - 1;
}

}  // namespace

RecentIndex::RecentIndex(std::uint64_t window, std::uint64_t begin)
    : window_(window),
      window_groups_(static_cast<std::uint32_t>((window + group_size - 1) / group_size)),
      mask_(group_mask(window_groups_)),
      first_(window_groups_ + 1 - static_cast<std::uint32_t>(begin / group_size)),
      count_(line_count(window)),
      // All of them a little before numbers begin again.
      renewed_lines_(
          count_ * renewed_every * 9 / 8 / (std::size_t{mask_ - window_groups_} * group_size) + 1),
      // Zeros are empty lines.
      lines_(static_cast<Line*>(take_huge_pages(memory())), Free{memory()}) {}

void RecentIndex::Free::operator()(Line* lines) const noexcept { give_huge_pages(lines, size); }

void RecentIndex::enter(std::uint64_t hash, std::uint64_t next, std::uint64_t back) noexcept {
  simd::RecentSpan const span = span_at(next);
  std::size_t const begin = home(hash);
  // Where the entry is that it takes the place of, if that is still there.
  std::size_t const steps = back == 0 ? 0 : steps_of(lines_[begin], span.now);
  std::size_t at = begin;
  for (std::size_t step = 0; back != 0 && step <= steps; at = after(at, step++)) {
    Line& line = lines_[at];
    for (std::uint32_t same = simd::slots_with(line, tag_of(hash)); same != 0; same &= same - 1) {
      std::uint32_t& word = line.words[first_of(same)];
      // Of two that are alike, either stands for the other.
      if (word != word_of(hash, next - back)) continue;
      word = word_of(hash, next);
      // It lives longer now.
      if (step > 0) pass(lines_[begin], step, span.now);
      return;
    }
  }
  at = begin;
  for (std::size_t step = 0; step <= steps_max; at = after(at, step++)) {
    Line& line = lines_[at];
    std::uint32_t const dead = simd::slots_without(line, span);
    if (dead == 0) continue;
    line.tags[first_of(dead)] = tag_of(hash);
    line.words[first_of(dead)] = word_of(hash, next);
    if (step > 0) pass(lines_[begin], step, span.now);
    return;
  }
  forget_one(hash, next);
}

void RecentIndex::renew_some(std::uint64_t next) noexcept {
  simd::RecentSpan const span = span_at(next);
  for (std::size_t k = 0; k < renewed_lines_; ++k) {
    simd::renew_dead(lines_[renewed_], span);
    if (++renewed_ == count_) renewed_ = 0;
  }
}

void RecentIndex::forget_one(std::uint64_t hash, std::uint64_t next) noexcept {
  Line& line = lines_[home(hash)];
  std::uint32_t const now = group_of(next);
  std::size_t oldest = 0;
  for (std::size_t k = 1; k < slots; ++k)
    if (((now - line.words[k]) & mask_) > ((now - line.words[oldest]) & mask_)) oldest = k;
  line.tags[oldest] = tag_of(hash);
  line.words[oldest] = word_of(hash, next);
  ++forgotten_;
}

}  // namespace hl7flow
