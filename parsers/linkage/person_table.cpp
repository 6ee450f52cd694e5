#include <hl7flow/parsers/linkage/person_table.h>

#include <algorithm>
#include <array>

#include <hl7flow/parsers/linkage/address_words.h>
#include <hl7flow/parsers/linkage/latin_letters.h>
#include <hl7flow/parsers/linkage/name_suffix.h>

namespace hl7flow::linkage {

namespace {

constexpr std::string_view names[role_count] = {
    "given_name", "family_name", "full_name",   "birth_date", "sex",   "house_number",
    "address_1",  "address_2",   "city",        "postcode",   "state", "phone",
    "email",      "identifier",  "birth_place", "occupation", "suffix"};

struct ColumnName {
  std::string_view text;
  Role role;
};
// Without blanks and underscores.
constexpr ColumnName column_names[] = {{"givenname", Role::given_name},
                                       {"firstname", Role::given_name},
                                       {"forename", Role::given_name},
                                       {"given", Role::given_name},
                                       {"first", Role::given_name},
                                       {"fname", Role::given_name},
                                       {"family", Role::family_name},
                                       {"last", Role::family_name},
                                       {"lname", Role::family_name},
                                       {"surname", Role::family_name},
                                       {"familyname", Role::family_name},
                                       {"lastname", Role::family_name},
                                       {"fullname", Role::full_name},
                                       {"name", Role::full_name},
                                       {"dateofbirth", Role::birth_date},
                                       {"birthdate", Role::birth_date},
                                       {"dob", Role::birth_date},
                                       {"sex", Role::sex},
                                       {"gender", Role::sex},
                                       {"administrativesex", Role::sex},
                                       {"streetnumber", Role::house_number},
                                       {"housenumber", Role::house_number},
                                       {"address1", Role::address_line_1},
                                       {"address", Role::address_line_1},
                                       {"street", Role::address_line_1},
                                       {"address2", Role::address_line_2},
                                       {"city", Role::city},
                                       {"suburb", Role::city},
                                       {"town", Role::city},
                                       {"postcode", Role::postcode},
                                       {"postcodefake", Role::postcode},
                                       {"postalcode", Role::postcode},
                                       {"zip", Role::postcode},
                                       {"zipcode", Role::postcode},
                                       {"state", Role::state},
                                       {"phone", Role::phone},
                                       {"phonenumber", Role::phone},
                                       {"mobile", Role::phone},
                                       {"tel", Role::phone},
                                       {"telephone", Role::phone},
                                       {"homephone", Role::phone},
                                       {"phonehome", Role::phone},
                                       {"cellphone", Role::phone},
                                       {"emailaddress", Role::email},
                                       {"addressline1", Role::address_line_1},
                                       {"addressline2", Role::address_line_2},
                                       {"birthday", Role::birth_date},
                                       {"email", Role::email},
                                       {"socsecid", Role::identifier},
                                       {"ssn", Role::identifier},
                                       {"socialsecuritynumber", Role::identifier},
                                       {"otherdesignation", Role::address_line_2},
                                       {"nationalid", Role::identifier},
                                       {"birthplace", Role::birth_place},
                                       {"placeofbirth", Role::birth_place},
                                       {"occupation", Role::occupation},
                                       {"suffix", Role::suffix},
                                       {"namesuffix", Role::suffix}};

}  // namespace

std::string plain_words(std::string_view text) {
  std::string latin;
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    latin = latin_letters(text);
    text = latin;
  }
  std::string made;
  bool gap = false;
  auto const put = [&](char c) {
    if (gap && !made.empty()) made += ' ';
    gap = false;
    made += c;
  };
  for (char const c : text) {
    bool const is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (c >= 'A' && c <= 'Z')
      put(static_cast<char>(c + 32));
    else if (is_plain || static_cast<unsigned char>(c) >= 0x80)
      put(c);
    else if (c != '\'' && c != '.')
      gap = true;  // "o'brien" and "st." stay one word
  }
  return made;
}

namespace {

std::string digits_of(std::string_view text) {
  std::string made;
  for (char const c : text)
    if (c >= '0' && c <= '9') made += c;
  return made;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_placeholder_name(std::string_view text) {
  return is_one_of(text, {"unknown",   "unk",     "none",      "na",       "n a",      "null",
                          "test",      "patient", "baby",      "babyboy",  "babygirl", "baby boy",
                          "baby girl", "newborn", "infant",    "bb",       "bg",       "john doe",
                          "jane doe",  "doe",     "anonymous", "not known"});
}

/// 1 for "jan", "january" and so on; 0 if it is no month.
int month_named(std::string_view word) {
  constexpr std::string_view months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
  for (int k = 0; k < 12; ++k)
    if (word.size() >= 3 && months[k].starts_with(word)) return k + 1;
  return 0;
}

/// Of a date with its parts apart, such as 10/13/1961, 13.10.1961, 13-Oct-1961 or 1961-10-13: eight
/// digits. With slashes the month comes first, unless it cannot be one. Empty if it is none of
/// these.
std::string date_of_parts(std::string_view text) {
  std::array<std::string, 3> parts;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t const end = std::min(text.find_first_of("/.-, ", begin), text.size());
    if (end > begin) {
      if (count == parts.size()) return {};
      parts[count++] = plain_words(text.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  if (count != parts.size()) return {};
  std::size_t const named = static_cast<std::size_t>(
      std::find_if(parts.begin(), parts.end(), month_named) - parts.begin());
  if (named < parts.size()) parts[named] = std::to_string(month_named(parts[named]));
  std::array<int, 3> numbers{};
  for (std::size_t k = 0; k < parts.size(); ++k) {
    bool const is_number = parts[k].find_first_not_of("0123456789") == std::string::npos;
    if (!is_number || parts[k].empty() || parts[k].size() > 4) return {};
    numbers[k] = std::stoi(parts[k]);
  }
  if (parts[0].size() == 4) {
    std::swap(numbers[0], numbers[2]);  // day, month, year
  } else if (parts[2].size() != 4) {
    return {};
  } else if (named != 1) {
    bool const is_month_first = named == 0 || text.find('/') != std::string_view::npos;
    if (numbers[1] > 12 || (is_month_first && numbers[0] <= 12)) std::swap(numbers[0], numbers[1]);
  }
  if (numbers[0] < 1 || numbers[0] > 31 || numbers[1] < 1 || numbers[1] > 12) return {};
  auto const two = [](int number) {
    return std::string(number < 10 ? "0" : "") + std::to_string(number);
  };
  std::string const year = std::to_string(numbers[2]);
  return std::string(4 - year.size(), '0') + year + two(numbers[1]) + two(numbers[0]);
}

std::string normal_date(std::string_view text) {
  std::size_t const time = text.find(':');  // "1961-10-13 00:00:00"
  if (time != std::string_view::npos) text = text.substr(0, text.find_last_of("T ", time));
  std::string digits = date_of_parts(text);
  if (digits.empty()) digits = digits_of(text.substr(0, text.find('T')));
  if (digits.size() < 4) return {};
  // Days that nobody was born on, or that a system sets where it knows none.
  if (is_one_of(digits, {"19000101", "18000101", "99991231", "00010101", "11111111", "00000000"}))
    return {};
  return digits.substr(0, 8);
}

/// "#4b" is a flat.
std::string normal_address(std::string_view text) {
  std::string spelled;
  for (char const c : text)
    spelled.append(c == '#' ? std::string_view(" apt ") : std::string_view(&c, 1));
  return address_words(plain_words(spelled));
}

/// ZIP+4 is a finer ZIP.
std::string normal_postcode(std::string_view text) {
  std::string made = plain_words(text);
  std::string const digits = digits_of(made);
  bool const is_zip4 =
      digits.size() == 9 && (made.size() == 9 || (made.size() == 10 && made[5] == ' '));
  return is_zip4 ? digits.substr(0, 5) : made;
}

/// The last ten digits: the rest is how a country is called. An extension is no part of a number.
std::string normal_phone(std::string_view text) {
  std::size_t const extension = text.find_first_of("xXeE");
  if (extension != std::string_view::npos && digits_of(text.substr(0, extension)).size() >= 7)
    text = text.substr(0, extension);
  std::string const digits = digits_of(text);
  bool const says_nothing =
      digits.size() < 5 || digits.find_first_not_of(digits.front()) == std::string::npos;
  return says_nothing ? std::string()
                      : digits.substr(digits.size() - std::min<std::size_t>(digits.size(), 10));
}

std::string normal_identifier(std::string_view text) {
  std::string made;
  for (char const c : plain_words(text))
    if (c != ' ') made += c;
  bool const one_digit = !made.empty() && made.find_first_not_of(made.front()) == std::string::npos;
  if (one_digit || is_one_of(made, {"123456789", "987654321", "078051120", "219099999"})) return {};
  return made;
}

}  // namespace

std::string_view name(Role role) noexcept { return names[static_cast<std::size_t>(role)]; }

std::vector<std::string> role_names() { return {std::begin(names), std::end(names)}; }

std::optional<Role> role_named(std::string_view name) noexcept {
  auto const found = std::find(std::begin(names), std::end(names), name);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<Role>(found - std::begin(names));
}

std::optional<Role> role_of_column(std::string_view column) {
  std::string plain;
  for (char const c : column)
    if (c != ' ' && c != '_' && c != '-')
      plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (ColumnName const& known : column_names)
    if (known.text == plain) return known.role;
  return std::nullopt;
}

namespace {

std::string brought_nearer(Role role, std::string_view text) {
  switch (role) {
    case Role::birth_date:
      return normal_date(text);
    case Role::identifier:
      return normal_identifier(text);
    case Role::phone:
      return normal_phone(text);
    case Role::postcode:
      return normal_postcode(text);
    case Role::address_line_1:
    case Role::address_line_2: {
      std::string made = normal_address(text);
      return is_placeholder_name(made) ? std::string() : made;
    }
    case Role::city: {
      std::string made = city_words(plain_words(text));
      return is_placeholder_name(made) ? std::string() : made;
    }
    case Role::suffix: {
      constexpr std::string_view generations[] = {"", "sr", "jr", "iii", "iv"};
      return std::string(generations[generation_of(plain_words(text))]);
    }
    case Role::email: {
      std::string made;
      for (char const c : text)
        if (c != ' ') made += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      return made;
    }
    default: {
      std::string made = plain_words(text);
      return is_placeholder_name(made) ? std::string() : made;
    }
  }
}

}  // namespace

std::string normal_value(Role role, std::string_view text) {
  std::string made = brought_nearer(role, text);
  // Words that stand together only now may be one form, as may bytes of a letter; the rest is done.
  bool const has_words =
      role == Role::address_line_1 || role == Role::address_line_2 || role == Role::city;
  bool const has_others = std::any_of(made.begin(), made.end(),
                                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  constexpr int rounds_max = 16;
  for (int round = 0; (has_words || has_others) && round < rounds_max; ++round) {
    std::string again = brought_nearer(role, made);
    if (again == made) break;
    made = std::move(again);
  }
  return made;
}

void PersonTable::add_column(Role role) {
  column(role).is_present = true;
  column(role).values.resize(size());
  if (keeps_written_) column(role).written.resize(size());
}

void PersonTable::add_record(std::uint32_t source) {
  sources_.push_back(source);
  generations_.push_back(0);
  for (Column& one : columns_) {
    if (!one.is_present) continue;
    one.values.push_back(0);
    if (keeps_written_) one.written.push_back(0);
  }
}

ValueId PersonTable::value_of(Column& column, Role role, std::string_view text) {
  // A date may be the beginning of another, and say nothing itself.
  if (role != Role::birth_date)
    if (ValueId const known = column.texts.find(text); known != 0) return known;
  if (std::uint32_t const known = column.spellings.find(text); known != 0)
    return column.spelled[known];
  std::string const normal = normal_value(role, text);
  ValueId const value = column.texts.find_or_add(normal);
  if (column.counts.size() < column.texts.size()) column.counts.push_back(0);
  if (normal == text && role != Role::birth_date) return value;
  column.spellings.find_or_add(text);
  column.spelled.push_back(value);
  return value;
}

void PersonTable::set(Role role, std::string_view text) {
  if (text.empty()) return;
  Column& one = column(role);
  std::uint8_t& generation = generations_.back();
  std::string_view const bare = role == Role::family_name ? without_suffix(text, generation) : text;
  ValueId const value = value_of(one, role, bare);
  if (value == 0) return;
  if (role == Role::suffix) generation = generation_of(one.texts.text(value));
  one.values.back() = value;
  if (keeps_written_) one.written.back() = one.writings.find_or_add(text);
  ++one.counts[value];
  ++one.filled;
}

void PersonTable::append(const PersonTable& other, const ParallelFor& parallel_for) {
  sources_.insert(sources_.end(), other.sources_.begin(), other.sources_.end());
  generations_.insert(generations_.end(), other.generations_.begin(), other.generations_.end());
  parallel_for(role_count, [&](std::size_t k) {
    Column& to = columns_[k];
    Column const& from = other.columns_[k];
    if (!to.is_present) return;
    std::vector<ValueId> numbers(from.texts.size());
    for (ValueId value = 1; value < numbers.size(); ++value) {
      numbers[value] = to.texts.find_or_add(from.texts.text(value));
      if (to.counts.size() < to.texts.size()) to.counts.push_back(0);
      to.counts[numbers[value]] += from.counts[value];
    }
    to.values.reserve(to.values.size() + from.values.size());
    for (ValueId const value : from.values) to.values.push_back(numbers[value]);
    to.filled += from.filled;
    if (!keeps_written_) return;
    std::vector<std::uint32_t> writings(from.writings.size());
    for (std::uint32_t number = 1; number < writings.size(); ++number)
      writings[number] = to.writings.find_or_add(from.writings.text(number));
    for (std::uint32_t const number : from.written) to.written.push_back(writings[number]);
  });
}

std::vector<Role> PersonTable::roles() const {
  std::vector<Role> found;
  for (std::size_t k = 0; k < role_count; ++k)
    if (has(static_cast<Role>(k))) found.push_back(static_cast<Role>(k));
  return found;
}

void PersonTable::forget_spellings() {
  for (Column& one : columns_) {
    one.spellings = {};
    one.spelled = {0};
  }
}

bool have_two_suffixes(const PersonTable& table, std::size_t a, std::size_t b) noexcept {
  return are_two_generations(table.generation(a), table.generation(b));
}

}  // namespace hl7flow::linkage
