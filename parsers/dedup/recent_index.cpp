#include <hl7flow/parsers/dedup/recent_index.h>

#include <algorithm>
#include <bit>

#include <hl7flow/parsers/huge_pages.h>

namespace hl7flow {

namespace {

/// 5.6 entries a line; an even number.
std::size_t line_count(std::uint64_t window) {
  constexpr std::size_t least = 64;
  return (static_cast<std::size_t>(window * 5 / 28) + least) / 2 * 2;
}

/// Groups that are dead before their numbers begin again leave time to set dead slots forward.
int group_bits(std::uint64_t window_groups) {
  return std::max(static_cast<int>(std::bit_width(window_groups * 5 / 2)), 11);
}

}  // namespace

RecentIndex::RecentIndex(std::uint64_t window, std::uint64_t begin)
    : window_(window),
      window_groups_(static_cast<std::uint32_t>((window + group_size - 1) / group_size)),
      hash_bits_(32 - group_bits(window_groups_)),
      below_((1u << hash_bits_) - 1),
      most_(window_groups_ << hash_bits_ | below_),
      first_(window_groups_ + 1 - static_cast<std::uint32_t>(begin / group_size)),
      // Of the oldest group some are too old.
      count_(line_count((std::uint64_t{window_groups_} + 1) * group_size)),
      // All of them a little before numbers begin again.
      renewed_lines_(
          count_ * renewed_every * 9 / 8 / ((UINT32_MAX >> hash_bits_) - window_groups_) + 1),
      // Zeros are empty lines.
      lines_(static_cast<Line*>(take_huge_pages(memory())), Free{memory()}) {}

void RecentIndex::Free::operator()(Line* lines) const noexcept { give_huge_pages(lines, size); }

std::size_t RecentIndex::find_dead_slot(const Line& line, const simd::RecentSpan& span) noexcept {
  std::uint32_t const dead = simd::slots_without(line, span);
  if (dead == 0) return slots;
  // The first whose turn it is.
  std::uint32_t const until_round = dead & ((2u << (line.state & slot_mask)) - 1);
  return static_cast<std::size_t>(std::bit_width(until_round != 0 ? until_round : dead)) - 1;
}

void RecentIndex::enter(std::uint64_t hash, std::uint64_t next, std::uint64_t back) noexcept {
  simd::RecentSpan const span = span_at(next);
  std::size_t const begin = home(hash);
  // Where the entry is that it takes the place of, if that is still there.
  std::size_t const steps = back == 0 ? 0 : steps_of(lines_[begin], span);
  std::uint32_t const replaced = word_of(hash, span_at(next - back));
  std::size_t at = begin;
  for (std::size_t step = 0; back != 0 && step <= steps; at = after(at, step++)) {
    Line& line = lines_[at];
    for (std::uint32_t same = simd::slots_with(line, tag_of(hash)); same != 0; same &= same - 1) {
      std::uint32_t& word = line.words[first_of(same)];
      // Of two that are alike, either stands for the other.
      if (word != replaced) continue;
      word = word_of(hash, span);
      // It lives longer now.
      if (step > 0) pass(lines_[begin], step, span);
      return;
    }
  }
  at = begin;
  for (std::size_t step = 0; step <= steps_max; at = after(at, step++)) {
    Line& line = lines_[at];
    std::size_t const slot = dead_slot(line, span);
    if (slot == slots) continue;
    fill(line, slot, hash, span);
    if (step > 0) pass(lines_[begin], step, span);
    return;
  }
  forget_one(hash, next);
}

void RecentIndex::renew(std::uint64_t next) noexcept {
  if (group_of(next) % renewed_every != 0) return;
  simd::RecentSpan const span = span_at(next);
  for (std::size_t k = 0; k < renewed_lines_; ++k) {
    Line& line = lines_[renewed_];
    simd::renew_dead(line, span);
    if (steps_of(line, span) == 0) line.state &= slot_mask;
    if (++renewed_ == count_) renewed_ = 0;
  }
}

void RecentIndex::forget_one(std::uint64_t hash, std::uint64_t next) noexcept {
  Line& line = lines_[home(hash)];
  simd::RecentSpan const span = span_at(next);
  std::size_t oldest = 0;
  for (std::size_t k = 1; k < slots; ++k)
    if (span.now - line.words[k] > span.now - line.words[oldest]) oldest = k;
  fill(line, oldest, hash, span);
  ++forgotten_;
}

}  // namespace hl7flow
