#pragma once

#include <cstddef>

// Memory for large tables, of which look-ups touch lines all over: with small pages each look-up
// would miss the page cache too. Thread-safe.
namespace hl7flow {

/// So many bytes, all zero, in huge pages where the system has them; pages are taken when they are
/// first used. Throws std::bad_alloc.
void* take_huge_pages(std::size_t bytes);
void give_huge_pages(void* memory, std::size_t bytes) noexcept;

}  // namespace hl7flow
