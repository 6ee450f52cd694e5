#pragma once

#include <vector>

#include <hl7flow/adapters/cli/match/matching.h>

// How good a matching is, where a column knows the truth.
namespace hl7flow::cli {

/// Pairs of one person that are, and are not, where the truth has them.
struct Agreement {
  double right = 0, wrong = 0, missed = 0;
  double precision() const { return right + wrong > 0 ? right / (right + wrong) : 1; }
  double recall() const { return right + missed > 0 ? right / (right + missed) : 1; }
  double f1() const {
    return right > 0 ? 2 * right / (2 * right + wrong + missed) : (wrong + missed > 0 ? 0 : 1);
  }
};
/// Of pairs with at least so many bits, and of persons.
Agreement judge_pairs(const Matching& found, const People& people, bool link, double least_bits);
Agreement judge_persons(const std::vector<std::uint32_t>& person_of, const People& people,
                        bool link);
/// The share of true pairs that are candidates.
double completeness(const Matching& found, const People& people, bool link);

}  // namespace hl7flow::cli
