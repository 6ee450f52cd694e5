#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <hl7flow/parsers/linkage/linkage_model.h>

// From pairs to persons.
namespace hl7flow::linkage {

struct ScoredPair {
  RecordPair pair;
  float bits;  // log2 of the odds that they are one person
};

struct ClusterOptions {
  double link_bits = 0;             // a pair joins from here on: more likely than not
  double guard_bits = 0;            // two groups join if their pairs are at least so on average
  double clamp_bits = 15;           // one pair counts no more than this in the average
  std::size_t sample_max = 40;      // pairs of two groups that are looked at
  bool one_of_each_source = false;  // two records of one source are never one person
};

/// What is known of records before the model speaks.
struct KnownPairs {
  std::vector<RecordPair> apart;     // two persons: nor are those that each of them is one with
  std::vector<RecordPair> together;  // one person; in this order, but for what is apart
};

/// What tells a junior from a senior: two records with different marks are two persons if
/// `are_two` says so as well, and are not one by way of a third either, unless they are known to
/// be.
struct Marks {
  std::span<const std::uint8_t> of;  // each record: below 8; 0 if it has none
  std::function<bool(RecordPair)> are_two;
};

/// The number of the first record of the person of each record. What is known comes first. Pairs
/// join from the surest down, ties in order of records; a chain of likely pairs does not make two
/// different persons one, because the groups that a pair would join are compared as a whole
/// (average linkage). Of records that are known to be one person it is enough to fit those that the
/// model would join as well: somebody said so because they look different. `score` gives the bits
/// of any two records. Deterministic.
std::vector<std::uint32_t> cluster(std::size_t records, std::vector<ScoredPair> pairs,
                                   const ClusterOptions& options,
                                   const std::function<double(RecordPair)>& score,
                                   std::span<const std::uint32_t> sources = {},
                                   const KnownPairs& known = {}, const Marks& marks = {});

}  // namespace hl7flow::linkage
