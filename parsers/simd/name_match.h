#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

// How alike two texts of at most 64 bytes are, with the instructions of the build's base, as in
// short_match.h: a step compares a character of one with all of the other.
#if defined(__SSE4_1__)
namespace hl7flow::simd::inline sse4_1 {
#else
namespace hl7flow::simd::inline plain {
#endif

/// A text's first bytes; the others are NUL.
template <std::size_t room>
struct PaddedText {
  static_assert(room == 16 || room == 32 || room == 64);
  static constexpr std::size_t size_max = room;
  /// A bit for each place.
  using Places = std::conditional_t<room == 64, std::uint64_t, std::uint32_t>;
  std::array<char, room> text{};
  friend bool operator==(const PaddedText&, const PaddedText&) = default;
};
using ShortName = PaddedText<16>;

/// Of at most `room` bytes.
template <std::size_t room>
PaddedText<room> padded(std::string_view text) noexcept {
  PaddedText<room> made;
  std::size_t const size = text.size();
  char* const out = made.text.data();
  // Two pieces of a fixed size that may overlap: a copy of any size is a call.
  auto const both_ends = [&](auto piece) {
    std::memcpy(&piece, text.data() + size - sizeof piece, sizeof piece);
    std::memcpy(out + size - sizeof piece, &piece, sizeof piece);
    std::memcpy(&piece, text.data(), sizeof piece);
    std::memcpy(out, &piece, sizeof piece);
  };
  if constexpr (room > 16) {
    if (size > 16) {
      std::memcpy(out, text.data(), size);
      return made;
    }
  }
  if (size >= 8)
    both_ends(std::uint64_t{});
  else if (size >= 4)
    both_ends(std::uint32_t{});
  else
    for (std::size_t k = 0; k < size; ++k) out[k] = text[k];
  return made;
}

/// A bit for each byte of the text that is this one.
template <std::size_t room>
typename PaddedText<room>::Places places_of(const PaddedText<room>& text, char wanted) noexcept {
  using Places = typename PaddedText<room>::Places;
  Places mask = 0;
#if defined(__SSE4_1__)
  __m128i const all_wanted = _mm_set1_epi8(wanted);
  for (std::size_t k = 0; k < room; k += 16) {
    __m128i const bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.text.data() + k));
    mask |= static_cast<Places>(
                static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, all_wanted))))
            << k;
  }
#else
  for (std::size_t k = 0; k < room; ++k)
    mask |= static_cast<Places>(text.text[k] == wanted ? 1 : 0) << k;
#endif
  return mask;
}

/// Winkler's similarity as linkage::jaro_winkler() has it, of sizes from 1 to `room`.
template <std::size_t room>
double short_jaro_winkler(const PaddedText<room>& a, std::uint32_t size_a,
                          const PaddedText<room>& b, std::uint32_t size_b) noexcept {
  using Places = typename PaddedText<room>::Places;
  constexpr Places one = 1;
  std::uint32_t const longer = std::max(size_a, size_b);
  std::uint32_t const reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
  Places const whole_b = static_cast<Places>(~Places{0}) >> (sizeof(Places) * 8 - size_b);
  Places taken_a = 0, taken_b = 0;
  Places window = (one << (reach + 1)) - 1;  // of places in b that are near enough
  for (std::uint32_t i = 0; i < size_a; ++i) {
    Places const free = places_of(b, a.text[i]) & whole_b & window & ~taken_b;
    Places const first = free & (Places{0} - free);
    taken_b |= first;
    taken_a |= static_cast<Places>(first != 0) << i;
    window = window << 1 | static_cast<Places>(i < reach);
  }
  auto const count = static_cast<std::uint32_t>(std::popcount(taken_a));
  if (count == 0) return 0;
  std::uint32_t transposed = 0;
  for (Places x = taken_a, y = taken_b; x != 0; x &= x - 1, y &= y - 1)
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

/// Insertions, deletions, replacements and swaps of neighbours, as linkage::edit_distance() has
/// them, of sizes from 1 to `room` (Hyyrö, "A bit-vector algorithm for computing Levenshtein and
/// Damerau edit distances", 2003): a bit for each place of a says whether the cost grows or falls
/// from there to its neighbour.
template <std::size_t room>
std::uint32_t short_edit_distance(const PaddedText<room>& a, std::uint32_t size_a,
                                  const PaddedText<room>& b, std::uint32_t size_b) noexcept {
  using Places = typename PaddedText<room>::Places;
  Places const last = Places{1} << (size_a - 1);
  Places grows = ~Places{0}, falls = 0, diagonal = 0, equal_before = 0;
  std::uint32_t distance = size_a;
  for (std::uint32_t j = 0; j < size_b; ++j) {
    Places const equal = places_of(a, b.text[j]);
    Places const swapped = (~diagonal & equal) << 1 & equal_before;
    diagonal = (((equal & grows) + grows) ^ grows) | equal | falls | swapped;
    Places up = falls | ~(diagonal | grows), down = diagonal & grows;
    distance += static_cast<std::uint32_t>((up & last) != 0);
    distance -= static_cast<std::uint32_t>((down & last) != 0);
    up = up << 1 | 1;
    down <<= 1;
    grows = down | ~(diagonal | up);
    falls = up & diagonal;
    equal_before = equal;
  }
  return distance;
}

}  // namespace hl7flow::simd::inline sse4_1 or plain
