#include <hl7flow/parsers/huge_pages.h>

#include <sys/mman.h>

#include <new>

namespace hl7flow {

void* take_huge_pages(std::size_t bytes) {
  void* const raw =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) throw std::bad_alloc();
  ::madvise(raw, bytes, MADV_HUGEPAGE);
  return raw;
}

void give_huge_pages(void* memory, std::size_t bytes) noexcept { ::munmap(memory, bytes); }

}  // namespace hl7flow
