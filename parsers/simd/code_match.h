#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

// Keys of short codes and the lines of four in which a code store keeps them
// (parsers/codes/store_format.h), with the instructions of the build's base, as in short_match.h.
#if defined(__SSE4_1__)
namespace hl7flow::simd::inline sse4_1 {
#else
namespace hl7flow::simd::inline plain {
#endif

/// Twelve bytes: up to eleven of a code, zeros, and the code's size.
struct ShortKey {
  std::uint64_t low;
  std::uint32_t high;
};

/// The key of a code of at most eleven bytes. Reads sixteen bytes from its start.
inline ShortKey short_key(const char* text, std::size_t size) noexcept {
#if defined(__SSE4_1__)
  alignas(16) static constexpr unsigned char ones_then_zeros[32] = {
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  __m128i const mask =
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(ones_then_zeros + 16 - size));
  __m128i const bytes =
      _mm_and_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text)), mask);
  return {static_cast<std::uint64_t>(_mm_extract_epi64(bytes, 0)),
          static_cast<std::uint32_t>(_mm_extract_epi32(bytes, 2)) | static_cast<std::uint32_t>(size)
                                                                        << 24};
#else
  char bytes[12] = {};
  std::memcpy(bytes, text, size);
  bytes[11] = static_cast<char>(size);
  ShortKey key;
  std::memcpy(&key.low, bytes, 8);
  std::memcpy(&key.high, bytes + 8, 4);
  return key;
#endif
}

/// Which of the four slots of 16 bytes at `line` begins with the key: 0 to 3, or 4 for none.
inline std::size_t match_line(const void* line, ShortKey key) noexcept {
#if defined(__SSE4_1__)
  const __m128i* const slots = static_cast<const __m128i*>(line);
  __m128i const wanted =
      _mm_set_epi64x(static_cast<long long>(key.high), static_cast<long long>(key.low));
  auto const equal = [&](int k) { return _mm_cmpeq_epi32(_mm_loadu_si128(slots + k), wanted); };
  // A bit for each four bytes; those of a slot's number (bits 3, 7, 11, 15) do not count.
  auto const mask = static_cast<std::uint32_t>(_mm_movemask_epi8(
      _mm_packs_epi16(_mm_packs_epi32(equal(0), equal(1)), _mm_packs_epi32(equal(2), equal(3)))));
  std::uint32_t const hit = mask & mask >> 1 & mask >> 2 & 0x1111u;
  return static_cast<std::size_t>(__builtin_ctz(hit | 1u << 16)) / 4;
#else
  const char* const slots = static_cast<const char*>(line);
  for (std::size_t k = 0; k < 4; ++k)
    if (std::memcmp(slots + 16 * k, &key.low, 8) == 0 &&
        std::memcmp(slots + 16 * k + 8, &key.high, 4) == 0)
      return k;
  return 4;
#endif
}

}  // namespace hl7flow::simd::inline sse4_1 or plain
