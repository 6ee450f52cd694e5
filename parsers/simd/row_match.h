#pragma once

#include <array>
#include <cstdint>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

// Two rows of sixteen numbers, with the instructions of the build's base, as in short_match.h.
#if defined(__SSE4_1__)
namespace hl7flow::simd::inline sse4_1 {
#else
namespace hl7flow::simd::inline plain {
#endif

inline constexpr std::size_t row_width = 16;
using RowLevels = std::array<std::uint8_t, row_width>;

/// A level for each place: 0 if either number is 0, that of `tops` if they are equal, 1 if they
/// differ. Returns a bit for each place in which they differ.
inline std::uint32_t match_rows(const std::uint32_t* a, const std::uint32_t* b,
                                const RowLevels& tops, RowLevels& levels) noexcept {
#if defined(__SSE4_1__)
  auto const load = [](const std::uint32_t* row, std::size_t first) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + first));
  };
  auto const equal = [&](std::size_t first) {
    return _mm_cmpeq_epi32(load(a, first), load(b, first));
  };
  auto const missing = [&](std::size_t first) {
    return _mm_cmpeq_epi32(_mm_min_epu32(load(a, first), load(b, first)), _mm_setzero_si128());
  };
  __m128i const same =
      _mm_packs_epi16(_mm_packs_epi32(equal(0), equal(4)), _mm_packs_epi32(equal(8), equal(12)));
  __m128i const none = _mm_packs_epi16(_mm_packs_epi32(missing(0), missing(4)),
                                       _mm_packs_epi32(missing(8), missing(12)));
  __m128i const top = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tops.data()));
  __m128i const found = _mm_andnot_si128(none, _mm_blendv_epi8(_mm_set1_epi8(1), top, same));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(levels.data()), found);
  return static_cast<std::uint32_t>(~_mm_movemask_epi8(_mm_or_si128(same, none))) & 0xffffu;
#else
  std::uint32_t differ = 0;
  for (std::uint32_t k = 0; k < row_width; ++k) {
    bool const both = a[k] != 0 && b[k] != 0, same = a[k] == b[k];
    levels[k] = !both ? std::uint8_t{0} : same ? tops[k] : std::uint8_t{1};
    differ |= static_cast<std::uint32_t>(both && !same) << k;
  }
  return differ;
#endif
}

}  // namespace hl7flow::simd::inline sse4_1 or plain
