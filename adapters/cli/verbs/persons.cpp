// hl7flow persons: what a state of identify knows.

#include <hl7flow/adapters/cli/persons/person_verbs.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow persons export state/ --out persons", "who there is, as tables"},
    {"hl7flow persons explain state/ --record HOSP:4711", "who a record is, and who said so"},
    {"hl7flow persons train state/ --out weights.json", "what agreement is worth here"},
};

std::function<Exit()> setup(CLI::App& command) {
  return setup_parts(command, {&persons_export_verb, &persons_explain_verb, &persons_train_verb});
}

}  // namespace

const Verb persons_verb{"persons",
                        "Export, explain and learn from the persons that convert --identify found",
                        examples, setup};

}  // namespace hl7flow::cli
