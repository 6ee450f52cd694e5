#include <hl7flow/parsers/dedup/recent_index.h>

#include <hl7flow/parsers/huge_pages.h>

namespace hl7flow {

namespace {

/// 5.6 entries a line; an even number.
std::size_t line_count(std::uint64_t window) {
  constexpr std::size_t least = 64;
  return (static_cast<std::size_t>(window * 5 / 28) + least) / 2 * 2;
}

}  // namespace

RecentIndex::RecentIndex(std::uint64_t window)
    : window_(static_cast<std::uint32_t>(window)),
      count_(line_count(window)),
      // Zeros are empty lines.
      lines_(static_cast<Line*>(take_huge_pages(memory())), Free{memory()}) {}

void RecentIndex::Free::operator()(Line* lines) const noexcept { give_huge_pages(lines, size); }

void RecentIndex::forget_one(std::size_t at, std::uint16_t tag, std::uint32_t now) noexcept {
  Line& line = lines_[at];
  std::size_t oldest = 0;
  for (std::size_t k = 1; k < slots; ++k)
    if (now - line.numbers[k] > now - line.numbers[oldest]) oldest = k;
  line.tags[oldest] = tag;
  line.numbers[oldest] = now;
  ++forgotten_;
}

}  // namespace hl7flow
