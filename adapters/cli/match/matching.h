#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <hl7flow/adapters/cli/match/known.h>
#include <hl7flow/adapters/cli/match/people.h>
#include <hl7flow/parsers/linkage/blocking.h>
#include <hl7flow/parsers/linkage/clusters.h>

namespace hl7flow::cli {

/// All that matching finds in a list of persons, from columns to persons, without labels.
struct Matching {
  Known known;  // before the model spoke
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

/// Learns a model from the table, and finds the persons with it; with a `trained` model, whose
/// comparisons fit the table, learns nothing. What is known holds whatever the model says. The same
/// whatever the number of threads.
Matching match(const linkage::PersonTable& table, const MatchOptions& options,
               std::optional<linkage::LinkageModel> trained = {}, Known known = {});

/// The model alone.
linkage::LinkageModel learn(const linkage::PersonTable& table, const MatchOptions& options,
                            linkage::BlockingReport* report = nullptr);

/// Of each record the person's first record, if pairs join from another probability on.
std::vector<std::uint32_t> persons_at(double probability, const Matching& found,
                                      const linkage::PersonTable& table, bool link);

/// Pairs among some records: of all, or between sources only.
double pairs_among(std::span<const std::uint32_t> records, const linkage::PersonTable& table,
                   bool link);

double bits_of(double probability);
double probability_of(double bits);

}  // namespace hl7flow::cli
