#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include <hl7flow/parsers/linkage/pair_scorer.h>

namespace hl7flow::linkage {
namespace {

struct Record {
  std::string given, family, born, sex, house, street, city, phone;
};

/// Families whose members share a name, a home and a telephone; some are there twice, with an error
/// or after a move.
class Town {
 public:
  explicit Town(bool has_families, bool has_twins = false) {
    for (Role const role : {Role::given_name, Role::family_name, Role::birth_date, Role::sex,
                            Role::house_number, Role::address_line_1, Role::city, Role::phone})
      table.add_column(role);
    for (int home = 0; home < 3000; ++home) {
      Record one{word(3), word(4), date(), sex(), number(999), word(4), word(2), number(9999999)};
      int const members = has_families ? 1 + static_cast<int>(random_() % 4) : 1;
      for (int k = 0; k < members; ++k) {
        one.given = word(3);
        if (!has_twins || k != 1 || home % 16 != 0) one.born = date();
        one.sex = sex();
        add(one, home);
        if (random_() % 4 != 0) continue;
        Record again = one;
        if (random_() % 2 == 0)
          again.given[1] = 'x';
        else
          again.house = number(999), again.street = word(4), again.city = word(2);
        add(again, home);
      }
    }
  }

  std::size_t add(const Record& one, int home) {
    table.add_record();
    table.set(Role::given_name, one.given);
    table.set(Role::family_name, one.family);
    table.set(Role::birth_date, one.born);
    table.set(Role::sex, one.sex);
    table.set(Role::house_number, one.house);
    table.set(Role::address_line_1, one.street);
    table.set(Role::city, one.city);
    table.set(Role::phone, one.phone);
    homes_[home].push_back(static_cast<std::uint32_t>(table.size() - 1));
    return table.size() - 1;
  }

  LinkageModel learned() {
    Comparer comparer(table, comparisons_for(table));
    PatternHistogram candidates, random;
    for (auto const& [home, records] : homes_)
      for (std::size_t a = 0; a < records.size(); ++a)
        for (std::size_t b = a + 1; b < records.size(); ++b)
          candidates.add(comparer.compare(records[a], records[b]));
    for (int k = 0; k < 200'000; ++k) {
      std::size_t const a = random_() % table.size(), b = random_() % table.size();
      if (a != b) random.add(comparer.compare(std::min(a, b), std::max(a, b)));
    }
    auto const n = static_cast<double>(table.size());
    return train(comparisons_for(table), random, candidates, n * (n - 1) / 2, n / 2);
  }

  PersonTable table;

 private:
  std::string word(int syllables) {
    std::string made;
    for (; syllables > 0; --syllables) {
      made += "bcdfghklmnprstvw"[random_() % 16];
      made += "aeiou"[random_() % 5];
    }
    return made;
  }
  std::string number(unsigned most) { return std::to_string(1 + random_() % most); }
  std::string sex() { return random_() % 2 == 0 ? "f" : "m"; }
  std::string date() {
    return std::to_string(19300101 + (random_() % 80) * 10000 + (random_() % 12) * 100 +
                          random_() % 28);
  }

  std::mt19937 random_{5};
  std::map<int, std::vector<std::uint32_t>> homes_;
};

TEST(Household, WhoLivesTogetherIsNotOnePerson) {
  Town town(true);
  LinkageModel const model = town.learned();
  EXPECT_GT(model.household_prior, model.prior) << "there are more of them";
  EXPECT_LT(model.twins_share, 0.01) << "and none of them twins";
  Record const ann{"anna", "weber", "19800131", "f", "12", "elm", "salem", "5551234"};
  Record carl = ann, moved = ann, twin = ann, son = ann;
  carl.given = "carl", carl.born = "19780512", carl.sex = "m";
  moved.house = "99", moved.street = "oak", moved.city = "dover";
  twin.given = "beth";
  son.born = "20071112";
  auto const at = [&](const Record& one) {
    return static_cast<std::uint32_t>(town.add(one, 100'000));
  };
  std::uint32_t const a = at(ann);
  Comparer comparer(town.table, model.comparisons);
  PairScorer const scorer(model, town.table);
  auto const bits = [&](const Record& other) {
    std::uint32_t const b = at(other);
    Pattern const pattern = comparer.compare(a, b);
    double sum = 0;
    for (auto const& [level, rarity] : scorer.explain(pattern, {a, b})) sum += level + rarity;
    EXPECT_NEAR(sum, scorer.score(pattern, {a, b}), 1e-9) << "the evidence adds up";
    return sum;
  };
  EXPECT_GT(bits(ann), 8);
  EXPECT_GT(bits(moved), 0) << "a move is one disagreement, not three";
  EXPECT_LT(bits(carl), -3);
  EXPECT_LT(bits(twin), 0);
  EXPECT_LT(bits(son), 0) << "who has the father's name";
  Record swapped = twin;
  std::swap(swapped.given, swapped.family);
  EXPECT_LT(bits(swapped), 0) << "what is in both is the family's name";
  swapped = ann;
  std::swap(swapped.given, swapped.family);
  EXPECT_GT(bits(swapped), 5) << "but who has both names is one person";
  // Nobody's father was born in the same year.
  LinkageModel with_namesakes = model;
  with_namesakes.namesakes_share = 0.02;
  PairScorer const knowing(with_namesakes, town.table);
  auto const lost = [&](const char* born) {
    Record other = ann;
    other.born = born;
    std::uint32_t const b = at(other);
    Pattern const pattern = comparer.compare(a, b);
    return scorer.score(pattern, {a, b}) - knowing.score(pattern, {a, b});
  };
  EXPECT_LT(lost("19800130"), 0.1);
  EXPECT_GT(lost("19600131"), 1);
}

TEST(Household, WithoutMovesEachPartIsOfAllPairs) {
  LinkageModel const model = Town(true).learned(), by_part = without_moves(model);
  // Half of those who are there twice moved between.
  EXPECT_NEAR(model.moved_share, .5, .05);
  EXPECT_EQ(by_part.moved_share, 0);
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    Comparison const& one = model.comparisons[k];
    double sum = 0;
    for (Level level = 1; level <= one.top; ++level) sum += by_part.m[k][level];
    EXPECT_NEAR(sum, 1, 1e-9) << name(one);
    EXPECT_EQ(is_of_home(one.role), by_part.m[k] != model.m[k]) << name(one);
    if (one.role == Role::address_line_1) {
      EXPECT_GT(model.m[k][one.top], .99) << "of who stayed";
      EXPECT_NEAR(by_part.m[k][one.top], .5, .05);
    }
  }
}

TEST(Household, HowManyAreTwinsIsLearned) {
  // Of sixteen homes with two or more, one; and of a home's up to six pairs, one.
  double const share = Town(true, true).learned().twins_share;
  EXPECT_GT(share, 0.01);
  EXPECT_LT(share, 0.03);
}

TEST(Household, WithoutBirthDatesNobodyKnows) {
  Town const town(true);
  PatternHistogram none;
  Comparer const comparer(town.table, comparisons_for(town.table));
  std::vector<Comparison> comparisons = comparer.comparisons();
  std::erase_if(comparisons, [](Comparison const& one) { return one.role == Role::birth_date; });
  EXPECT_EQ(train(comparisons, none, none, 1000, 10).household_prior, 0);
}

TEST(Household, OfAListWithoutFamiliesThereIsNoSuchClass) {
  LinkageModel const model = Town(false).learned();
  EXPECT_EQ(model.household_prior, 0);
}

}  // namespace
}  // namespace hl7flow::linkage
