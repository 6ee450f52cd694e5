#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hl7flow/parsers/linkage/comparer.h>
#include <hl7flow/parsers/linkage/record_pair.h>

// Fellegi and Sunter's model of record linkage (JASA 64, 1969), with its parameters found without
// labels by expectation maximization (Dempster, Laird, Rubin 1977; Winkler 1988).
namespace hl7flow::linkage {

/// How probable each level is among records of one person (m) and of two (u), and how many pairs
/// are of one person. Missing values count neither for nor against. Of two persons, a few live
/// together: they share a family name, a home, a telephone, and are more alike than chance makes
/// them. They are a class of their own, in which what is a person's own agrees by chance; but for
/// twins, who share the birth date and never the given name, and namesakes, such as a father and a
/// son, who share the given name and not the birth date.
struct LinkageModel {
  std::vector<Comparison> comparisons;
  std::array<std::array<double, level_max + 1>, comparison_max> m{}, u{};
  double prior = 0;  // of a pair of records, any two
  std::array<std::array<double, level_max + 1>, comparison_max> household{};
  double household_prior = 0;  // that a pair is of two who live together; 0: nobody knows
  double twins_share = 0, namesakes_share = 0;  // of the pairs of two who live together

  /// log2(m / u) of a level, in bits; 0 for a missing value.
  double weight(std::size_t comparison, Level level) const noexcept;
  double prior_weight() const noexcept;
  /// The same of a pair of one household against any two persons.
  double household_weight(std::size_t comparison, Level level) const noexcept;
  double household_prior_weight() const noexcept;
};

/// Bits of each level against any two persons, for one person and for the kinds of two who live
/// together; and of each kind of pair before anything is compared.
class ClassWeights {
 public:
  explicit ClassWeights(const LinkageModel& model);

  using Table = std::array<std::array<double, level_max + 1>, comparison_max>;
  Table person{}, household{}, twins{}, namesakes{};
  double person_prior = 0, household_prior = 0, twins_prior = 0, namesakes_prior = 0;
};

/// log2 of the odds that the pair is one person: prior, levels, and how rare the values are on
/// which both agree. With a model that knows households, parts of an address that differ are one
/// move: the one that says most counts. With a guard, or such a model, twins (another given name;
/// the same family name, day of birth, and home or telephone) and namesakes (the same names and
/// home, born apart: father and son) are left below even odds, to be reviewed, unless an identifier
/// says otherwise.
class PairScorer {
 public:
  PairScorer(const LinkageModel& model, const PersonTable& table, bool guards_twins = false);
  double score(const Pattern& pattern, RecordPair pair) const noexcept;
  /// The same, term by term: the prior, then for each comparison the level's weight and what the
  /// rarity of its value adds, then what is taken because they may be two of a household, and last
  /// what is taken from twins.
  std::vector<std::pair<double, double>> explain(const Pattern& pattern, RecordPair pair) const;

 private:
  friend class BatchScorer;

  double rarity(std::size_t comparison, const Pattern& pattern, RecordPair pair) const noexcept;
  double rarity_of(std::size_t comparison, ValueId value) const noexcept;
  bool may_be_kin(const Pattern& pattern) const noexcept;
  double household_bits(const Pattern& pattern, double shared_rarity,
                        double given_rarity) const noexcept;
  double finish(const Pattern& pattern, double sum, double moved, double shared_rarity,
                double given_rarity) const noexcept;

  const LinkageModel& model_;
  const PersonTable& table_;
  ClassWeights const weights_;
  double rarest_ = 2;  // records with one value, of which rarer ones are not told
  std::array<bool, comparison_max> is_home_{}, is_shared_{};
  bool const guards_;
  bool swaps_ = false;
  std::size_t swap_place_ = 0;
};

struct PatternCount {
  Pattern pattern;
  std::uint64_t count = 0;
};

/// Counts patterns, of which there are few different ones.
class PatternHistogram {
 public:
  void add(const Pattern& pattern, std::uint64_t count = 1);
  void add(const PatternHistogram& other);
  std::vector<PatternCount> counts() const;

 private:
  std::vector<PatternCount> slots_ = std::vector<PatternCount>(1024);
  std::size_t used_ = 0;
};

/// Finds a model. `random` are patterns of pairs drawn at random, nearly none of one person: they
/// give u. `candidates` are those of all pairs that share something: they hold nearly all pairs of
/// one person. `all_pairs` is how many pairs there are.
LinkageModel train(std::vector<Comparison> comparisons, const PatternHistogram& random,
                   const PatternHistogram& candidates, double all_pairs, double expected_links);

}  // namespace hl7flow::linkage
