#include <gtest/gtest.h>

#include <vector>

#include <hl7flow/parsers/linkage/one_counterpart.h>

namespace hl7flow::linkage {
namespace {

/// Two lists of so many, the records of the second behind those of the first, whose records of one
/// place are of one person, and surely so; but for the last `open`, of which nothing is known.
struct Lists {
  Lists(std::uint32_t size, std::uint32_t open) : sources(2 * std::size_t{size}) {
    for (std::uint32_t k = 0; k < size; ++k) {
      sources[size + k] = 1;
      if (k + open < size) pairs.push_back({{k, size + k}, 30});
    }
  }
  float bits(std::uint32_t a, std::uint32_t b) const {
    for (ScoredPair const& one : pairs)
      if (one.pair == RecordPair{a, b}) return one.bits;
    return 0;
  }
  std::vector<std::uint32_t> sources;
  std::vector<ScoredPair> pairs;
};

TEST(OneCounterpart, WhereNearlyAllHaveOneAWeakCandidateIsLikely) {
  Lists full(1000, 1);
  full.pairs.push_back({{999, 1999}, -2});
  weigh_against_rivals(full.pairs, full.sources);
  EXPECT_GT(full.bits(999, 1999), 3);
  EXPECT_LE(full.bits(999, 1999), -2 + 6.7) << "but no list is complete";
  EXPECT_GT(full.bits(0, 1000), 30);

  Lists half(1000, 500);
  half.pairs.push_back({{999, 1999}, -2});
  weigh_against_rivals(half.pairs, half.sources);
  EXPECT_LT(half.bits(999, 1999), 0) << "as many have none";
}

TEST(OneCounterpart, OfTwoGoodCandidatesNeitherIs) {
  Lists lists(1000, 2);
  lists.pairs.push_back({{998, 1998}, 8});
  lists.pairs.push_back({{998, 1999}, 8});
  weigh_against_rivals(lists.pairs, lists.sources);
  EXPECT_NEAR(lists.bits(998, 1998), 0, 1);
  EXPECT_EQ(lists.bits(998, 1998), lists.bits(998, 1999));
}

TEST(OneCounterpart, WhoHasABetterOneIsNoRival) {
  Lists lists(1000, 1);
  lists.pairs.push_back({{999, 1999}, 2});
  lists.pairs.push_back({{999, 1000}, 6});  // but record 1000 is record 0
  weigh_against_rivals(lists.pairs, lists.sources);
  EXPECT_GT(lists.bits(999, 1999), 2);
  EXPECT_LT(lists.bits(999, 1000), -10);
}

TEST(OneCounterpart, EachTwoOfThreeListsAreTheirOwn) {
  std::vector<std::uint32_t> const sources{0, 1, 2, 0, 1, 2};
  std::vector<ScoredPair> pairs{{{0, 1}, 10}, {{0, 2}, 10}, {{1, 2}, 10}, {{0, 4}, 0}};
  weigh_against_rivals(pairs, sources);
  EXPECT_GT(pairs[0].bits, 9);
  EXPECT_GT(pairs[1].bits, 10) << "a record of another list is no rival";
  EXPECT_LT(pairs[3].bits, -8);
}

}  // namespace
}  // namespace hl7flow::linkage
