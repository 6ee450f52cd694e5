#pragma once

#include <hl7flow/adapters/cli/match/matching.h>
#include <hl7flow/adapters/cli/verb.h>

// The parts of the verb `match`.
namespace hl7flow::cli {

extern const Verb match_dedupe_verb;
extern const Verb match_link_verb;
extern const Verb match_explain_verb;

/// Options that say what columns are.
void add_people_options(CLI::App& command, PeopleOptions& options);

/// A person's records, the pairs and the model, as files of a folder that is made if need be.
/// Failures: exists, cannot_create, io.
Status write_matching(const std::string& folder, bool overwrite, const Matching& found,
                      const People& people, const MatchOptions& options);

/// Why two records are, or are not, one person: a line for the prior and for each comparison, and
/// the sum. With `values`, what was compared.
std::string explanation_of(const Matching& found, const People& people, linkage::RecordPair pair,
                           bool values);

}  // namespace hl7flow::cli
