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
  double prior = 0;    // of a pair of records, any two
  double records = 0;  // of the list that it was learned from; 0: nobody knows
  std::array<std::array<double, level_max + 1>, comparison_max> household{};
  double household_prior = 0;  // that a pair is of two who live together; 0: nobody knows
  double twins_share = 0, namesakes_share = 0;  // of the pairs of two who live together
  /// Of pairs of one person who moved between: what parts of an address agree on then.
  std::array<std::array<double, level_max + 1>, comparison_max> moved{};
  double moved_share = 0;  // of the pairs of one person; 0: not told
  double apart_share = 0;  // of the pairs of a household: one of them moved

  /// log2(m / u) of a level, in bits; 0 for a missing value.
  double weight(std::size_t comparison, Level level) const noexcept;
  double prior_weight() const noexcept;
  /// The same of a pair of one household against any two persons.
  double household_weight(std::size_t comparison, Level level) const noexcept;
  double household_prior_weight() const noexcept;
  /// The same of a pair of one person who moved.
  double moved_weight(std::size_t comparison, Level level) const noexcept;
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

/// The model for who weighs each part of an address by itself: m and `household` are of those who
/// stayed and those who moved together.
LinkageModel without_moves(LinkageModel model);

}  // namespace hl7flow::linkage
