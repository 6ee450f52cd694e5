// hl7flow match: which records are one person.

#include <hl7flow/adapters/cli/match/match_verbs.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow match dedupe patients.csv --out matched", "records of one person together"},
    {"hl7flow match link hospital.csv registry.csv --out matched", "one list in another"},
    {"hl7flow match explain patients.csv --pair 17,2048", "why, or why not"},
    {"hl7flow match train patients.csv --out model.json", "learn once, use it on other lists"},
    {"hl7flow match evaluate labelled.csv --truth person", "how good, at which threshold"},
};

std::function<Exit()> setup(CLI::App& command) {
  return setup_parts(command, {&match_dedupe_verb, &match_link_verb, &match_explain_verb,
                               &match_train_verb, &match_evaluate_verb});
}

}  // namespace

const Verb match_verb{"match", "Find records of the same person in lists of patients", examples,
                      setup};

}  // namespace hl7flow::cli
