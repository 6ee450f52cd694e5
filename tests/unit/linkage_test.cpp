#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include <hl7flow/parsers/linkage/blocking.h>
#include <hl7flow/parsers/linkage/clusters.h>
#include <hl7flow/parsers/linkage/column_dependence.h>
#include <hl7flow/parsers/linkage/pair_scorer.h>
#include <hl7flow/parsers/linkage/similarity.h>

namespace hl7flow::linkage {
namespace {

TEST(Similarity, JaroWinkler) {
  // Winkler's own examples ("String comparator metrics", 1990, table 1), to three places.
  EXPECT_NEAR(jaro_winkler("MARTHA", "MARHTA"), 0.961, 0.001);
  EXPECT_NEAR(jaro_winkler("DWAYNE", "DUANE"), 0.840, 0.001);
  EXPECT_NEAR(jaro_winkler("DIXON", "DICKSONX"), 0.813, 0.001);
  EXPECT_EQ(jaro_winkler("anna", "anna"), 1);
  EXPECT_EQ(jaro_winkler("abc", "xyz"), 0);
  EXPECT_EQ(jaro_winkler("", ""), 0);
  EXPECT_EQ(jaro_winkler("a", "a"), 1);
  std::string const longest(200, 'a');
  EXPECT_EQ(jaro_winkler(longest, longest + "b"), 1) << "cut at 64";
}

TEST(Similarity, EditDistance) {
  EXPECT_EQ(edit_distance("kitten", "sitting", 5), 3u);
  EXPECT_EQ(edit_distance("19800112", "19800121", 3), 1u) << "neighbours swapped";
  EXPECT_EQ(edit_distance("ab", "ba", 2), 1u);
  EXPECT_EQ(edit_distance("", "abc", 5), 3u);
  EXPECT_EQ(edit_distance("abcdefgh", "hgfedcba", 2), 3u) << "more than two";
}

TEST(Similarity, IsSymmetric) {
  std::mt19937_64 random(5);
  for (int k = 0; k < 2000; ++k) {
    std::string a, b;
    for (std::uint64_t n = random() % 12; n > 0; --n) a += static_cast<char>('a' + random() % 4);
    for (std::uint64_t n = random() % 12; n > 0; --n) b += static_cast<char>('a' + random() % 4);
    EXPECT_EQ(edit_distance(a, b, 20), edit_distance(b, a, 20)) << a << " " << b;
    EXPECT_GE(jaro_winkler(a, b), 0);
    EXPECT_LE(jaro_winkler(a, b), 1);
  }
}

TEST(Soundex, OfTheNationalArchives) {
  EXPECT_EQ(soundex("washington"), "w252");
  EXPECT_EQ(soundex("lee"), "l000");
  EXPECT_EQ(soundex("gutierrez"), "g362");
  EXPECT_EQ(soundex("pfister"), "p236");
  EXPECT_EQ(soundex("jackson"), "j250");
  EXPECT_EQ(soundex("tymczak"), "t522");
  EXPECT_EQ(soundex("ashcraft"), "a261");
  EXPECT_EQ(soundex(""), "");
}

TEST(PersonTable, NormalForms) {
  EXPECT_EQ(normal_value(Role::family_name, "  O'Brien-SMITH "), "obrien smith");
  EXPECT_EQ(normal_value(Role::family_name, "M\xc3\xbcller"), "muller");
  EXPECT_EQ(normal_value(Role::family_name, "\xc5\x81ukasz"), "lukasz");
  EXPECT_EQ(normal_value(Role::given_name, "BABYBOY"), "");
  EXPECT_EQ(normal_value(Role::given_name, "Unknown"), "");
  EXPECT_EQ(normal_value(Role::birth_date, "1980-01-31"), "19800131");
  EXPECT_EQ(normal_value(Role::birth_date, "19000101"), "");
  EXPECT_EQ(normal_value(Role::identifier, "123-45-6789"), "") << "nobody's";
  EXPECT_EQ(normal_value(Role::identifier, "999999999"), "");
  EXPECT_EQ(normal_value(Role::identifier, "531-20-8841"), "531208841");
  for (const char* const phone : {"+1 (555) 203-4411", "001 555 203 4411", "1-555-203-4411",
                                  "(555)203-4411X89", "555-203-4411 ext. 89"})
    EXPECT_EQ(normal_value(Role::phone, phone), "5552034411") << phone;
  for (const char* const zip : {"62704", "62704-1234", "62704 1234", "627041234"})
    EXPECT_EQ(normal_value(Role::postcode, zip), "62704") << zip;
  EXPECT_EQ(normal_value(Role::postcode, "SW1A 1AA"), "sw1a 1aa");
  EXPECT_EQ(normal_value(Role::city, "Saint Louis"), normal_value(Role::city, "St. Louis"));
  EXPECT_EQ(role_of_column("Last Name"), Role::family_name);
  EXPECT_EQ(role_of_column("date_of_birth"), Role::birth_date);
  EXPECT_FALSE(role_of_column("comment"));
}

PersonTable people(const std::vector<std::array<const char*, 4>>& records) {
  PersonTable table;
  for (Role const role : {Role::given_name, Role::family_name, Role::birth_date, Role::city})
    table.add_column(role);
  for (auto const& [given, family, born, city] : records) {
    table.add_record();
    table.set(Role::given_name, given);
    table.set(Role::family_name, family);
    table.set(Role::birth_date, born);
    table.set(Role::city, city);
  }
  return table;
}

TEST(Comparer, LevelsSayHowMuchAgrees) {
  PersonTable const table = people({{"anna", "smith", "19800131", "leeds"},
                                    {"anna", "smyth", "19803101", ""},
                                    {"smith", "anna", "19800131", "york"},
                                    {"", "smith", "19810131", "leeds"},
                                    {"bill", "smith", "19800131", "leeds"},
                                    {"william", "smith", "19800131", "leeds"}});
  Comparer comparer(table, comparisons_for(table));
  auto const levels = [&](std::size_t a, std::size_t b) {
    Pattern const found = comparer.compare(a, b);
    EXPECT_EQ(found, comparer.compare(a, b)) << "remembered";
    EXPECT_EQ(found[1], 0) << "no slip";
    return std::vector<int>{found[0], found[2], found[3], found[4], found[5]};
  };
  // given, family, swapped, birth date, city
  EXPECT_EQ(levels(0, 1), (std::vector<int>{5, 4, 1, 3, 0})) << "one letter; day and month swapped";
  EXPECT_EQ(levels(0, 2), (std::vector<int>{5, 5, 2, 5, 1})) << "names swapped";
  EXPECT_EQ(levels(0, 3), (std::vector<int>{0, 5, 1, 4, 4})) << "a missing name says nothing";
  EXPECT_EQ(levels(4, 5)[0], 2) << "a nickname";
}

TEST(Comparer, WhatASlipMakesIsSeldomAName) {
  PersonTable table;
  table.add_column(Role::given_name);
  std::vector<std::size_t> record_of;
  auto const add = [&](std::string_view name, std::size_t times) {
    record_of.push_back(table.size());
    for (std::size_t k = 0; k < times; ++k) {
      table.add_record();
      table.set(Role::given_name, name);
    }
  };
  add("martha", 500);
  add("marta", 40);
  add("maria", 90'000);
  add("martna", 3);
  add("", 10);
  add("marika", 20'000);
  Comparer comparer(table, comparisons_for(table));
  ASSERT_EQ(name(comparer.comparisons()[1]), "given_name_slip");
  auto const slip = [&](std::size_t a, std::size_t b) {
    Pattern const found = comparer.compare(record_of[a], record_of[b]);
    EXPECT_EQ(found, comparer.compare(record_of[b], record_of[a]));
    return int{found[1]};
  };
  EXPECT_EQ(slip(0, 3), 3) << "those who have it may be one person";
  EXPECT_EQ(slip(0, 1), 1) << "of 110,543 records, two of a name come about by slips, not forty";
  EXPECT_EQ(slip(2, 5), 1) << "two names";
  EXPECT_EQ(slip(0, 0), 0) << "the same name";
  EXPECT_EQ(slip(0, 4), 0) << "none";
  EXPECT_EQ(slip_level(4, 200'000), 2);
  EXPECT_EQ(slip_level(5, 200'000), 1);
}

TEST(ColumnDependence, AStateThatFollowsFromTheTownHardlyCounts) {
  PersonTable table;
  for (Role const role : {Role::city, Role::postcode, Role::state}) table.add_column(role);
  for (int k = 0; k < 400; ++k) {
    std::string const town = std::to_string(k % 20);
    table.add_record();
    table.set(Role::city, "town" + town);
    table.set(Role::postcode, "1" + town + std::to_string(k / 20 % 5));
    table.set(Role::state, k % 50 == 0 ? "zz" : k % 20 < 10 ? "aa" : "bb");
  }
  EXPECT_NEAR(follows(table, Role::state, Role::city), 0.98, 0.005);
  EXPECT_EQ(follows(table, Role::city, Role::postcode), 1);
  EXPECT_NEAR(follows(table, Role::postcode, Role::city), 0.2, 0.01);
  auto const comparisons = comparisons_to_learn(table);
  ASSERT_EQ(comparisons.size(), 3u);
  for (Comparison const& one : comparisons)
    EXPECT_EQ(one.share < 0.1, one.role == Role::state)
        << name(one) << ": a postcode says more than its town";
}

/// Patterns of pairs of which one of fifty is one person, with errors; and of pairs at random.
TEST(LinkageModel, FindsWhatTheDataWereMadeOf) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<> draw(0, 1);
  std::vector<Comparison> comparisons;
  for (Role const role : {Role::sex, Role::state, Role::occupation, Role::city})
    comparisons.push_back({ComparisonKind::word, role, 2, false});
  constexpr double m[] = {0.95, 0.9, 0.85, 0.97}, u[] = {0.5, 0.1, 0.05, 0.02};
  auto const pattern = [&](bool same) {
    Pattern made{};
    for (std::size_t k = 0; k < 4; ++k) {
      if (draw(random) < 0.1) continue;  // missing
      made[k] = draw(random) < (same ? m[k] : u[k]) ? 2 : 1;
    }
    return made;
  };
  PatternHistogram drawn, candidates;
  constexpr int pairs = 500'000;
  for (int k = 0; k < pairs; ++k) {
    drawn.add(pattern(false));
    candidates.add(pattern(k % 50 == 0));
  }
  LinkageModel const model = train(comparisons, drawn, candidates, pairs, 1000);
  EXPECT_NEAR(model.prior, 0.02, 0.002);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(model.m[k][2], m[k], 0.02) << k;
    EXPECT_NEAR(model.u[k][2], u[k], 0.01) << k;
    EXPECT_NEAR(model.weight(k, 2), std::log2(m[k] / u[k]), 0.3) << k;
    EXPECT_EQ(model.weight(k, 0), 0) << "missing";
  }
}

TEST(PairScorer, RareValuesSayMore) {
  std::vector<std::array<const char*, 4>> records(1000, {"anna", "smith", "19800131", "leeds"});
  records[0] = records[1] = {"anna", "vandermeer", "19800131", "leeds"};
  PersonTable const table = people(records);
  LinkageModel model;
  model.comparisons = comparisons_for(table);
  for (auto& levels : model.m) levels.fill(0.5);
  for (auto& levels : model.u) levels.fill(0.1);
  model.prior = 0.0001;
  PairScorer const scorer(model, table);
  Comparer comparer(table, model.comparisons);
  double const rare = scorer.score(comparer.compare(0, 1), {0, 1});
  double const common = scorer.score(comparer.compare(2, 3), {2, 3});
  EXPECT_NEAR(rare - common, std::log2(998.0 / 2), 0.01);
  auto const terms = scorer.explain(comparer.compare(0, 1), {0, 1});
  double sum = 0;
  for (auto const& [level, rarity] : terms) sum += level + rarity;
  EXPECT_NEAR(sum, rare, 1e-9) << "the evidence adds up";
  // Where a person has ten records, two that agree do not make a value that rare.
  model.prior = 0.009;
  PairScorer const many(model, table);
  double const gained =
      many.score(comparer.compare(0, 1), {0, 1}) - many.score(comparer.compare(2, 3), {2, 3});
  EXPECT_NEAR(gained, std::log2(998.0 / 10), 0.01);
}

TEST(PairScorer, AJuniorAndASeniorAreForReview) {
  PersonTable table;
  for (Role const role :
       {Role::given_name, Role::family_name, Role::phone, Role::identifier, Role::suffix})
    table.add_column(role);
  auto const add = [&](const char* suffix, const char* identifier) {
    table.add_record();
    table.set(Role::given_name, "ken");
    table.set(Role::family_name, "griffey");
    table.set(Role::phone, "5552034411");
    table.set(Role::identifier, identifier);
    table.set(Role::suffix, suffix);
  };
  add("Jr.", "");
  add("SENIOR", "");
  add("MD", "");
  add("II", "");
  add("Sr", "4711");
  add("junior", "4711");
  add("junior", "4712");
  add("Jr., M.D.", "");
  LinkageModel model;
  model.comparisons = comparisons_for(table);
  for (auto const& one : model.comparisons) EXPECT_NE(one.role, Role::suffix);
  for (auto& levels : model.m) levels.fill(0.9);
  for (auto& levels : model.u) levels.fill(0.001);
  model.prior = 0.5;
  Comparer comparer(table, model.comparisons);
  PairScorer const scorer(model, table);
  auto const bits = [&](std::uint32_t a, std::uint32_t b) {
    Pattern const pattern = comparer.compare(a, b);
    double sum = 0;
    for (auto const& [level, rarity] : scorer.explain(pattern, {a, b})) sum += level + rarity;
    EXPECT_NEAR(sum, scorer.score(pattern, {a, b}), 1e-9);
    return sum;
  };
  EXPECT_LT(bits(0, 1), 0) << "junior and senior";
  EXPECT_LT(bits(0, 4), 0) << "only one has an identifier";
  EXPECT_GT(bits(0, 2), 0) << "MD says nothing of it";
  EXPECT_GT(bits(0, 3), 0) << "II is junior";
  EXPECT_GT(bits(4, 5), 0) << "an identifier outweighs it";
  EXPECT_LT(bits(4, 6), 0) << "one that is only alike does not";
  EXPECT_LT(bits(4, 7), 0) << "it need not stand alone";
}

TEST(PersonTable, DatesAreWrittenInManyWays) {
  for (const char* const text :
       {"19611013", "1961-10-13", "1961-10-13T08:00:00", "1961-10-13 00:00:00", "10/13/1961",
        "13/10/1961", "13.10.1961", "13-10-1961", "13-Oct-1961", "October 13, 1961", "13 OCT. 1961",
        "19611013080000"})
    EXPECT_EQ(normal_value(Role::birth_date, text), "19611013") << text;
  EXPECT_EQ(normal_value(Role::birth_date, "1961-1-3"), "19610103");
  EXPECT_EQ(normal_value(Role::birth_date, "3.1.1961"), "19610103");
  EXPECT_EQ(normal_value(Role::birth_date, "1/3/1961"), "19610103") << "the month first";
  EXPECT_EQ(normal_value(Role::birth_date, "1961"), "1961");
  EXPECT_EQ(normal_value(Role::birth_date, "1961-'-10"), "196110");
  EXPECT_EQ(normal_value(Role::birth_date, "1961-10"), "196110");
  for (const char* const none :
       {"01/01/1900", "1900-01-01 00:00:00", "12/31/9999", "9999-12-31T00:00:00Z"})
    EXPECT_EQ(normal_value(Role::birth_date, none), "") << none;
}

TEST(Blocking, OneStandsForManyThatAreTheSame) {
  // The visits of one patient; somebody alike, and a neighbour.
  std::vector<std::array<const char*, 4>> records(400, {"zoe", "li", "19991231", "ely"});
  records.push_back({"zoe", "ly", "19991231", "ely"});
  records.push_back({"max", "li", "19500101", "ely"});
  PersonTable const table = people(records);
  auto const pairs = candidate_pairs(table, {});
  auto const has = [&](std::uint32_t a, std::uint32_t b) {
    return std::find(pairs.begin(), pairs.end(), RecordPair{a, b}) != pairs.end();
  };
  EXPECT_TRUE(has(0, 399));
  EXPECT_TRUE(has(0, 400));
  EXPECT_FALSE(has(1, 400));
  EXPECT_LT(pairs.size(), 410u);
}

TEST(PersonTable, ASuffixBehindTheFamilyNameIsNoPartOfIt) {
  PersonTable table, piece;
  for (PersonTable* const one : {&table, &piece}) {
    one->add_column(Role::family_name);
    one->add_column(Role::suffix);
  }
  auto const add = [](PersonTable& to, const char* family, const char* suffix) {
    to.add_record();
    to.set(Role::suffix, suffix);
    to.set(Role::family_name, family);
  };
  add(table, "Smith", "");
  add(table, "SMITH, Jr.", "");
  add(table, "Smith (Sr)", "");
  add(table, "Smith Jr", "III");  // what has a column of its own counts
  add(table, "Senior", "");
  add(table, ", Jr", "");
  add(piece, "smith 2nd", "");
  add(piece, "st john", "MD");
  table.append(piece);
  std::vector<std::string> families;
  std::vector<int> generations;
  for (std::size_t k = 0; k < table.size(); ++k) {
    families.emplace_back(table.text(Role::family_name, k));
    generations.push_back(table.generation(k));
  }
  EXPECT_EQ(families, (std::vector<std::string>{"smith", "smith", "smith", "smith", "senior", "jr",
                                                "smith", "st john"}));
  EXPECT_EQ(generations, (std::vector<int>{0, 2, 1, 3, 0, 0, 2, 0}));
  EXPECT_TRUE(have_two_suffixes(table, 1, 2));
  EXPECT_FALSE(have_two_suffixes(table, 1, 6));
  EXPECT_FALSE(have_two_suffixes(table, 0, 1));
}

TEST(PairScorer, TwinsAreForReviewIfTheyAreGuarded) {
  PersonTable table;
  for (Role const role :
       {Role::given_name, Role::family_name, Role::birth_date, Role::phone, Role::identifier})
    table.add_column(role);
  auto const add = [&](const char* given, const char* identifier) {
    table.add_record();
    table.set(Role::given_name, given);
    table.set(Role::family_name, "weaver");
    table.set(Role::birth_date, "20010203");
    table.set(Role::phone, "5552034411");
    table.set(Role::identifier, identifier);
  };
  add("castor", "");
  add("pollux", "");
  add("castor", "");
  add("pollux", "4711");
  add("bartholomew", "4711");
  LinkageModel model;
  model.comparisons = comparisons_for(table);
  for (auto& levels : model.m) levels.fill(0.9);
  for (auto& levels : model.u) levels.fill(0.001);
  model.prior = 0.5;
  Comparer comparer(table, model.comparisons);
  auto const bits = [&](std::uint32_t a, std::uint32_t b, bool guarded = true) {
    PairScorer const scorer(model, table, guarded);
    Pattern const pattern = comparer.compare(a, b);
    double sum = 0;
    for (auto const& [level, rarity] : scorer.explain(pattern, {a, b})) sum += level + rarity;
    EXPECT_NEAR(sum, scorer.score(pattern, {a, b}), 1e-9);
    return sum;
  };
  EXPECT_LT(bits(0, 1), 0) << "twins";
  EXPECT_GT(bits(0, 1, false), 0) << "or one person with two names";
  EXPECT_GT(bits(0, 2), 0) << "one of them twice";
  EXPECT_GT(bits(3, 4), 0) << "one person who goes by another name";
}

TEST(Blocking, BringsEachPairOnceAndTheRareOnesFirst) {
  std::vector<std::array<const char*, 4>> records;
  std::vector<std::string> names;
  for (int k = 0; k < 300; ++k) names.push_back("n" + std::to_string(k) + "x");
  for (int k = 0; k < 300; ++k)
    records.push_back({names[static_cast<std::size_t>(k)].c_str(), "smith", "", "leeds"});
  records[17] = {"zoe", "li", "19991231", "ely"};
  records[93] = {"zoe", "li", "19991231", "ely"};
  PersonTable const table = people(records);
  BlockingOptions options;
  options.pairs_at_least = 10;
  options.pairs_a_record = 0;
  BlockingReport report;
  auto const pairs = candidate_pairs(table, options, &report);
  EXPECT_EQ(pairs, (std::vector<RecordPair>{{17, 93}}));
  EXPECT_FALSE(report.rules.empty());
  options.pairs_at_least = 1e9;
  auto const all = candidate_pairs(table, options);
  for (std::size_t k = 1; k < all.size(); ++k)
    ASSERT_TRUE(all[k - 1].a < all[k].a || (all[k - 1].a == all[k].a && all[k - 1].b < all[k].b));
}

TEST(Clusters, AChainDoesNotJoinStrangers) {
  // 0-1-2 and 3-4-5 are two persons; 2 and 3 look alike.
  std::vector<ScoredPair> const pairs = {{{0, 1}, 12}, {{1, 2}, 11}, {{0, 2}, 10}, {{3, 4}, 12},
                                         {{4, 5}, 11}, {{3, 5}, 10}, {{2, 3}, 5}};
  auto const score = [&](RecordPair pair) {
    for (ScoredPair const& one : pairs)
      if (one.pair == pair) return static_cast<double>(one.bits);
    return -10.0;
  };
  EXPECT_EQ(cluster(6, pairs, {}, score), (std::vector<std::uint32_t>{0, 0, 0, 3, 3, 3}));
  ClusterOptions gullible;
  gullible.guard_bits = -100;
  EXPECT_EQ(cluster(6, pairs, gullible, score), (std::vector<std::uint32_t>(6, 0)));
}

TEST(Clusters, OfTwoListsOneOfEach) {
  std::vector<std::uint32_t> const sources = {0, 0, 1, 1};
  ClusterOptions options;
  options.one_of_each_source = true;
  auto const score = [](RecordPair) { return 5.0; };
  // 2 is nearer to 1; what is left of it goes to nobody twice.
  EXPECT_EQ(cluster(4, {{{0, 2}, 4}, {{1, 2}, 9}, {{0, 3}, 2}}, options, score, sources),
            (std::vector<std::uint32_t>{0, 1, 1, 0}));
}

TEST(Clusters, WhatIsKnownOutranksTheModel) {
  std::vector<ScoredPair> const pairs = {{{0, 1}, 5}, {{2, 3}, 5}, {{3, 4}, 5}};
  auto const score = [&](RecordPair pair) {
    bool const is_likely = std::any_of(pairs.begin(), pairs.end(),
                                       [&](ScoredPair const& one) { return one.pair == pair; });
    return is_likely ? 5.0 : -20.0;
  };
  auto const of = [&](const KnownPairs& known) { return cluster(6, pairs, {}, score, {}, known); };
  using Persons = std::vector<std::uint32_t>;
  EXPECT_EQ(of({}), (Persons{0, 0, 2, 2, 4, 5}));
  // Who is one with 0 by the model stays so, though unlike the 5 that is known to be 0.
  EXPECT_EQ(of({{}, {{0, 5}}}), (Persons{0, 0, 2, 2, 4, 0}));
  EXPECT_EQ(of({{{0, 1}}, {}}), (Persons{0, 1, 2, 2, 4, 5}));
  // By way of others: 1 is one with 4, who is not one with 0.
  EXPECT_EQ(of({{{0, 4}, {3, 4}}, {{1, 4}}}), (Persons{0, 1, 2, 2, 1, 5}));
  // Who is alike with either of two that are known to be one is of that person.
  EXPECT_EQ(of({{}, {{1, 4}}}), (Persons{0, 0, 2, 2, 0, 5}));
  EXPECT_EQ(of({{}, {{1, 2}}}), (Persons{0, 0, 0, 0, 4, 5}));
  EXPECT_EQ(of({{{2, 5}}, {{3, 5}}}), (Persons{0, 0, 2, 3, 3, 3}));
  // What holds apart comes first, and leaves the rest of what joins.
  EXPECT_EQ(of({{{0, 2}}, {{0, 1}, {1, 2}, {2, 5}}}), (Persons{0, 0, 2, 2, 4, 2}));
}

TEST(Clusters, MarksTellTwoApart) {
  using Persons = std::vector<std::uint32_t>;
  // A senior, one of whom that is not said, a junior: the first and the last are no pair.
  std::vector<ScoredPair> const pairs = {{{0, 1}, 9}, {{1, 2}, 8}};
  auto const score = [](RecordPair) { return 9.0; };
  bool agrees = false;
  auto const of = [&](const std::vector<std::uint8_t>& marks, const KnownPairs& known) {
    return cluster(3, pairs, {}, score, {}, known, {marks, [&](RecordPair) { return !agrees; }});
  };
  EXPECT_EQ(of({1, 0, 2}, {}), (Persons{0, 0, 2}));
  EXPECT_EQ(of({1, 0, 1}, {}), (Persons{0, 0, 0}));
  EXPECT_EQ(of({0, 0, 2}, {}), (Persons{0, 0, 0}));
  EXPECT_EQ(of({1, 2, 2}, {}), (Persons{0, 1, 1}));
  EXPECT_EQ(of({1, 0, 2}, {{}, {{0, 2}}}), (Persons{0, 0, 0})) << "it is known better";
  agrees = true;
  EXPECT_EQ(of({1, 0, 2}, {}), (Persons{0, 0, 0})) << "an identifier agrees";
}

}  // namespace
}  // namespace hl7flow::linkage
