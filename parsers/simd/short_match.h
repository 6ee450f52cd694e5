#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Where a character occurs in a short text, as a bit mask: most HL7 values are shorter than a
// vector, so splitting one is a compare and a bit scan. SSE2 is part of every x86-64 machine, so
// there is nothing to dispatch; other machines take the plain loop.
namespace hl7flow::simd {

inline constexpr std::size_t short_text_max = 64;

/// Bit k is set where text[k] == c, for k < size <= short_text_max. May read up to 15 bytes past the
/// text, which the caller's padding covers.
inline std::uint64_t match_mask(const char* text, std::size_t size, char c) noexcept {
  std::uint64_t mask = 0;
#if defined(__SSE2__)
  __m128i const wanted = _mm_set1_epi8(c);
  for (std::size_t at = 0; at < size; at += 16) {
    __m128i const bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
    auto const bits = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)));
    mask |= static_cast<std::uint64_t>(bits) << at;
  }
  return size >= 64 ? mask : mask & ((std::uint64_t{1} << size) - 1);
#else
  for (std::size_t at = 0; at < size; ++at)
    mask |= static_cast<std::uint64_t>(text[at] == c ? 1 : 0) << at;
  return mask;
#endif
}

}  // namespace hl7flow::simd
