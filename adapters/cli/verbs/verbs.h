#pragma once

#include <hl7flow/adapters/cli/verb.h>

// The verbs of the program: one file each, one line here, one line in verbs.cpp.
namespace hl7flow::cli {

extern const Verb convert_verb;
extern const Verb run_verb;
extern const Verb inspect_verb;
extern const Verb query_verb;
extern const Verb stats_verb;
extern const Verb generate_verb;
extern const Verb codes_verb;
extern const Verb match_verb;
extern const Verb persons_verb;
extern const Verb components_verb;

}  // namespace hl7flow::cli
