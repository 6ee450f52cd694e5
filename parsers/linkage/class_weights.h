#pragma once

#include <utility>

#include <hl7flow/parsers/linkage/linkage_model.h>

namespace hl7flow::linkage {

/// Bits of each level against any two persons, for one person and for the kinds of two who live
/// together; and of each kind of pair before anything is compared.
class ClassWeights {
 public:
  explicit ClassWeights(const LinkageModel& model);

  using Table = std::array<std::array<double, level_max + 1>, comparison_max>;
  /// `moved` are those of the parts of an address, where `is_home`, of one person who moved.
  Table person{}, moved{}, household{}, twins{}, namesakes{};
  std::array<bool, comparison_max> is_home{};
  double person_prior = 0, household_prior = 0, twins_prior = 0, namesakes_prior = 0;

  /// The pattern as two relatives would have come to it: where one name is in both records
  /// crosswise, and the other is not, they share that of their family.
  Pattern of_relatives(Pattern pattern) const noexcept {
    if (!has_swaps_ || pattern[swap_] != 2) return pattern;
    if (pattern[family_] <= 1) std::swap(pattern[given_], pattern[family_]);
    return pattern;
  }
  /// What a pattern says of each kind of two of a household, its prior and all but the address; and
  /// what the address says of two who live together.
  struct Kin {
    double household, twins, namesakes, together;
  };
  Kin of_kin(const Pattern& pattern) const noexcept;
  /// Of the sums of what an address says of who stayed, and of who moved, what it says; and how
  /// probable it is that one moved.
  struct Address {
    double bits, moved;
  };
  /// Of one person.
  Address of_address(double stayed, double elsewhere) const noexcept {
    return either(stayed + stays_prior_, elsewhere + moves_prior_);
  }
  /// Of two of a household.
  Address of_shared_address(double together, double elsewhere) const noexcept {
    return either(together + together_prior_, elsewhere + apart_prior_);
  }

 private:
  static Address either(double stayed, double elsewhere) noexcept;

  std::size_t count_ = 0;
  bool has_swaps_ = false;
  std::size_t swap_ = 0, given_ = 0, family_ = 0;  // places of comparisons
  double stays_prior_ = 0, moves_prior_ = 0, together_prior_ = 0, apart_prior_ = 0;
};

}  // namespace hl7flow::linkage
