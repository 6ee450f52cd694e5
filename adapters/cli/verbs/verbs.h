#pragma once

#include <hl7flow/adapters/cli/verb.h>

// The verbs of the program: one file each, one line here, one line in verbs.cpp.
namespace hl7flow::cli {

extern const Verb convert_verb;
extern const Verb generate_verb;

}  // namespace hl7flow::cli
