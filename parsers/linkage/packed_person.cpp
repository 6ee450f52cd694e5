#include <hl7flow/parsers/linkage/packed_person.h>

#include <algorithm>
#include <cstring>
#include <string>

#include <hl7flow/parsers/linkage/name_suffix.h>
#include <hl7flow/parsers/linkage/nicknames.h>

namespace hl7flow::linkage {

namespace {

std::uint64_t mixed(std::uint64_t x) noexcept {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/// FNV-1a, finished: the texts are short. Never 0 but for the empty text.
std::uint64_t hash_of(std::string_view text) noexcept {
  if (text.empty()) return 0;
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (char const c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return mixed(hash) | 1;
}
std::uint32_t short_hash_of(std::string_view text) noexcept {
  return static_cast<std::uint32_t>(hash_of(text));
}

std::uint8_t put(std::string_view text, simd::ShortName& name) noexcept {
  std::size_t const size = std::min(text.size(), simd::ShortName::size_max);
  std::copy_n(text.begin(), size, name.text.begin());
  return static_cast<std::uint8_t>(size);
}

bool is_number(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Digits, four bits each, the last one lowest.
std::uint64_t digits_of(std::string_view text) noexcept {
  std::uint64_t digits = 0;
  for (char const c : text) digits = digits << 4 | static_cast<std::uint64_t>(c - '0');
  return digits;
}

std::uint64_t digits_or_hash(std::string_view text) noexcept {
  // The top bit tells a hash from digits.
  if (is_number(text) && text.size() < 16) return digits_of(text);
  return hash_of(text) | std::uint64_t{1} << 63;
}

std::uint32_t date_of(std::string_view text) noexcept {
  if (!is_number(text) || text.size() > 8) return 0;
  return static_cast<std::uint32_t>(digits_of(text) << 4 * (8 - text.size()));
}

/// "baby boy", "babygirl smith", "bb", "newborn", "infant male", "boy of maria".
bool names_newborn(std::string_view given) noexcept {
  for (std::string_view const begin : {"baby", "babyboy", "babygirl", "newborn", "infant", "bb",
                                       "bg", "nb", "boy", "girl", "twin"})
    if (given == begin ||
        (given.size() > begin.size() && given.starts_with(begin) &&
         (given[begin.size()] == ' ' || begin == "babyboy" || begin == "babygirl")))
      return true;
  return false;
}

void put_address(std::string_view line, PackedPerson& person) {
  // The first word that is a number, of which a letter may follow: "12b".
  std::size_t begin = 0, end = 0;
  for (std::size_t k = 0; k < line.size() && end == 0; ++k)
    if (line[k] >= '0' && line[k] <= '9' && (k == 0 || line[k - 1] == ' ')) {
      begin = k;
      end = std::min(line.find(' ', k), line.size());
    }
  std::string street(line.substr(0, begin));
  if (end < line.size() || end == 0)
    street += line.substr(end == 0 ? begin : std::min(end + 1, line.size()));
  while (!street.empty() && street.back() == ' ') street.pop_back();
  person.house_number = short_hash_of(line.substr(begin, end - begin));
  person.street_size = put(street, person.street);
  person.street_hash = short_hash_of(street);
}

/// The sound of a name of which only a beginning is known: its Soundex code, in small.
std::uint32_t sound_of(const simd::ShortName& name, std::uint32_t size) noexcept {
  constexpr std::string_view codes = "01230120022455012623010202";
  std::uint32_t sound = 0, count = 0;
  char last = 0;
  for (std::uint32_t k = 0; k < size && count < 4; ++k) {
    char const c = name.text[k];
    if (c < 'a' || c > 'z') continue;
    char const code = codes[static_cast<std::size_t>(c - 'a')];
    if (count == 0) {
      sound = static_cast<unsigned char>(c);
      ++count;
    } else if (code != '0' && code != last) {
      sound = sound * 8 + static_cast<std::uint32_t>(code - '0');
      ++count;
    }
    if (c != 'h' && c != 'w') last = code;
  }
  return sound == 0 ? 0 : sound << 4 | count;
}

}  // namespace

PackedPerson pack(const PersonTexts& texts) {
  PackedPerson person;
  std::string const suffix = normal_value(Role::state, texts.suffix);
  person.suffix = generation_of(suffix);
  std::string const family = normal_value(Role::family_name, texts.family_name);
  std::string_view const surname = without_suffix(family, person.suffix);
  person.family_size = put(surname, person.family);
  person.family_hash = short_hash_of(surname);
  // Not a normal form: "baby boy" is a missing value.
  person.is_newborn = names_newborn(plain_words(texts.given_name)) ? 1 : 0;
  std::string const called =
      person.is_newborn != 0 ? std::string() : normal_value(Role::given_name, texts.given_name);
  std::string_view const given = without_suffix(called, person.suffix);
  person.given_size = put(given, person.given);
  person.given_hash = short_hash_of(given);
  person.nickname = nickname_group(given.substr(0, given.find(' ')));
  person.birth_date = date_of(normal_value(Role::birth_date, texts.birth_date));
  std::string const sex = normal_value(Role::sex, texts.sex);
  person.sex = sex.empty() || sex == "u" ? '\0' : sex.front();
  put_address(normal_value(Role::address_line_1, texts.address_line), person);
  person.city_hash = short_hash_of(normal_value(Role::city, texts.city));
  std::string postcode = normal_value(Role::postcode, texts.postcode);
  std::erase(postcode, ' ');
  std::memcpy(&person.postcode, postcode.data(), std::min<std::size_t>(postcode.size(), 8));
  person.phone = digits_or_hash(normal_value(Role::phone, texts.phone));
  person.email_hash = short_hash_of(normal_value(Role::email, texts.email));
  person.identifier = digits_or_hash(normal_value(Role::identifier, texts.identifier));
  return person;
}

void take_group(PackedPerson& person, const PackedPerson& from, Group group) noexcept {
  switch (group) {
    case Group::name:
      person.given = from.given;
      person.family = from.family;
      person.given_size = from.given_size;
      person.family_size = from.family_size;
      person.given_hash = from.given_hash;
      person.family_hash = from.family_hash;
      person.nickname = from.nickname;
      person.suffix = from.suffix;
      person.is_newborn = from.is_newborn;
      break;
    case Group::birth_date:
      person.birth_date = from.birth_date;
      break;
    case Group::sex:
      person.sex = from.sex;
      break;
    case Group::address:
      person.street = from.street;
      person.street_size = from.street_size;
      person.street_hash = from.street_hash;
      person.house_number = from.house_number;
      person.city_hash = from.city_hash;
      person.postcode = from.postcode;
      break;
    case Group::phone:
      person.phone = from.phone;
      break;
    case Group::email:
      person.email_hash = from.email_hash;
      break;
    case Group::identifier:
      person.identifier = from.identifier;
      break;
  }
}

BlockKeys block_keys(const PackedPerson& person) noexcept {
  BlockKeys keys{};
  std::uint64_t kind = 0;
  auto const add = [&](std::uint64_t a, std::uint64_t b, bool is_there) {
    if (is_there) keys[kind] = mixed(mixed(a + (kind + 1) * 0x9e3779b97f4a7c15u) ^ b) | 1;
    ++kind;
  };
  std::uint64_t const given_sound = sound_of(person.given, person.given_size);
  std::uint64_t const family_sound = sound_of(person.family, person.family_size);
  std::uint64_t const month = person.birth_date >> 8;
  bool const has_day = (person.birth_date & 0xff) != 0;
  // Either name first: they are swapped now and then.
  std::uint64_t const both = std::uint64_t{std::min(person.given_hash, person.family_hash)} << 32 |
                             std::max(person.given_hash, person.family_hash);
  bool const has_both = person.given_hash != 0 && person.family_hash != 0;
  add(family_sound << 32 | static_cast<unsigned char>(person.given.text[0]), month,
      family_sound != 0 && person.birth_date != 0);
  add(given_sound, person.birth_date, given_sound != 0 && has_day);
  add(family_sound, person.birth_date, family_sound != 0 && has_day);
  add(both, person.birth_date >> 16, has_both && person.birth_date != 0);
  add(person.identifier, 0, person.identifier != 0);
  add(person.phone, 0, person.phone != 0);
  add(std::uint64_t{person.house_number} << 32 | (person.postcode != 0 ? 0 : person.city_hash),
      person.postcode != 0 ? person.postcode : person.street_hash,
      person.house_number != 0 && (person.postcode != 0 || person.street_hash != 0));
  add(person.email_hash, 0, person.email_hash != 0);
  add(both, person.postcode, has_both && person.postcode != 0);
  return keys;
}

}  // namespace hl7flow::linkage
