#include <hl7flow/parsers/linkage/blocking.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace hl7flow::linkage {

namespace {

using Key = std::uint64_t;  // 0: the record does not have the piece

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/// What a record has of one kind, as a number.
struct Piece {
  std::string name;
  std::uint32_t group;  // two pieces of one group say the same
  std::vector<std::uint32_t> values;
};

/// Numbers for what a function makes of each value of a role.
Piece derived(const PersonTable& table, Role role, std::string name,
              const std::function<std::string(std::string_view)>& derive) {
  Piece piece{std::move(name), static_cast<std::uint32_t>(role), {}};
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<std::uint32_t> of_value;
  piece.values.resize(table.size());
  for (std::size_t k = 0; k < table.size(); ++k) {
    ValueId const value = table.value(role, k);
    if (value == 0) continue;
    if (value >= of_value.size()) of_value.resize(value + 1u, ~0u);
    if (of_value[value] == ~0u) {
      std::string made = derive(table.text_of(role, value));
      auto const next = static_cast<std::uint32_t>(numbers.size() + 1);
      of_value[value] = made.empty() ? 0 : numbers.try_emplace(std::move(made), next).first->second;
    }
    piece.values[k] = of_value[value];
  }
  return piece;
}

std::string whole(std::string_view text) { return std::string(text); }

std::vector<Piece> pieces_of(const PersonTable& table) {
  std::vector<Piece> pieces;
  auto const add = [&](Role role, const char* suffix,
                       const std::function<std::string(std::string_view)>& derive) {
    if (table.has(role))
      pieces.push_back(derived(table, role, std::string(name(role)) + suffix, derive));
  };
  auto const part = [](std::size_t begin, std::size_t size) {
    return [=](std::string_view text) {
      return text.size() < begin + size ? std::string() : std::string(text.substr(begin, size));
    };
  };
  for (Role const role :
       {Role::given_name, Role::family_name, Role::full_name, Role::birth_date, Role::house_number,
        Role::address_line_1, Role::address_line_2, Role::city, Role::postcode, Role::phone,
        Role::email, Role::identifier, Role::birth_place, Role::occupation})
    add(role, "", whole);
  for (Role const role : {Role::given_name, Role::family_name}) {
    add(role, " (sound)", soundex);
    add(role, " (first 3)", part(0, 3));
  }
  add(Role::birth_date, " (year)", part(0, 4));
  add(Role::birth_date, " (year, month)", part(0, 6));
  add(Role::birth_date, " (month, day)", part(4, 4));
  add(Role::postcode, " (outward)", [](std::string_view text) {
    std::size_t const blank = text.find(' ');
    return blank == std::string_view::npos ? std::string() : std::string(text.substr(0, blank));
  });
  add(Role::identifier, " (first half)",
      [](std::string_view text) { return std::string(text.substr(0, text.size() / 2)); });
  add(Role::identifier, " (second half)",
      [](std::string_view text) { return std::string(text.substr(text.size() / 2)); });
  return pieces;
}

/// One piece, or two together.
struct Rule {
  std::size_t first, second;  // the same: one piece
  double pairs = 0;
};

Key key_of(const std::vector<Piece>& pieces, const Rule& rule, std::size_t record) {
  std::uint32_t const a = pieces[rule.first].values[record];
  std::uint32_t const b = pieces[rule.second].values[record];
  return a == 0 || b == 0 ? 0 : mixed((std::uint64_t{a} << 32 | b) + 1) | 1;
}

struct Entry {
  Key key;
  std::uint32_t record;
  friend bool operator<(const Entry& a, const Entry& b) {
    return a.key != b.key ? a.key < b.key : a.record < b.record;
  }
};

/// Calls visit(begin, end) for each block of at least two entries.
template <class Visit>
void for_each_block(std::vector<Entry>& entries, Visit&& visit) {
  std::sort(entries.begin(), entries.end());
  for (std::size_t begin = 0; begin < entries.size();) {
    std::size_t end = begin + 1;
    while (end < entries.size() && entries[end].key == entries[begin].key) ++end;
    if (end - begin > 1) visit(begin, end);
    begin = end;
  }
}

/// How many pairs a rule brings, from the blocks of one key in `part`.
void estimate(const std::vector<Piece>& pieces, std::size_t records, const BlockingOptions& options,
              std::uint64_t part, std::vector<Entry>& entries, Rule& rule) {
  entries.clear();
  for (std::size_t k = 0; k < records; ++k) {
    Key const key = key_of(pieces, rule, k);
    if (key != 0 && (key >> 1) % part == 0) entries.push_back({key, static_cast<std::uint32_t>(k)});
  }
  double sum = 0;
  for_each_block(entries, [&](std::size_t begin, std::size_t end) {
    auto const size = static_cast<double>(end - begin);
    if (end - begin <= options.block_max) sum += size * (size - 1) / 2;
  });
  rule.pairs = sum * static_cast<double>(part);
}

std::vector<Rule> choose_rules(const std::vector<Piece>& pieces, std::size_t records,
                               const BlockingOptions& options) {
  std::vector<Rule> rules;
  for (std::size_t a = 0; a < pieces.size(); ++a) {
    rules.push_back({a, a});
    for (std::size_t b = a + 1; b < pieces.size(); ++b)
      if (pieces[a].group != pieces[b].group) rules.push_back({a, b});
  }
  std::vector<Entry> entries;
  std::uint64_t const part = std::max<std::uint64_t>(1, records / 20'000);
  for (Rule& rule : rules) estimate(pieces, records, options, part, entries, rule);
  std::stable_sort(rules.begin(), rules.end(),
                   [](Rule const& a, Rule const& b) { return a.pairs < b.pairs; });
  double sum = 0;
  std::size_t count = 0;
  double const enough =
      options.pairs_at_least + options.pairs_a_record * static_cast<double>(records);
  while (count < rules.size() && sum + rules[count].pairs <= enough) sum += rules[count++].pairs;
  rules.resize(count);
  return rules;
}

}  // namespace

std::string soundex(std::string_view name) {
  //                               abcdefghijklmnopqrstuvwxyz
  constexpr std::string_view codes = "01230120022455012623010202";
  std::string made;
  char last = '0';
  for (char const c : name) {
    if (c < 'a' || c > 'z') continue;
    char const code = codes[static_cast<std::size_t>(c - 'a')];
    if (made.empty()) {
      made += c;
      last = code;
      continue;
    }
    if (c == 'h' || c == 'w') continue;  // letters around them count as neighbours
    if (code != '0' && code != last) made += code;
    last = code;
    if (made.size() == 4) break;
  }
  if (!made.empty()) made.resize(4, '0');
  return made;
}

std::vector<RecordPair> candidate_pairs(const PersonTable& table, const BlockingOptions& options,
                                        BlockingReport* report) {
  auto const pieces = pieces_of(table);
  auto const rules = choose_rules(pieces, table.size(), options);
  std::vector<std::uint64_t> found;
  std::vector<Entry> entries;
  for (Rule const& rule : rules) {
    entries.clear();
    for (std::size_t k = 0; k < table.size(); ++k)
      if (Key const key = key_of(pieces, rule, k); key != 0)
        entries.push_back({key, static_cast<std::uint32_t>(k)});
    for_each_block(entries, [&](std::size_t begin, std::size_t end) {
      if (end - begin > options.block_max) return;
      for (std::size_t i = begin; i < end; ++i)
        for (std::size_t j = i + 1; j < end; ++j) {
          std::uint32_t const a = entries[i].record, b = entries[j].record;
          if (options.between_sources_only && table.source(a) == table.source(b)) continue;
          found.push_back(std::uint64_t{a} << 32 | b);
        }
    });
    if (report != nullptr) {
      std::string rule_name = pieces[rule.first].name;
      if (rule.second != rule.first) rule_name += " + " + pieces[rule.second].name;
      report->rules.push_back({std::move(rule_name), rule.pairs});
    }
    // Many rules bring the same pairs: what is held stays near what there is.
    if (found.size() > (1u << 26)) {
      std::sort(found.begin(), found.end());
      found.erase(std::unique(found.begin(), found.end()), found.end());
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<RecordPair> pairs;
  pairs.reserve(found.size());
  for (std::uint64_t const pair : found)
    pairs.push_back({static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair)});
  return pairs;
}

}  // namespace hl7flow::linkage
