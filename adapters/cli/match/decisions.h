#pragma once

#include <string>
#include <vector>

#include <hl7flow/adapters/cli/match/people.h>
#include <hl7flow/parsers/linkage/linkage_model.h>

// What people decided who looked at two records: it outranks rules and the model.
namespace hl7flow::cli {

struct Decision {
  linkage::RecordPair pair;
  bool is_same;
  std::string row;  // "decided.csv:7"
};

struct Decisions {
  std::vector<Decision> pairs;  // in order of records, one a pair
  std::uint64_t unknown = 0;    // rows that name a record that is in no list

  /// Null if nobody has decided on the pair.
  const Decision* find(linkage::RecordPair pair) const;
};

/// Reads CSV files with the columns record_a, record_b (ids) and decision: same, different, or open
/// (what stands of the pair in rows before does not count). source_a and source_b, the numbers of
/// lists, tell ids that several lists have. Other columns do not matter, rows without a decision
/// are passed over. Failures: not_found; bad_config with the row, or with both of two that
/// contradict each other, be it by way of a third record.
Result<Decisions, Failure> read_decisions(const std::vector<std::string>& files,
                                          const People& people);

}  // namespace hl7flow::cli
