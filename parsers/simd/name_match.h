#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

// How alike two names of at most 16 bytes are, with the instructions of the build's base, as in
// short_match.h.
#if defined(__SSE4_1__)
namespace hl7flow::simd::inline sse4_1 {
#else
namespace hl7flow::simd::inline plain {
#endif

/// A name's first bytes; the others are NUL, which no name holds.
struct ShortName {
  static constexpr std::size_t size_max = 16;
  std::array<char, size_max> text{};
  friend bool operator==(const ShortName&, const ShortName&) = default;
};

/// A bit for each byte of the name that is this one.
inline std::uint32_t places_of(const ShortName& name, char wanted) noexcept {
#if defined(__SSE4_1__)
  __m128i const bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(name.text.data()));
  return static_cast<std::uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted))));
#else
  std::uint32_t mask = 0;
  for (std::uint32_t k = 0; k < ShortName::size_max; ++k)
    mask |= static_cast<std::uint32_t>(name.text[k] == wanted) << k;
  return mask;
#endif
}

/// Winkler's similarity as linkage::jaro_winkler() has it, of sizes from 1 to 16.
inline double short_jaro_winkler(const ShortName& a, std::uint32_t size_a, const ShortName& b,
                                 std::uint32_t size_b) noexcept {
  std::uint32_t const longer = std::max(size_a, size_b);
  std::uint32_t const reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
  std::uint32_t const whole_b = (1u << size_b) - 1;
  std::uint32_t taken_a = 0, taken_b = 0;
  std::uint32_t window = (1u << (reach + 1)) - 1;  // of places in b that are near enough
  for (std::uint32_t i = 0; i < size_a; ++i) {
    std::uint32_t const free = places_of(b, a.text[i]) & whole_b & window & ~taken_b;
    std::uint32_t const first = free & (0u - free);
    taken_b |= first;
    taken_a |= static_cast<std::uint32_t>(first != 0) << i;
    window = window << 1 | static_cast<std::uint32_t>(i < reach);
  }
  auto const count = static_cast<std::uint32_t>(std::popcount(taken_a));
  if (count == 0) return 0;
  std::uint32_t transposed = 0;
  for (std::uint32_t x = taken_a, y = taken_b; x != 0; x &= x - 1, y &= y - 1)
    transposed +=
        static_cast<std::uint32_t>(a.text[static_cast<std::size_t>(std::countr_zero(x))] !=
                                   b.text[static_cast<std::size_t>(std::countr_zero(y))]);
  double const m = count;
  double const jaro = (m / size_a + m / size_b + (m - static_cast<double>(transposed) / 2) / m) / 3;
  if (jaro <= 0.7) return jaro;
  std::uint32_t common = 0;
  while (common < 4 && common < size_a && common < size_b && a.text[common] == b.text[common])
    ++common;
  return jaro + common * 0.1 * (1 - jaro);
}

}  // namespace hl7flow::simd::inline sse4_1 or plain
