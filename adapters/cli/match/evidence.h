#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/adapters/cli/match/matching.h>

// Why two records are, or are not, one person.
namespace hl7flow::cli {

/// What one comparison says of a pair, in bits.
struct EvidenceTerm {
  const linkage::Comparison* comparison;
  linkage::Level level;
  double bits, rarity;  // of the level; of the value on which both agree
};

/// What is taken or added beside the comparisons: because the two may live together, may be twins,
/// or because of other candidates.
struct EvidenceRemark {
  std::string_view name, reason;
  double bits;
};

struct Evidence {
  double prior = 0;
  std::vector<EvidenceTerm> terms;  // in the order of the model
  std::vector<EvidenceRemark> remarks;
  double sum = 0;
};
Evidence evidence_of(const Matching& found, const People& people, linkage::RecordPair pair);

/// What a level of a comparison means: "exact", "one edit", "differs", "missing".
std::string_view level_label(const linkage::Comparison& comparison, linkage::Level level);

/// The records of a person: all whose person is that of `record`.
std::vector<std::uint32_t> records_of_person(const Matching& found, std::uint32_t record);
/// All pairs among some records.
std::vector<linkage::RecordPair> pairs_of(const std::vector<std::uint32_t>& records);

/// The evidence as text: a line for the prior and for each comparison, and the sum. With `values`,
/// what was compared.
std::string explanation_of(const Matching& found, const People& people, linkage::RecordPair pair,
                           bool values);
/// The same of a person: its records, and the pairs among them.
std::string person_explanation(const Matching& found, const People& people, std::uint32_t record,
                               bool values);

}  // namespace hl7flow::cli
