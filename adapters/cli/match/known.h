#pragma once

#include <hl7flow/adapters/cli/match/decisions.h>
#include <hl7flow/adapters/cli/match/rules.h>
#include <hl7flow/parsers/linkage/clusters.h>

namespace hl7flow::cli {

/// What is known of the records of lists before the model speaks: what people decided, and then
/// what rules say.
struct Known {
  Decisions decisions;
  std::vector<MatchRule> rules;

  static constexpr float impossible = -100;  // bits of what is no rival of others

  linkage::KnownPairs pairs() const;
  /// What is to be compared whatever else brings pairs together, in order and each once.
  std::vector<linkage::RecordPair> candidates() const;
  /// Of lists to link: makes pairs that were decided to be two persons, or are of one list, no
  /// rivals of others. Gives their places, and what they were worth.
  std::vector<std::pair<std::size_t, float>> silence(std::vector<linkage::ScoredPair>& pairs,
                                                     const linkage::PersonTable& table) const;
  /// The first rule that makes two records one person, or null.
  const MatchRule* rule_for(linkage::RecordPair pair) const;
};

/// Puts more pairs into candidates that are in order, each once.
void add_candidates(const std::vector<linkage::RecordPair>& more,
                    std::vector<linkage::RecordPair>& candidates);

/// Why a record is of its person.
struct PersonReason {
  std::string_view word = "first";  // first (the person is called after it), decided, rule, alike
  std::string_view rule;            // that joined it
  std::uint32_t matched = ~0u;      // the record of that person that it has most to do with
};
/// For each record. `persons` gives each one's first record, `pairs` what was compared.
std::vector<PersonReason> reasons_of(const std::vector<std::uint32_t>& persons, const Known& known,
                                     const std::vector<linkage::ScoredPair>& pairs);

}  // namespace hl7flow::cli
