#pragma once

#include <hl7flow/adapters/cli/match/matching.h>
#include <hl7flow/adapters/cli/survivorship.h>
#include <hl7flow/adapters/cli/verb.h>

// The parts of the verb `match`.
namespace hl7flow::cli {

extern const Verb match_dedupe_verb;
extern const Verb match_link_verb;
extern const Verb match_explain_verb;
extern const Verb match_train_verb;
extern const Verb match_evaluate_verb;

/// What is matched, and how: what the parts of `match` have in common.
struct MatchInput {
  std::vector<std::string> files;
  PeopleOptions people;
  MatchOptions match;
  std::string model;                          // a file; empty: the model is learned
  std::vector<std::string> decisions, rules;  // files; "identifier+birth_date"
};

/// Files, and options that say what columns are.
void add_people_options(CLI::App& command, MatchInput& input, int files_least = 1,
                        int files_most = 1 << 20);
/// --model.
void add_model_option(CLI::App& command, MatchInput& input);
/// --decisions and --rule.
void add_known_options(CLI::App& command, MatchInput& input);
/// --link, for those that dedupe otherwise.
void add_link_option(CLI::App& command, MatchInput& input);
void add_thread_option(CLI::App& command, MatchInput& input);

/// The lists of the input. Failures: those of read_people; usage for --link without two lists.
Result<People, Failure> read_lists(const MatchInput& input);
/// The people of the input, matched as it says. Failures: those of read_model, read_decisions and
/// read_rules.
Result<Matching, Failure> match_people(const MatchInput& input, const People& people);

/// What people decided and what rules say, as lines of a report; empty if there is neither.
std::string known_text(const Matching& found);

/// "1,234 records", with what their columns are: the head of reports.
std::string records_text(const People& people);

/// A person's records, the pairs, the model and the rules of survivorship, as files of a folder
/// that is made if need be. Failures: exists, cannot_create, io.
Status write_matching(const std::string& folder, bool overwrite, const Matching& found,
                      const People& people, const MatchOptions& options,
                      const Survivorship& survivorship);

}  // namespace hl7flow::cli
