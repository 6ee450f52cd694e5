#include <hl7flow/parsers/codes/check_digits.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace hl7flow::codes {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}
unsigned value(char digit) { return static_cast<unsigned>(digit - '0'); }

/// Luhn's sum of digits, of which the last is doubled first.
unsigned luhn_sum(std::string_view digits) {
  unsigned sum = 0;
  bool doubled = true;
  for (std::size_t k = digits.size(); k-- > 0; doubled = !doubled) {
    unsigned const twice = value(digits[k]) * 2;
    sum += !doubled ? value(digits[k]) : twice > 9 ? twice - 9 : twice;
  }
  return sum;
}

constexpr std::array<std::string_view, 14> issued_with_wrong_digit = {
    "11491-6", "11501-6", "5895-7", "5896-5", "5897-3", "5928-1", "6028-3",
    "6415-5",  "6580-7",  "6645-7", "6646-5", "6647-3", "6648-1", "6649-9"};

// The dihedral group of order ten, and Verhoeff's permutation of it.
constexpr std::uint8_t product[10][10] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
    {3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
    {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
    {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
constexpr std::uint8_t permutation[8][10] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
    {8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
    {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};

}  // namespace

bool has_loinc_check_digit(std::string_view code) noexcept {
  if (code.size() < 3 || code.size() > 8) return false;
  std::string_view const number = code.substr(0, code.size() - 2);
  char const digit = code.back();
  if (code[code.size() - 2] != '-' || !is_digit(digit) || !all_digits(number)) return false;
  if ((luhn_sum(number) + value(digit)) % 10 == 0) return true;
  return std::find(issued_with_wrong_digit.begin(), issued_with_wrong_digit.end(), code) !=
         issued_with_wrong_digit.end();
}

bool has_verhoeff_check_digit(std::string_view digits) noexcept {
  if (digits.size() < 6 || digits.size() > 18 || !all_digits(digits) || digits[0] == '0')
    return false;
  std::uint8_t check = 0;
  for (std::size_t k = 0; k < digits.size(); ++k)
    check = product[check][permutation[k % 8][value(digits[digits.size() - 1 - k])]];
  return check == 0;
}

bool has_npi_check_digit(std::string_view digits) noexcept {
  if (digits.size() != 10 || !all_digits(digits)) return false;
  constexpr unsigned sum_of_80840 = 24;
  return (sum_of_80840 + luhn_sum(digits.substr(0, 9)) + value(digits[9])) % 10 == 0;
}

}  // namespace hl7flow::codes
