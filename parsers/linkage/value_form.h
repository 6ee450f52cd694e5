#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/linkage/comparer.h>
#include <hl7flow/parsers/linkage/digit_edits.h>

namespace hl7flow::linkage {

/// What shows of most words that differ that they are not alike, without their texts. Says so only
/// where Comparer does.
struct WordForm {
  std::uint64_t bag = 0;       // a bit for each character that is there, two for a letter that is
                               // there twice
  std::uint32_t head = 0;      // the first four bytes
  std::uint8_t size = 0;       // at most 64: what follows is not compared
  std::uint8_t beyond = 0;     // characters that have no bit in the bag
  std::uint16_t nickname = 0;  // nickname_group(), of a given name
};
static_assert(sizeof(WordForm) == 16);

/// The same of dates, postcodes and other numbers, and their digits if there is nothing else.
struct NumberForm {
  std::uint64_t digits = 0;  // as Digits has them
  std::uint32_t bag = 0;     // a bit for each digit that is there, up to three
  std::uint16_t area = 0;    // of a postcode
  std::uint8_t size = 0;     // at most 64
  bool is_digits = false;
};
static_assert(sizeof(NumberForm) == 16);

bool is_of_digits(Role role) noexcept;
WordForm word_form(Role role, std::string_view text);
NumberForm number_form(Role role, std::string_view text);

/// Whether Jaro's similarity is below `thousandths` / 3000 + 1 / 3, however the characters that
/// both have stand.
inline bool is_jaro_below(const WordForm& a, const WordForm& b,
                          std::uint32_t thousandths) noexcept {
  std::uint32_t const common =
      static_cast<std::uint32_t>(std::popcount(a.bag & b.bag)) + std::min(a.beyond, b.beyond);
  return 1000 * common * (std::uint32_t{a.size} + b.size) < thousandths * a.size * b.size;
}

/// Jaro-Winkler below .7.
inline bool are_different_names(const WordForm& a, const WordForm& b) noexcept {
  return is_jaro_below(a, b, 1100);
}

inline bool are_different_given_names(const WordForm& a, const WordForm& b) noexcept {
  return are_different_names(a, b) && (a.nickname == 0 || a.nickname != b.nickname);
}

/// Jaro-Winkler below .8, which a common beginning makes easier to reach.
inline bool are_different_texts(const WordForm& a, const WordForm& b) noexcept {
  // What Jaro's must be: .8, .7 / .9, .6 / .8, .5 / .7, and over .7.
  constexpr std::uint32_t least[] = {1399, 1332, 1249, 1141, 1099};
  auto const common = static_cast<std::uint32_t>(std::countr_zero(a.head ^ b.head)) / 8;
  return is_jaro_below(a, b, least[common]);
}

/// More than so many edits: one changes the counts of two characters at most.
inline bool has_more_edits(const NumberForm& a, const NumberForm& b, int edits) noexcept {
  return std::popcount(a.bag ^ b.bag) > 2 * edits;
}

inline bool are_different_numbers(const NumberForm& a, const NumberForm& b) noexcept {
  return has_more_edits(a, b, 2);
}

inline constexpr std::uint16_t unknown_area = 0xffff;

inline bool are_different_postcodes(const NumberForm& a, const NumberForm& b) noexcept {
  bool const area = a.area == b.area && a.area != 0;
  return has_more_edits(a, b, 2) && !area && a.area != unknown_area && b.area != unknown_area;
}

/// How many of year, month and day agree, of dates that have them.
inline int same_parts(const NumberForm& a, const NumberForm& b) noexcept {
  auto const differ = static_cast<std::uint32_t>(a.digits ^ b.digits);
  return ((differ & 0xffffu) == 0 ? 1 : 0) + ((differ & 0xff0000u) == 0 ? 1 : 0) +
         (differ >> 24 == 0 ? 1 : 0);
}

inline bool are_days(const NumberForm& a, const NumberForm& b) noexcept {
  return a.is_digits && b.is_digits && a.size == 8 && b.size == 8;
}

/// No two parts agree, and there are more than three edits; more than two where no part agrees.
inline bool are_different_dates(const NumberForm& a, const NumberForm& b) noexcept {
  int const parts = same_parts(a, b);
  return are_days(a, b) && parts < 2 && has_more_edits(a, b, 2 + parts);
}

/// In how many places they differ.
inline int differing_digits(const NumberForm& a, const NumberForm& b) noexcept {
  return std::popcount(differing_places(a.digits, b.digits));
}

inline std::uint32_t edits(const NumberForm& a, const NumberForm& b) noexcept {
  return digit_edits({a.digits, a.size}, {b.digits, b.size});
}

}  // namespace hl7flow::linkage
