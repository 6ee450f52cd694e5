#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hl7flow/parsers/linkage/parallel_for.h>
#include <hl7flow/parsers/linkage/person_table.h>
#include <hl7flow/parsers/linkage/record_pair.h>

// Which pairs of records are worth comparing: those that share at least one thing, or two things
// together, that few others share.
namespace hl7flow::linkage {

struct BlockingOptions {
  bool between_sources_only = false;  // to link two lists that have no repetitions in themselves
  // About how many pairs the rules may bring, counted for each rule; the rarest coincidences come
  // first. A short list is compared with all its coincidences.
  double pairs_a_record = 40, pairs_at_least = 5e6;
  std::size_t block_max = 300;  // records that share a thing, beyond which it says too little
  // Records of one source that are the same in everything, beyond which the first stands for all:
  // the visits of one patient would fill their blocks, and those of others who are alike.
  std::size_t repeats_max = 16;
};

struct BlockingReport {
  struct Rule {
    std::string name;  // "family_name + birth_year"
    double expected_pairs = 0;
  };
  std::vector<Rule> rules;  // that were used
};

/// All pairs that a rule brings together, and of records that repeat the first with each, once and
/// in order. A rule is a piece of a record (a value, the sound of a name, a birth month) or two of
/// them together. Which rules are used follows from the data: those that bring the fewest pairs,
/// until there are enough. Deterministic; rules are worked out at the same time where
/// `parallel_for` does so.
std::vector<RecordPair> candidate_pairs(const PersonTable& table, const BlockingOptions& options,
                                        BlockingReport* report = nullptr,
                                        const ParallelFor& parallel_for = in_turn);

/// The Soundex code of a name (American, as the US National Archives describe it), or empty.
std::string soundex(std::string_view name);

}  // namespace hl7flow::linkage
