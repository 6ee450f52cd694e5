#pragma once

#include <memory>
#include <string>
#include <vector>

#include <hl7flow/adapters/cli/match/people.h>
#include <hl7flow/parsers/linkage/blocking.h>
#include <hl7flow/parsers/linkage/clusters.h>

namespace hl7flow::cli {

/// All that matching finds in a list of persons, from columns to persons, without labels.
struct Matching {
  linkage::BlockingReport blocking;
  linkage::LinkageModel model;
  std::vector<linkage::ScoredPair> pairs;  // candidates, in order of records
  std::vector<linkage::Pattern> patterns;  // of each
  std::vector<std::uint32_t> persons;      // of each record: the person's first record
  bool guards_twins = false;
  double expected_links = 0;  // pairs that are one person, by the model's own count
};

struct MatchOptions {
  bool link = false;  // two lists, each without repetitions
  bool guard_twins = false;
  double link_probability = 0.5, review_probability = 0.05;
  std::size_t threads = 0;  // 0: all cores
};

/// The same whatever the number of threads.
Matching match(const linkage::PersonTable& table, const MatchOptions& options);

double bits_of(double probability);
double probability_of(double bits);

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
Agreement judge_persons(const Matching& found, const People& people, bool link);
/// The share of true pairs that are candidates.
double completeness(const Matching& found, const People& people, bool link);

}  // namespace hl7flow::cli
