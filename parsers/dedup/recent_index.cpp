#include <hl7flow/parsers/dedup/recent_index.h>

#include <sys/mman.h>

#include <new>

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
      lines_(
          [this] {
            // Pages of zeros, which are empty lines, taken when they are first used.
            void* const raw = ::mmap(nullptr, memory(), PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (raw == MAP_FAILED) throw std::bad_alloc();
            // Look-ups touch lines all over: with small pages each would miss the page cache too.
            ::madvise(raw, memory(), MADV_HUGEPAGE);
            return static_cast<Line*>(raw);
          }(),
          Free{memory()}) {}

void RecentIndex::Free::operator()(Line* lines) const noexcept { ::munmap(lines, size); }

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
