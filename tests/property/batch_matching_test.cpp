// What compares and scores many pairs at once finds what their references find for each pair.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include <hl7flow/parsers/linkage/batch_comparer.h>
#include <hl7flow/parsers/linkage/batch_scorer.h>
#include <hl7flow/parsers/linkage/digit_edits.h>
#include <hl7flow/parsers/linkage/pair_scorer.h>
#include <hl7flow/parsers/linkage/similarity.h>

namespace hl7flow::linkage {
namespace {

using Random = std::mt19937_64;

/// Jaro and Winkler's similarity as they describe it, one character after the other.
double plain_jaro_winkler(std::string_view a, std::string_view b) {
  a = a.substr(0, 64);
  b = b.substr(0, 64);
  if (a.empty() || b.empty()) return 0;
  std::size_t const longer = std::max(a.size(), b.size());
  std::size_t const reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
  std::vector<bool> taken(b.size());
  std::string matched_a, matched_b;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = i > reach ? i - reach : 0; j < std::min(i + reach + 1, b.size()); ++j)
      if (!taken[j] && a[i] == b[j]) {
        taken[j] = true;
        matched_a += a[i];
        break;
      }
  for (std::size_t j = 0; j < b.size(); ++j)
    if (taken[j]) matched_b += b[j];
  if (matched_a.empty()) return 0;
  double transposed = 0;
  for (std::size_t k = 0; k < matched_a.size(); ++k) transposed += matched_a[k] != matched_b[k];
  auto const m = static_cast<double>(matched_a.size());
  double const jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                       (m - transposed / 2) / m) /
                      3;
  if (jaro <= 0.7) return jaro;
  std::size_t common = 0;
  while (common < 4 && common < std::min(a.size(), b.size()) && a[common] == b[common]) ++common;
  return jaro + static_cast<double>(common) * 0.1 * (1 - jaro);
}

/// Optimal string alignment, by its table.
std::size_t plain_edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, 64);
  b = b.substr(0, 64);
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                             cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  return cost[a.size()][b.size()];
}

std::string random_text(Random& random, std::size_t size_most, std::string_view letters) {
  std::string made(random() % (size_most + 1), ' ');
  for (char& c : made) c = letters[random() % letters.size()];
  return made;
}

/// A few letters wrong, missing, new or swapped.
std::string with_errors(Random& random, std::string text, std::string_view letters) {
  for (std::uint64_t errors = random() % 4; errors > 0 && !text.empty(); --errors) {
    std::size_t const at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = letters[random() % letters.size()];
        break;
      case 1:
        text.erase(at, 1);
        break;
      case 2:
        text.insert(at, 1, letters[random() % letters.size()]);
        break;
      default:
        std::swap(text[at], text[text.size() - 1 - at]);
        if (at + 1 < text.size()) std::swap(text[at], text[at + 1]);
    }
  }
  return text;
}

TEST(BatchMatching, SimilarityIsThatOfThePlainAlgorithms) {
  Random random(3);
  constexpr std::string_view letters = "abcdefghijklmnop";
  for (int round = 0; round < 60'000; ++round) {
    auto const some = letters.substr(0, 1 + random() % letters.size());
    std::size_t const most = std::array<std::size_t, 5>{4, 9, 16, 33, 80}[random() % 5];
    std::string const a = random_text(random, most, some);
    std::string const b =
        random() % 2 == 0 ? random_text(random, most, some) : with_errors(random, a, some);
    EXPECT_EQ(jaro_winkler(a, b), plain_jaro_winkler(a, b)) << a << " | " << b;
    std::size_t const edits = plain_edit_distance(a, b);
    for (std::size_t const limit : {1U, 2U, 3U, 70U})
      ASSERT_EQ(edit_distance(a, b, limit), std::min(edits, limit + 1)) << a << " | " << b;
  }
}

TEST(BatchMatching, DigitsHaveTheirEdits) {
  Random random(4);
  auto const packed = [](std::string_view text) {
    Digits digits{0, static_cast<std::uint32_t>(text.size())};
    for (std::size_t k = 0; k < text.size(); ++k)
      digits.text |= static_cast<std::uint64_t>(text[k] - '0') << 4 * k;
    return digits;
  };
  for (int round = 0; round < 300'000; ++round) {
    auto const some = std::string_view("0123456789").substr(0, 1 + random() % 10);
    std::string const a = random_text(random, 15, some);
    std::string const b = with_errors(random, a, some).substr(0, 15);
    ASSERT_EQ(digit_edits(packed(a), packed(b)),
              std::min<std::size_t>(plain_edit_distance(a, b), 3))
        << a << " | " << b;
  }
}

/// Values that are there often enough to meet, alike and not.
class Values {
 public:
  explicit Values(Random& random) : random_(random) {
    constexpr std::string_view letters = "aeinrst", digits = "0123456789";
    for (std::size_t k = 0; k < pools_.size(); ++k) {
      auto const role = static_cast<Role>(k);
      for (int n = 0; n < 24; ++n) pools_[k].push_back(one(role, letters, digits));
    }
    pools_[static_cast<std::size_t>(Role::given_name)].insert(
        pools_[static_cast<std::size_t>(Role::given_name)].end(),
        {"bill", "william", "ann", "hannah", "ann marie", "bob"});
  }
  std::string any(Role role) {
    auto const& pool = pools_[static_cast<std::size_t>(role)];
    // Names and lines stand in each other's columns now and then.
    if (random_() % 8 == 0 && role == Role::given_name) return any(Role::family_name);
    if (random_() % 8 == 0 && role == Role::address_line_2) return any(Role::address_line_1);
    if (random_() % 10 == 0) return {};
    std::string const& text = pool[random_() % pool.size()];
    return random_() % 3 == 0 ? with_errors(random_, text, "aeins012") : text;
  }

 private:
  std::string one(Role role, std::string_view letters, std::string_view digits) {
    std::uint64_t const kind = random_() % 4;
    switch (role) {
      case Role::birth_date: {
        if (kind == 0 && random_() % 3 == 0) return "19" + random_text(random_, 4, digits);
        auto const two = [&](std::uint64_t least, std::uint64_t count) {
          std::string const text = std::to_string(least + random_() % count);
          return text.size() == 1 ? "0" + text : text;
        };
        return "19" + two(70, 5) + "-" + two(1, 12) + "-" + two(1, 28);
      }
      case Role::postcode:
        if (kind < 2) return "90" + random_text(random_, 3, digits);
        if (kind == 2) return "ls" + random_text(random_, 2, digits) + " 4ab";
        return random_text(random_, 4, digits) + " " + random_text(random_, 3, letters);
      case Role::house_number:
        return random_text(random_, 3, digits) + (kind == 0 ? "b" : "");
      case Role::phone:
      case Role::identifier:
        return random_text(random_, kind == 0 ? 18 : 10, digits.substr(0, 4)) +
               (kind == 1 && role == Role::identifier ? "x" : "");
      case Role::address_line_1:
      case Role::address_line_2:
      case Role::full_name:
        return random_text(random_, kind == 0 ? 70 : 12, letters) + " " +
               random_text(random_, 9, letters) + " mc\xc3\xa9\xf0\x9f\x98\x80";
      case Role::sex:
        return kind < 2 ? "f" : "m";
      default:
        return random_text(random_, kind == 0 ? 22 : 9, letters);
    }
  }

  Random& random_;
  std::array<std::vector<std::string>, role_count> pools_;
};

PersonTable random_table(Random& random, std::size_t records) {
  PersonTable table;
  // Now all roles, now some.
  bool const all = random() % 3 == 0;
  for (std::size_t k = 0; k < role_count; ++k)
    if (all || random() % 2 == 0) table.add_column(static_cast<Role>(k));
  if (!table.has(Role::sex)) table.add_column(Role::sex);
  Values values(random);
  for (std::size_t k = 0; k < records; ++k) {
    table.add_record();
    for (std::size_t role = 0; role < role_count; ++role)
      if (table.has(static_cast<Role>(role)))
        table.set(static_cast<Role>(role), values.any(static_cast<Role>(role)));
  }
  return table;
}

std::vector<RecordPair> all_pairs(std::size_t records) {
  std::vector<RecordPair> pairs;
  for (std::uint32_t a = 0; a < records; ++a)
    for (std::uint32_t b = a + 1; b < records; ++b) pairs.push_back({a, b});
  return pairs;
}

TEST(BatchMatching, PatternsAreThoseOfTheComparer) {
  Random random(5);
  for (int round = 0; round < 40; ++round) {
    PersonTable const table = random_table(random, 120);
    ComparedTable const compared(table, comparisons_for(table));
    auto pairs = all_pairs(table.size());
    if (round % 4 == 0) std::shuffle(pairs.begin(), pairs.end(), random);
    std::vector<Pattern> patterns(pairs.size());
    BatchComparer(compared).compare(pairs, patterns.data());
    Comparer comparer(table, compared.comparisons());
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      Pattern const wanted = comparer.compare(pairs[k].a, pairs[k].b);
      for (std::size_t c = 0; c < compared.comparisons().size(); ++c) {
        Role const role = compared.comparisons()[c].role;
        ASSERT_EQ(int{patterns[k][c]}, int{wanted[c]})
            << name(compared.comparisons()[c]) << ": " << table.text(role, pairs[k].a) << " | "
            << table.text(role, pairs[k].b);
      }
      ASSERT_EQ(patterns[k], wanted);
    }
  }
}

TEST(BatchMatching, BitsAreThoseOfThePairScorer) {
  Random random(6);
  std::uniform_real_distribution<> share(0.001, 1);
  for (int round = 0; round < 40; ++round) {
    PersonTable const table = random_table(random, 60);
    LinkageModel model;
    model.comparisons = comparisons_for(table);
    for (auto* const tables : {&model.m, &model.u, &model.household})
      for (auto& levels : *tables)
        for (double& one : levels) one = share(random);
    model.prior = 1e-3;
    if (round % 2 == 0 && table.has(Role::birth_date)) {
      model.household_prior = 1e-2;
      model.twins_share = 0.1;
      model.namesakes_share = 0.05;
    }
    PairScorer const scorer(model, table, round % 4 == 1);
    auto const pairs = all_pairs(table.size());
    std::vector<Pattern> patterns(pairs.size());
    Comparer comparer(table, model.comparisons);
    for (std::size_t k = 0; k < pairs.size(); ++k)
      patterns[k] = comparer.compare(pairs[k].a, pairs[k].b);
    std::vector<float> bits(pairs.size());
    BatchScorer(scorer).score(pairs, patterns.data(), bits.data());
    for (std::size_t k = 0; k < pairs.size(); ++k)
      ASSERT_EQ(bits[k], static_cast<float>(scorer.score(patterns[k], pairs[k])));
  }
}

TEST(BatchMatching, ATableInPiecesIsTheTable) {
  Random random(7);
  Values values(random);
  std::vector<std::array<std::string, 3>> rows(500);
  constexpr std::array roles = {Role::given_name, Role::birth_date, Role::phone};
  for (auto& row : rows)
    for (std::size_t k = 0; k < roles.size(); ++k) row[k] = values.any(roles[k]);
  auto const table_of = [&](std::size_t begin, std::size_t end) {
    PersonTable table;
    for (Role const role : roles) table.add_column(role);
    for (std::size_t r = begin; r < end; ++r) {
      table.add_record(static_cast<std::uint32_t>(r % 2));
      for (std::size_t k = 0; k < roles.size(); ++k) table.set(roles[k], rows[r][k]);
    }
    return table;
  };
  PersonTable const whole = table_of(0, rows.size());
  PersonTable pieces = table_of(0, 123);
  pieces.append(table_of(123, 130));
  pieces.append(table_of(130, rows.size()));
  ASSERT_EQ(pieces.size(), whole.size());
  for (Role const role : roles) {
    ASSERT_EQ(pieces.value_count(role), whole.value_count(role));
    EXPECT_EQ(pieces.filled(role), whole.filled(role));
    for (ValueId value = 1; value < whole.value_count(role); ++value) {
      EXPECT_EQ(pieces.text_of(role, value), whole.text_of(role, value));
      EXPECT_EQ(pieces.frequency(role, value), whole.frequency(role, value));
    }
    for (std::size_t r = 0; r < whole.size(); ++r)
      ASSERT_EQ(pieces.value(role, r), whole.value(role, r));
  }
  for (std::size_t r = 0; r < whole.size(); ++r) EXPECT_EQ(pieces.source(r), whole.source(r));
}

}  // namespace
}  // namespace hl7flow::linkage
