#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

// The line of twelve slots of a RecentIndex (parsers/dedup/recent_index.h), with the instructions
// of the build's base, as in short_match.h.
#if defined(__SSE4_1__)
namespace hl7flow::simd::inline sse4_1 {
#else
namespace hl7flow::simd::inline plain {
#endif

struct alignas(64) RecentLine {
  static constexpr std::size_t slots = 12;

  std::array<std::uint32_t, slots> words{};  // a group's number, and bits of a hash below it
  std::array<std::uint8_t, slots> tags{};    // more of the hash
  std::uint32_t state = 0;                   // see RecentIndex; read with the tags
};
static_assert(sizeof(RecentLine) == 64);

/// Which groups are alive, by the words that have their numbers in the high bits.
struct RecentSpan {
  std::uint32_t now;    // the newest group's number, and ones below it
  std::uint32_t most;   // how far back others may be, and ones below it
  std::uint32_t below;  // these ones

  // Without a borrow from what stands below, and numbers begin again at 0 by themselves.
  bool is_alive(std::uint32_t word) const noexcept { return now - word <= most; }
};

/// A bit for each slot that has the tag.
inline std::uint32_t slots_with(const RecentLine& line, std::uint8_t tag) noexcept {
#if defined(__SSE4_1__)
  __m128i const tags = _mm_load_si128(reinterpret_cast<const __m128i*>(line.tags.data()));
  __m128i const equal = _mm_cmpeq_epi8(tags, _mm_set1_epi8(static_cast<char>(tag)));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(equal)) & 0xfffu;
#else
  std::uint32_t mask = 0;
  for (std::uint32_t k = 0; k < RecentLine::slots; ++k)
    mask |= static_cast<std::uint32_t>(line.tags[k] == tag) << k;
  return mask;
#endif
}

/// A bit for each slot whose group is dead.
inline std::uint32_t slots_without(const RecentLine& line, const RecentSpan& span) noexcept {
#if defined(__SSE4_1__)
  __m128i const now = _mm_set1_epi32(static_cast<int>(span.now));
  __m128i const most = _mm_set1_epi32(static_cast<int>(span.most));
  auto const alive = [&](std::size_t first) {
    __m128i const words =
        _mm_load_si128(reinterpret_cast<const __m128i*>(line.words.data() + first));
    __m128i const back = _mm_sub_epi32(now, words);
    return _mm_cmpeq_epi32(_mm_min_epu32(back, most), back);
  };
  // Slots 0 to 7, and 8 to 11 twice.
  __m128i const last = alive(8);
  __m128i const all =
      _mm_packs_epi16(_mm_packs_epi32(alive(0), alive(4)), _mm_packs_epi32(last, last));
  return ~static_cast<std::uint32_t>(_mm_movemask_epi8(all)) & 0xfffu;
#else
  std::uint32_t mask = 0;
  for (std::uint32_t k = 0; k < RecentLine::slots; ++k)
    mask |= static_cast<std::uint32_t>(!span.is_alive(line.words[k])) << k;
  return mask;
#endif
}

/// Slots whose groups are dead become of the one that died last.
inline void renew_dead(RecentLine& line, const RecentSpan& span) noexcept {
  for (std::uint32_t& word : line.words)
    word = span.is_alive(word) ? word : span.now - 1 - span.most;
}

}  // namespace hl7flow::simd::inline sse4_1 or plain
