#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/linkage/comparer.h>

namespace hl7flow::linkage {

/// What shows of most values that differ that they have nothing in common, without their texts.
/// Says so only where Comparer does.
struct ValueForm {
  std::uint64_t bag = 0;    // a bit for each character that is there, more where it is repeated
  std::uint32_t head = 0;   // the first four bytes; of a date eight digits, four bits each
  std::uint8_t size = 0;    // at most 64: what follows is not compared
  std::uint8_t beyond = 0;  // characters that have no bit in the bag
  std::uint16_t mark = 0;   // of a given name its nickname_group(); of a postcode its area
};
static_assert(sizeof(ValueForm) == 16);

ValueForm form_of(Role role, std::string_view text);

/// Characters that both have, or more.
inline std::uint32_t common_most(const ValueForm& a, const ValueForm& b) noexcept {
  return static_cast<std::uint32_t>(std::popcount(a.bag & b.bag)) + std::min(a.beyond, b.beyond);
}

/// Whether Jaro's similarity is below `thousandths` / 3000 + 1 / 3, where no characters are
/// swapped.
inline bool is_jaro_below(const ValueForm& a, const ValueForm& b,
                          std::uint32_t thousandths) noexcept {
  return 1000 * common_most(a, b) * (std::uint32_t{a.size} + b.size) <
         thousandths * a.size * b.size;
}

/// Jaro-Winkler below .7.
inline bool are_different_names(const ValueForm& a, const ValueForm& b) noexcept {
  return is_jaro_below(a, b, 1100);
}

/// Jaro-Winkler below .8, which a common beginning makes easier to reach.
inline bool are_different_texts(const ValueForm& a, const ValueForm& b) noexcept {
  // What Jaro's must be: .8, .7 / .9, .6 / .8, .5 / .7, and over .7.
  constexpr std::uint32_t least[] = {1399, 1332, 1249, 1141, 1099};
  auto const common = static_cast<std::uint32_t>(std::countr_zero(a.head ^ b.head)) / 8;
  return is_jaro_below(a, b, least[common]);
}

/// More than so many edits: one changes the counts of two characters at most.
inline bool has_more_edits(const ValueForm& a, const ValueForm& b, int edits) noexcept {
  return std::popcount(a.bag ^ b.bag) > 2 * edits;
}

inline bool are_different_given_names(const ValueForm& a, const ValueForm& b) noexcept {
  return are_different_names(a, b) && (a.mark == 0 || a.mark != b.mark);
}

inline bool are_different_numbers(const ValueForm& a, const ValueForm& b) noexcept {
  return has_more_edits(a, b, 2);
}

inline constexpr std::uint16_t unknown_area = 0xffff;

inline bool are_different_postcodes(const ValueForm& a, const ValueForm& b) noexcept {
  bool const area = a.mark == b.mark && a.mark != 0;
  return has_more_edits(a, b, 2) && !area && a.mark != unknown_area && b.mark != unknown_area;
}

/// No two parts agree, and more than three edits; more than two where no part does.
inline bool are_different_dates(const ValueForm& a, const ValueForm& b) noexcept {
  std::uint32_t const differ = a.head ^ b.head;
  int const parts = (differ >> 16 == 0 ? 1 : 0) + ((differ & 0xff00u) == 0 ? 1 : 0) +
                    ((differ & 0xffu) == 0 ? 1 : 0);
  bool const are_whole = a.size == 8 && b.size == 8;
  return are_whole && parts < 2 && has_more_edits(a, b, 2 + parts);
}

}  // namespace hl7flow::linkage
