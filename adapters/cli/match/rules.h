#pragma once

#include <string>
#include <vector>

#include <hl7flow/adapters/cli/match/people.h>
#include <hl7flow/parsers/linkage/linkage_model.h>

// A site's own rules: what makes two records one person whatever the model says.
namespace hl7flow::cli {

/// Records that agree exactly on all values of a rule, and miss none of them, stand in one group.
struct MatchRule {
  std::string text;                                // "identifier+birth_date"
  std::vector<std::vector<std::uint32_t>> groups;  // of two and more, in order of records
  std::vector<std::uint32_t> group_of;             // of each record: 1 is the first group, 0 none

  bool joins(linkage::RecordPair pair) const {
    return group_of[pair.a] != 0 && group_of[pair.a] == group_of[pair.b];
  }
};

/// Rules are roles of columns with + between them. To `link` two lists, a group that has two
/// records of one list says nothing. Failures: usage for what is no role, or one that no column
/// has.
Result<std::vector<MatchRule>, Failure> read_rules(const std::vector<std::string>& texts,
                                                   const People& people, bool link);

}  // namespace hl7flow::cli
