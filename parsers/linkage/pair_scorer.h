#pragma once

#include <utility>
#include <vector>

#include <hl7flow/parsers/linkage/class_weights.h>
#include <hl7flow/parsers/linkage/record_pair.h>

namespace hl7flow::linkage {

/// How many records have a value, at least, in the odds that two have it by chance: as many as a
/// person has records, which say nothing of others, and no fewer than the two.
double rarest_count(const LinkageModel& model, std::size_t records) noexcept;

/// What a pair that is to be reviewed has at most: one in three.
inline constexpr double guarded_bits = -1;

/// log2 of the odds that the pair is one person: prior, levels, and how rare the values are on
/// which both agree. With a model that knows households, what two who live together share counts
/// for less, an address is that of one who stayed or of one who moved, and twins (another given
/// name; the same family name, day of birth, and home or telephone) and namesakes (the same names
/// and home, born apart: father and son) are left below even odds, to be reviewed, unless an
/// identifier says otherwise; without one, if told to guard twins. So are a junior and a senior,
/// always.
class PairScorer {
 public:
  PairScorer(const LinkageModel& model, const PersonTable& table, bool guards_twins = false);
  double score(const Pattern& pattern, RecordPair pair) const noexcept;
  /// Whether the pair may be twins, or a father and a son, and is left below even odds for it.
  bool is_guarded(const Pattern& pattern, RecordPair pair) const noexcept {
    return (guards_ && may_be_kin(pattern)) || are_two_by_suffix(pattern, pair);
  }
  /// Whether one is junior and one senior, and no identifier agrees: two persons, whatever the
  /// score.
  bool are_two_by_suffix(const Pattern& pattern, RecordPair pair) const noexcept;
  /// The same, term by term: the prior, then for each comparison the level's weight and what the
  /// rarity of its value adds, then what is taken because one may have moved, because they may be
  /// two of a household, and from twins.
  std::vector<std::pair<double, double>> explain(const Pattern& pattern, RecordPair pair) const;

 private:
  friend class BatchScorer;

  /// What the comparisons add up to: all but the address, and what that says of one who stayed, and
  /// of one who moved; and what of it is rarity, of what households share beside the address, too.
  struct Sums {
    double bits, stayed = 0, elsewhere = 0;
    double home_rarity = 0, shared_rarity = 0, given_rarity = 0, birth_rarity = 0;
  };

  Sums sums_of(const Pattern& pattern, RecordPair pair) const noexcept;
  double rarity(std::size_t comparison, const Pattern& pattern, RecordPair pair) const noexcept;
  double rarity_of(std::size_t comparison, ValueId value) const noexcept;
  bool may_be_kin(const Pattern& compared) const noexcept;
  bool may_be_generations(RecordPair pair) const noexcept;
  double household_bits(const Pattern& pattern, RecordPair pair, const Sums& sums) const noexcept;
  double finish(const Pattern& pattern, RecordPair pair, const Sums& sums) const noexcept;

  const LinkageModel& model_;
  const PersonTable& table_;
  ClassWeights const weights_;
  double const rarest_;
  double const shortness_;  // 0: the model is of a list as long as this, up to 1
  std::array<bool, comparison_max> is_shared_{};
  bool const guards_;
  bool swaps_ = false;
  std::size_t swap_place_ = 0;
};

}  // namespace hl7flow::linkage
