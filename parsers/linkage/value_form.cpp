#include <hl7flow/parsers/linkage/value_form.h>

#include <array>

#include <hl7flow/parsers/linkage/nicknames.h>

namespace hl7flow::linkage {

namespace {

constexpr std::size_t size_max = 64;  // of similarity.h

/// Where the bits of a character are, and how often it may be there to have one each time.
struct Bits {
  std::uint8_t first = 0, count = 0;
};
using BitsOfCharacters = std::array<Bits, 256>;

/// Letters twice, digits and the rest once, some sharing a bit.
constexpr BitsOfCharacters bits_in_words() {
  BitsOfCharacters all{};
  for (unsigned c = 0; c < 256; ++c) {
    all[c] = {static_cast<std::uint8_t>(52 + c % 12), 1};
    if (c >= 'a' && c <= 'z') all[c] = {static_cast<std::uint8_t>(2 * (c - 'a')), 2};
  }
  return all;
}

/// Digits three times.
constexpr BitsOfCharacters bits_in_numbers() {
  BitsOfCharacters all{};
  for (unsigned c = 0; c < 256; ++c) {
    all[c] = {static_cast<std::uint8_t>(30 + c % 2), 1};
    if (c >= '0' && c <= '9') all[c] = {static_cast<std::uint8_t>(3 * (c - '0')), 3};
  }
  return all;
}

struct Bag {
  std::uint64_t bits = 0;
  std::uint8_t beyond = 0;
};

Bag bag_of(std::string_view text, const BitsOfCharacters& bits_of) {
  Bag bag;
  for (char const c : text) {
    Bits const bits = bits_of[static_cast<unsigned char>(c)];
    // The next one of the character's bits.
    std::uint64_t const all = ((std::uint64_t{1} << bits.count) - 1) << bits.first;
    std::uint64_t const free = all & ~bag.bits;
    bag.bits |= free & (0 - free);
    bag.beyond = static_cast<std::uint8_t>(bag.beyond + (free == 0 ? 1 : 0));
  }
  return bag;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::uint16_t hash_of(std::string_view text) {
  std::uint32_t hash = 0x811c9dc5u;
  for (char const c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193u;
  return static_cast<std::uint16_t>((hash ^ hash >> 16) % (unknown_area - 1) + 1);
}

/// The same of two postcodes that have the same area or the same outward code; 0 if it has neither.
std::uint16_t area_of(std::string_view postcode) {
  auto const digit = std::find_if(postcode.begin(), postcode.end(), is_digit);
  auto const area = static_cast<std::size_t>(digit - postcode.begin());
  std::size_t const blank = postcode.find(' ');
  if (blank < area) return unknown_area;  // another may have the one and not the other
  if (area > 0) return hash_of(postcode.substr(0, area));
  return blank == std::string_view::npos ? std::uint16_t{0} : hash_of(postcode.substr(0, blank));
}

}  // namespace

bool is_of_digits(Role role) noexcept {
  return role == Role::birth_date || role == Role::house_number || role == Role::postcode ||
         role == Role::phone || role == Role::identifier;
}

WordForm word_form(Role role, std::string_view text) {
  static constexpr BitsOfCharacters bits_of = bits_in_words();
  std::string_view const compared = text.substr(0, size_max);
  Bag const bag = bag_of(compared, bits_of);
  WordForm form;
  form.bag = bag.bits;
  form.beyond = bag.beyond;
  form.size = static_cast<std::uint8_t>(compared.size());
  for (std::size_t k = 0; k < std::min<std::size_t>(compared.size(), 4); ++k)
    form.head |= std::uint32_t{static_cast<unsigned char>(compared[k])} << 8 * k;
  if (role == Role::given_name) form.nickname = nickname_group(text.substr(0, text.find(' ')));
  return form;
}

NumberForm number_form(Role role, std::string_view text) {
  static constexpr BitsOfCharacters bits_of = bits_in_numbers();
  std::string_view const compared = text.substr(0, size_max);
  NumberForm form;
  form.bag = static_cast<std::uint32_t>(bag_of(compared, bits_of).bits);
  form.size = static_cast<std::uint8_t>(compared.size());
  form.is_digits = text.size() <= 15 && std::all_of(text.begin(), text.end(), is_digit);
  for (std::size_t k = 0; k < text.size() && form.is_digits; ++k)
    form.digits |= static_cast<std::uint64_t>(text[k] - '0') << 4 * k;
  if (role == Role::postcode) form.area = area_of(text);
  return form;
}

}  // namespace hl7flow::linkage
