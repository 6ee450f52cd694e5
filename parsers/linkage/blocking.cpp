#include <hl7flow/parsers/linkage/blocking.h>

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <numeric>
#include <utility>

namespace hl7flow::linkage {

namespace {

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

/// A piece to be made: what a function makes of each value of a role, or the value itself.
struct Recipe {
  Role role;
  const char* suffix;
  std::function<std::string(std::string_view)> derive;
};

Piece made_by(const Recipe& recipe, const PersonTable& table) {
  Piece piece{std::string(name(recipe.role)) + recipe.suffix,
              static_cast<std::uint32_t>(recipe.role), std::vector<std::uint32_t>(table.size())};
  std::vector<std::uint32_t> of_value(table.value_count(recipe.role));
  TextDictionary numbers;
  for (ValueId value = 1; value < of_value.size(); ++value)
    of_value[value] = recipe.derive
                          ? numbers.find_or_add(recipe.derive(table.text_of(recipe.role, value)))
                          : value;
  for (std::size_t k = 0; k < table.size(); ++k)
    piece.values[k] = of_value[table.value(recipe.role, k)];
  return piece;
}

std::vector<Piece> pieces_of(const PersonTable& table, const ParallelFor& parallel_for) {
  std::vector<Recipe> recipes;
  auto const add = [&](Role role, const char* suffix,
                       std::function<std::string(std::string_view)> derive) {
    if (table.has(role)) recipes.push_back({role, suffix, std::move(derive)});
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
    add(role, "", {});
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
  std::vector<Piece> pieces(recipes.size());
  parallel_for(recipes.size(), [&](std::size_t k) { pieces[k] = made_by(recipes[k], table); });
  return pieces;
}

/// Who stands for each record: itself, or the first of the many that are the same.
std::vector<std::uint32_t> first_of_repeats(const PersonTable& table,
                                            const BlockingOptions& options) {
  std::vector<std::uint32_t> firsts(table.size());
  std::iota(firsts.begin(), firsts.end(), 0u);
  if (options.between_sources_only) return firsts;
  auto const roles = table.roles();
  std::vector<std::uint64_t> hashes(table.size());
  for (std::size_t k = 0; k < hashes.size(); ++k) {
    hashes[k] = mixed((std::uint64_t{table.source(k)} << 8 | table.generation(k)) + 1);
    for (Role const role : roles) hashes[k] = mixed(hashes[k] ^ table.value(role, k));
  }
  std::vector<std::uint32_t> order(firsts);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(hashes[a], a) < std::pair(hashes[b], b);
  });
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && hashes[order[end]] == hashes[order[begin]]) ++end;
    for (std::size_t k = begin; k < end && end - begin > options.repeats_max; ++k)
      firsts[order[k]] = order[begin];
    begin = end;
  }
  return firsts;
}

/// One piece, or two together.
struct Rule {
  std::size_t first, second;  // the same: one piece
  double pairs = 0;
};

std::uint32_t key_of(const std::vector<Piece>& pieces, const Rule& rule, std::size_t record) {
  std::uint32_t const a = pieces[rule.first].values[record];
  std::uint32_t const b = pieces[rule.second].values[record];
  if (a == 0 || b == 0) return 0;
  return static_cast<std::uint32_t>(mixed((std::uint64_t{a} << 32 | b) + 1) >> 32) | 1;
}

/// Sorts by the bits from `low` up to `high`, eleven at a time; what is equal there keeps its
/// order.
void sort_by_bits(std::vector<std::uint64_t>& values, std::vector<std::uint64_t>& room,
                  unsigned low, unsigned high) {
  constexpr unsigned digit = 11;
  room.resize(values.size());
  for (unsigned shift = low; shift < high; shift += digit) {
    unsigned const bits = std::min(digit, high - shift);
    std::uint64_t const mask = (std::uint64_t{1} << bits) - 1;
    std::vector<std::size_t> begins((std::size_t{1} << bits) + 1);
    for (std::uint64_t const value : values) ++begins[(value >> shift & mask) + 1];
    for (std::size_t k = 1; k < begins.size(); ++k) begins[k] += begins[k - 1];
    for (std::uint64_t const value : values) room[begins[value >> shift & mask]++] = value;
    values.swap(room);
  }
}

/// Records by key: the key above, the record below.
struct Blocks {
  std::vector<std::uint64_t> entries, room;

  void sort() { sort_by_bits(entries, room, 32, 64); }
  /// Calls visit(begin, end) for each block of at least two entries. Two keys in four thousand
  /// million may be one by chance, which brings a few more pairs.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t begin = 0; begin < entries.size();) {
      std::size_t end = begin + 1;
      while (end < entries.size() && entries[end] >> 32 == entries[begin] >> 32) ++end;
      if (end - begin > 1) visit(begin, end);
      begin = end;
    }
  }
};

/// Tells whether numbers of 32 bits can be divided (Lemire, Kaser, Kurz, "Faster remainder by
/// direct computation", 2019).
class Divisible {
 public:
  explicit Divisible(std::uint32_t by) : inverse_(~std::uint64_t{0} / by + 1) {}
  bool operator()(std::uint32_t number) const noexcept { return number * inverse_ <= inverse_ - 1; }

 private:
  std::uint64_t inverse_;  // 0, for 1: all are
};

/// How many pairs a rule brings, from the blocks of one key in `part`.
void estimate(const std::vector<Piece>& pieces, std::size_t records, const BlockingOptions& options,
              std::uint32_t part, Rule& rule) {
  Blocks blocks;
  Divisible const is_sampled(part);
  for (std::size_t k = 0; k < records; ++k) {
    std::uint32_t const key = key_of(pieces, rule, k);
    if (key != 0 && is_sampled(key >> 1)) blocks.entries.push_back(std::uint64_t{key} << 32 | k);
  }
  std::sort(blocks.entries.begin(), blocks.entries.end());
  double sum = 0;
  blocks.for_each([&](std::size_t begin, std::size_t end) {
    auto const size = static_cast<double>(end - begin);
    if (end - begin <= options.block_max) sum += size * (size - 1) / 2;
  });
  rule.pairs = sum * static_cast<double>(part);
}

std::vector<Rule> choose_rules(const std::vector<Piece>& pieces, std::size_t records,
                               const BlockingOptions& options, const ParallelFor& parallel_for) {
  std::vector<Rule> rules;
  for (std::size_t a = 0; a < pieces.size(); ++a) {
    rules.push_back({a, a});
    for (std::size_t b = a + 1; b < pieces.size(); ++b)
      if (pieces[a].group != pieces[b].group) rules.push_back({a, b});
  }
  auto const part = static_cast<std::uint32_t>(std::max<std::size_t>(1, records / 20'000));
  parallel_for(rules.size(),
               [&](std::size_t k) { estimate(pieces, records, options, part, rules[k]); });
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

/// Pairs as numbers, the record with the smaller number above, by ranges of that.
class Ranges {
 public:
  static constexpr std::size_t count = 64;

  explicit Ranges(std::size_t records) : records_(records) {}
  void add(std::uint32_t a, std::uint32_t b) {
    pairs_[std::size_t{a} * count / records_].push_back(std::uint64_t{a} << 32 | b);
  }
  std::vector<std::uint64_t>& operator[](std::size_t range) { return pairs_[range]; }
  std::size_t size() const {
    std::size_t sum = 0;
    for (auto const& pairs : pairs_) sum += pairs.size();
    return sum;
  }

 private:
  std::size_t records_;
  std::array<std::vector<std::uint64_t>, count> pairs_;
};

/// The pairs of one rule.
void add_pairs_of(const std::vector<Piece>& pieces, const PersonTable& table,
                  const BlockingOptions& options, const Rule& rule, Ranges& found) {
  Blocks blocks;
  blocks.entries.reserve(table.size());
  for (std::size_t k = 0; k < table.size(); ++k)
    if (std::uint32_t const key = key_of(pieces, rule, k); key != 0)
      blocks.entries.push_back(std::uint64_t{key} << 32 | k);
  blocks.sort();
  blocks.for_each([&](std::size_t begin, std::size_t end) {
    if (end - begin > options.block_max) return;
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t j = i + 1; j < end; ++j) {
        auto const a = static_cast<std::uint32_t>(blocks.entries[i]);
        auto const b = static_cast<std::uint32_t>(blocks.entries[j]);
        if (options.between_sources_only && table.source(a) == table.source(b)) continue;
        found.add(a, b);
      }
  });
}

/// In order, each once.
void settle(std::vector<std::uint64_t>& pairs, std::size_t records) {
  std::vector<std::uint64_t> room;
  auto const width = static_cast<unsigned>(std::bit_width(records));
  sort_by_bits(pairs, room, 0, width);
  sort_by_bits(pairs, room, 32, 32 + width);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
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
                                        BlockingReport* report, const ParallelFor& parallel_for) {
  auto pieces = pieces_of(table, parallel_for);
  auto const firsts = first_of_repeats(table, options);
  Ranges found(table.size());
  for (std::uint32_t k = 0; k < firsts.size(); ++k) {
    if (firsts[k] == k) continue;
    for (Piece& one : pieces) one.values[k] = 0;
    found.add(firsts[k], k);
  }
  auto const rules = choose_rules(pieces, table.size(), options, parallel_for);
  auto const settle_all = [&] {
    parallel_for(Ranges::count, [&](std::size_t range) { settle(found[range], table.size()); });
  };
  // Some rules at a time, and many bring the same pairs: what is held stays near what there is.
  constexpr std::size_t together = 8;
  std::size_t held_max = std::size_t{1} << 26;
  for (std::size_t first = 0; first < rules.size(); first += together) {
    std::vector<Ranges> brought(std::min(together, rules.size() - first), Ranges(table.size()));
    parallel_for(brought.size(), [&](std::size_t k) {
      add_pairs_of(pieces, table, options, rules[first + k], brought[k]);
    });
    parallel_for(Ranges::count, [&](std::size_t range) {
      for (Ranges& one : brought)
        found[range].insert(found[range].end(), one[range].begin(), one[range].end());
    });
    if (found.size() < held_max) continue;
    settle_all();
    held_max = std::max(held_max, 2 * found.size());
  }
  settle_all();
  for (Rule const& rule : rules) {
    if (report == nullptr) break;
    std::string rule_name = pieces[rule.first].name;
    if (rule.second != rule.first) rule_name += " + " + pieces[rule.second].name;
    report->rules.push_back({std::move(rule_name), rule.pairs});
  }
  std::array<std::size_t, Ranges::count + 1> begins{};
  for (std::size_t range = 0; range < Ranges::count; ++range)
    begins[range + 1] = begins[range] + found[range].size();
  std::vector<RecordPair> pairs(begins.back());
  parallel_for(Ranges::count, [&](std::size_t range) {
    std::size_t at = begins[range];
    for (std::uint64_t const pair : found[range])
      pairs[at++] = {static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair)};
    found[range] = {};
  });
  return pairs;
}

}  // namespace hl7flow::linkage
