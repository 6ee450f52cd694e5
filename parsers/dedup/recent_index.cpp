#include <hl7flow/parsers/dedup/recent_index.h>

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace hl7flow {

namespace {

constexpr std::size_t huge_page = 2u << 20;

/// 5.6 entries a line; an even number.
std::size_t line_count(std::uint64_t window) {
  constexpr std::size_t least = 64;
  return (static_cast<std::size_t>(window * 5 / 28) + least) / 2 * 2;
}

}  // namespace

RecentIndex::RecentIndex(std::uint64_t window)
    : window_(static_cast<std::uint32_t>(window)), count_(line_count(window)), lines_([this] {
        std::size_t const bytes = (memory() + huge_page - 1) / huge_page * huge_page;
        void* const raw = std::aligned_alloc(huge_page, bytes);
        if (raw == nullptr) throw std::bad_alloc();
        // Look-ups touch lines all over: with small pages each would miss the page cache too.
        ::madvise(raw, bytes, MADV_HUGEPAGE);
        auto* const lines = static_cast<Line*>(raw);
        for (std::size_t k = 0; k < count_; ++k) new (lines + k) Line();
        return lines;
      }()) {}

void RecentIndex::Free::operator()(Line* lines) const noexcept { std::free(lines); }

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
