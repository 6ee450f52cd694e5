#include <hl7flow/parsers/linkage/comparer.h>

#include <algorithm>

#include <hl7flow/parsers/linkage/nicknames.h>
#include <hl7flow/parsers/linkage/similarity.h>

namespace hl7flow::linkage {

namespace {

constexpr std::uint8_t nowhere = 0xff;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Jaro and Winkler's similarity takes "lois" for nearly "lisa"; who errs errs in one letter.
Level of_name(std::string_view a, std::string_view b) {
  double const alike = jaro_winkler(a, b);
  if (alike >= 0.92) return 4;
  if (alike < 0.82) return alike >= 0.7 ? 2 : 1;
  return std::min(a.size(), b.size()) > 3 && edit_distance(a, b, 1) <= 1 ? 4 : 3;
}

/// "bill" and "william": names that one person goes by.
bool are_nicknames(std::string_view a, std::string_view b) {
  std::uint16_t const group = nickname_group(a.substr(0, a.find(' ')));
  return group != 0 && group == nickname_group(b.substr(0, b.find(' ')));
}

/// Of a given name level 2 says something else than that it is a little alike.
Level without_nickname(Level level) { return level == 2 ? Level{1} : level; }

Level of_text(std::string_view a, std::string_view b) {
  double const alike = jaro_winkler(a, b);
  return alike >= 0.92 ? 3 : alike >= 0.8 ? 2 : 1;
}

Level of_number(std::string_view a, std::string_view b) {
  std::size_t const edits = edit_distance(a, b, 2);
  return edits <= 1 ? 3 : edits <= 2 ? 2 : 1;
}

Level of_birth_date(std::string_view a, std::string_view b) {
  std::size_t const edits = edit_distance(a, b, 3);
  if (edits <= 1) return 4;
  if (a.size() < 8 || b.size() < 8) return a.substr(0, 4) == b.substr(0, 4) ? 3 : 1;
  bool const swapped = a.substr(0, 4) == b.substr(0, 4) && a.substr(4, 2) == b.substr(6, 2) &&
                       a.substr(6, 2) == b.substr(4, 2);
  int const parts = (a.substr(0, 4) == b.substr(0, 4) ? 1 : 0) +
                    (a.substr(4, 2) == b.substr(4, 2) ? 1 : 0) +
                    (a.substr(6, 2) == b.substr(6, 2) ? 1 : 0);
  if (parts == 2 || swapped) return 3;
  return edits <= 2 || (parts == 1 && edits <= 3) ? 2 : 1;
}

/// The letters before the first digit: the area of a British postcode.
std::string_view area(std::string_view postcode) {
  auto const digit = std::find_if(postcode.begin(), postcode.end(), is_digit);
  return postcode.substr(0, static_cast<std::size_t>(digit - postcode.begin()));
}

Level of_postcode(std::string_view a, std::string_view b) {
  std::size_t const edits = edit_distance(a, b, 2);
  if (edits <= 1) return 4;
  std::size_t const blank_a = a.find(' '), blank_b = b.find(' ');
  bool const has_outward = blank_a != std::string_view::npos && blank_b != std::string_view::npos;
  if (has_outward ? a.substr(0, blank_a) == b.substr(0, blank_b) : edits <= 2) return 3;
  return !area(a).empty() && area(a) == area(b) ? 2 : 1;
}

/// Words of at least three letters.
std::size_t words_of(std::string_view text, std::array<std::string_view, 16>& words) {
  std::size_t count = 0;
  while (!text.empty() && count < words.size()) {
    std::size_t const end = std::min(text.find(' '), text.size());
    std::string_view const word = text.substr(0, end);
    bool const counts = word.size() > 2 && word != "the" && word != "sir" && word != "mrs";
    if (counts) words[count++] = word;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return count;
}

Level of_full_name(std::string_view a, std::string_view b) {
  std::array<std::string_view, 16> words_a, words_b;
  std::size_t const count_a = words_of(a, words_a), count_b = words_of(b, words_b);
  if (count_a == 0 || count_b == 0) return 0;
  std::size_t same = 0;
  for (std::size_t i = 0; i < count_a; ++i)
    for (std::size_t j = 0; j < count_b; ++j)
      if (words_a[i] == words_b[j] ||
          (words_a[i].size() > 4 && jaro_winkler(words_a[i], words_b[j]) >= 0.93)) {
        ++same;
        break;
      }
  std::size_t const fewer = std::min(count_a, count_b);
  if (same >= fewer && same >= 3) return 5;
  if (same >= fewer && same >= 2) return 4;
  if (same * 10 >= fewer * 6) return 3;
  return same > 0 ? 2 : 1;
}

Level top_of(ComparisonKind kind) {
  switch (kind) {
    case ComparisonKind::given_name:
    case ComparisonKind::family_name:
    case ComparisonKind::full_name:
    case ComparisonKind::birth_date:
    case ComparisonKind::postcode:
      return 5;
    case ComparisonKind::given_name_slip:
      return 3;
    case ComparisonKind::names_swapped:
    case ComparisonKind::sex:
    case ComparisonKind::word:
      return 2;
    default:
      return 4;
  }
}

}  // namespace

Level slip_level(std::uint32_t rarer, std::uint32_t all) noexcept {
  // One letter of a name that one of a hundred bears goes wrong in one way of some hundred.
  constexpr std::uint64_t persons_own = 3, slips = 50'000;
  return rarer <= persons_own ? 3 : rarer * slips <= all ? 2 : 1;
}

bool is_of_home(Role role) noexcept {
  return role == Role::house_number || role == Role::address_line_1 ||
         role == Role::address_line_2 || role == Role::city || role == Role::postcode ||
         role == Role::state;
}

bool is_of_household(ComparisonKind kind, Role role) noexcept {
  return is_of_home(role) || role == Role::phone ||
         (role == Role::family_name && kind == ComparisonKind::family_name);
}

std::vector<Comparison> comparisons_for(const PersonTable& table) {
  struct Row {
    Role role;
    ComparisonKind kind;
    bool by_frequency;
  };
  constexpr Row rows[] = {{Role::given_name, ComparisonKind::given_name, true},
                          {Role::family_name, ComparisonKind::family_name, true},
                          {Role::full_name, ComparisonKind::full_name, false},
                          {Role::birth_date, ComparisonKind::birth_date, true},
                          {Role::sex, ComparisonKind::sex, false},
                          {Role::house_number, ComparisonKind::number, true},
                          {Role::address_line_1, ComparisonKind::address_line_1, true},
                          {Role::address_line_2, ComparisonKind::address_line_2, true},
                          {Role::city, ComparisonKind::text, true},
                          {Role::postcode, ComparisonKind::postcode, true},
                          {Role::state, ComparisonKind::word, false},
                          {Role::phone, ComparisonKind::number, true},
                          {Role::email, ComparisonKind::text, true},
                          {Role::identifier, ComparisonKind::number, true},
                          {Role::birth_place, ComparisonKind::text, true},
                          {Role::occupation, ComparisonKind::word, true}};
  std::vector<Comparison> made;
  bool const names = table.has(Role::given_name) && table.has(Role::family_name);
  for (Row const& row : rows) {
    if (!table.has(row.role)) continue;
    Comparison one{row.kind, row.role, top_of(row.kind), row.by_frequency};
    // Its words are the names' again.
    if (row.kind == ComparisonKind::full_name && names) one.share = 0.5;
    made.push_back(one);
    if (row.kind == ComparisonKind::given_name)
      made.push_back({ComparisonKind::given_name_slip, row.role,
                      top_of(ComparisonKind::given_name_slip), false});
    if (row.kind == ComparisonKind::family_name && names)
      made.push_back({ComparisonKind::names_swapped, Role::family_name, 2, false});
  }
  if (made.size() > comparison_max)
    std::erase_if(made,
                  [](auto const& one) { return one.kind == ComparisonKind::given_name_slip; });
  if (made.size() > comparison_max) made.resize(comparison_max);
  return made;
}

std::string_view name(const Comparison& comparison) noexcept {
  if (comparison.kind == ComparisonKind::names_swapped) return "names_swapped";
  if (comparison.kind == ComparisonKind::given_name_slip) return "given_name_slip";
  return name(comparison.role);
}

Comparer::Comparer(const PersonTable& table, std::vector<Comparison> comparisons)
    : table_(table), comparisons_(std::move(comparisons)), known_(known_count) {
  place_.fill(nowhere);
  for (std::size_t k = 0; k < comparisons_.size(); ++k)
    place_[static_cast<std::size_t>(comparisons_[k].kind)] = static_cast<std::uint8_t>(k);
}

bool Comparer::has(ComparisonKind kind) const noexcept {
  return place_[static_cast<std::size_t>(kind)] != nowhere;
}

Level Comparer::level(const Pattern& pattern, ComparisonKind kind) const noexcept {
  return has(kind) ? pattern[place_[static_cast<std::size_t>(kind)]] : Level{0};
}

Level Comparer::work_out(ComparisonKind kind, Role role_a, ValueId a, Role role_b,
                         ValueId b) const {
  std::string_view const x = table_.text_of(role_a, a), y = table_.text_of(role_b, b);
  // Of one role, other numbers are other texts.
  if (role_a != role_b && x == y) return top_of(kind);
  switch (kind) {
    case ComparisonKind::given_name:
      // A level of its own: how many go by nicknames is another thing than how many err.
      if (role_a == Role::given_name && role_b == Role::given_name)
        return are_nicknames(x, y) ? Level{2} : without_nickname(of_name(x, y));
      return of_name(x, y);
    case ComparisonKind::family_name:
      return of_name(x, y);
    case ComparisonKind::full_name:
      return of_full_name(x, y);
    case ComparisonKind::birth_date:
      return of_birth_date(x, y);
    case ComparisonKind::postcode:
      return of_postcode(x, y);
    case ComparisonKind::number:
      return of_number(x, y);
    case ComparisonKind::text:
    case ComparisonKind::address_line_1:
    case ComparisonKind::address_line_2:
      return of_text(x, y);
    default:
      return 1;
  }
}

Level Comparer::crossed(ComparisonKind kind, Role role_a, ValueId a, Role role_b, ValueId b) {
  if (a == 0 || b == 0) return 0;
  std::uint64_t const key = std::uint64_t{a} << 32 | b;
  auto const roles = static_cast<std::uint16_t>(static_cast<unsigned>(role_a) << 8 |
                                                static_cast<unsigned>(role_b));
  std::uint64_t const mixed = (key ^ std::uint64_t{roles} << 20) * 0x9e3779b97f4a7c15u;
  Known& known = known_[mixed >> 48];
  if (known.key != key || known.roles != roles)
    known = {key, roles, work_out(kind, role_a, a, role_b, b)};
  return known.level;
}

Level Comparer::alike(ComparisonKind kind, Role role, ValueId a, ValueId b) {
  if (a == 0 || b == 0) return 0;
  // Of a full name the level says how many words agree.
  if (a == b && kind != ComparisonKind::full_name) return top_of(kind);
  return a < b ? crossed(kind, role, a, role, b) : crossed(kind, role, b, role, a);
}

void Comparer::compare_names(ValueId given_a, ValueId family_a, ValueId given_b, ValueId family_b,
                             Pattern& pattern) {
  auto const kind = ComparisonKind::given_name;
  Level given = alike(kind, Role::given_name, given_a, given_b);
  Level family = alike(kind, Role::family_name, family_a, family_b);
  Level swapped = given == 0 && family == 0 ? 0 : 1;
  if (given < 5 || family < 5) {
    Level const given_family =
        crossed(kind, Role::given_name, given_a, Role::family_name, family_b);
    Level const family_given =
        crossed(kind, Role::family_name, family_a, Role::given_name, given_b);
    int const straight = std::max<int>(given, 1) + std::max<int>(family, 1);
    int const across = std::max<int>(given_family, 1) + std::max<int>(family_given, 1);
    if (across > straight + 2) {
      given = without_nickname(given_family);
      family = family_given;
      swapped = 2;
    }
  }
  pattern[place_[static_cast<std::size_t>(ComparisonKind::given_name)]] = given;
  pattern[place_[static_cast<std::size_t>(ComparisonKind::family_name)]] = family;
  pattern[place_[static_cast<std::size_t>(ComparisonKind::names_swapped)]] = swapped;
}

void Comparer::compare_slip(ValueId given_a, ValueId given_b, Pattern& pattern) const {
  bool const alike = may_be_slip(level(pattern, ComparisonKind::given_name)) &&
                     level(pattern, ComparisonKind::names_swapped) != 2;
  pattern[place_[static_cast<std::size_t>(ComparisonKind::given_name_slip)]] =
      alike ? slip_level(std::min(table_.frequency(Role::given_name, given_a),
                                  table_.frequency(Role::given_name, given_b)),
                         table_.filled(Role::given_name))
            : Level{0};
}

void Comparer::compare_lines(ValueId first_a, ValueId second_a, ValueId first_b, ValueId second_b,
                             Pattern& pattern) {
  auto const kind = ComparisonKind::address_line_1;
  Level first = alike(kind, Role::address_line_1, first_a, first_b);
  Level second = alike(kind, Role::address_line_2, second_a, second_b);
  if (first <= 1) {
    Level const down = crossed(kind, Role::address_line_1, first_a, Role::address_line_2, second_b);
    Level const up = crossed(kind, Role::address_line_2, second_a, Role::address_line_1, first_b);
    if (down >= 3) first = 2;
    if (up >= 3) second = 2;
  }
  pattern[place_[static_cast<std::size_t>(ComparisonKind::address_line_1)]] = first;
  pattern[place_[static_cast<std::size_t>(ComparisonKind::address_line_2)]] = second;
}

Pattern Comparer::compare(std::size_t a, std::size_t b) {
  Pattern pattern{};
  bool const names = has(ComparisonKind::names_swapped);
  bool const lines = has(ComparisonKind::address_line_1) && has(ComparisonKind::address_line_2);
  auto const value = [&](Role role, std::size_t record) { return table_.value(role, record); };
  if (names)
    compare_names(value(Role::given_name, a), value(Role::family_name, a),
                  value(Role::given_name, b), value(Role::family_name, b), pattern);
  if (lines)
    compare_lines(value(Role::address_line_1, a), value(Role::address_line_2, a),
                  value(Role::address_line_1, b), value(Role::address_line_2, b), pattern);
  for (std::size_t k = 0; k < comparisons_.size(); ++k) {
    ComparisonKind const kind = comparisons_[k].kind;
    bool const is_name = kind == ComparisonKind::given_name || kind == ComparisonKind::family_name;
    bool const is_line =
        kind == ComparisonKind::address_line_1 || kind == ComparisonKind::address_line_2;
    if ((names && is_name) || (lines && is_line) || is_of_another(kind)) continue;
    Role const role = comparisons_[k].role;
    pattern[k] = alike(kind, role, table_.value(role, a), table_.value(role, b));
  }
  if (has(ComparisonKind::given_name_slip))
    compare_slip(value(Role::given_name, a), value(Role::given_name, b), pattern);
  return pattern;
}

}  // namespace hl7flow::linkage
