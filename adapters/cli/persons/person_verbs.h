#pragma once

#include <hl7flow/adapters/cli/verb.h>

// The parts of the verb `persons`.
namespace hl7flow::cli {

extern const Verb persons_export_verb;
extern const Verb persons_explain_verb;
extern const Verb persons_train_verb;

}  // namespace hl7flow::cli
