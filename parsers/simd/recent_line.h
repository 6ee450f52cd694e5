#pragma once

#include <array>
#include <cstdint>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

// The line of ten slots of a RecentIndex (parsers/dedup/recent_index.h), with the instructions of
// the build's base, as in short_match.h.
#if defined(__SSE4_1__)
namespace hl7flow::simd::inline sse4_1 {
#else
namespace hl7flow::simd::inline plain {
#endif

struct alignas(64) RecentLine {
  static constexpr std::size_t slots = 10;

  std::array<std::uint32_t, slots> numbers{};
  std::array<std::uint16_t, slots> tags{};
  std::uint32_t passed_at = 0;  // the last entry that found no room here
};
static_assert(sizeof(RecentLine) == 64);

/// A bit for each slot that has the tag.
inline std::uint32_t slots_with(const RecentLine& line, std::uint16_t tag) noexcept {
#if defined(__SSE4_1__)
  __m128i const wanted = _mm_set1_epi16(static_cast<short>(tag));
  auto const equal = [&](std::size_t first) {
    return _mm_cmpeq_epi16(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(line.tags.data() + first)), wanted);
  };
  // Slots 0 to 7, and 2 to 9.
  auto const mask =
      static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(equal(0), equal(2))));
  return (mask & 0xffu) | (mask >> 6 & 0x300u);
#else
  std::uint32_t mask = 0;
  for (std::uint32_t k = 0; k < RecentLine::slots; ++k)
    mask |= static_cast<std::uint32_t>(line.tags[k] == tag) << k;
  return mask;
#endif
}

/// A bit for each slot whose number is not one of the `window` before `now`.
inline std::uint32_t slots_without(const RecentLine& line, std::uint32_t now,
                                   std::uint32_t window) noexcept {
#if defined(__SSE4_1__)
  __m128i const newest = _mm_set1_epi32(static_cast<int>(now - 1));
  __m128i const most = _mm_set1_epi32(static_cast<int>(window - 1));
  auto const alive = [&](std::size_t first) {
    __m128i const back = _mm_sub_epi32(
        newest, _mm_loadu_si128(reinterpret_cast<const __m128i*>(line.numbers.data() + first)));
    return _mm_cmpeq_epi32(_mm_min_epu32(back, most), back);
  };
  // Slots 0 to 7, and 6 to 9 twice.
  __m128i const last = alive(6);
  auto const mask = static_cast<std::uint32_t>(_mm_movemask_epi8(
      _mm_packs_epi16(_mm_packs_epi32(alive(0), alive(4)), _mm_packs_epi32(last, last))));
  return ~((mask & 0xffu) | (mask >> 2 & 0x300u)) & 0x3ffu;
#else
  std::uint32_t mask = 0;
  for (std::uint32_t k = 0; k < RecentLine::slots; ++k)
    mask |= static_cast<std::uint32_t>(now - 1 - line.numbers[k] >= window) << k;
  return mask;
#endif
}

}  // namespace hl7flow::simd::inline sse4_1 or plain
