#pragma once

#include <memory>
#include <string>

#include <hl7flow/adapters/cli/verb.h>
#include <hl7flow/pipeline/loaded_codes.h>

// The verbs behind `hl7flow codes`: one file each, one line here, one line in verbs/codes.cpp.
namespace hl7flow::cli {

extern const Verb codes_build_verb;
extern const Verb codes_info_verb;
extern const Verb codes_lookup_verb;
extern const Verb codes_translate_verb;
extern const Verb codes_validate_verb;
extern const Verb codes_diff_verb;
extern const Verb codes_suggest_verb;
extern const Verb codes_export_verb;

/// --store, with its default.
void add_store_option(CLI::App& command, std::string& store);

/// A system of the store by any of its names. Failures: not_found, with the nearest name.
Result<codes::SystemId, Failure> system_named(const codes::CodeStore& store,
                                              const std::string& name);

/// Calls visit(line) for each argument, or for each line of standard input if there are none.
void for_each_code(const std::vector<std::string>& arguments,
                   const std::function<void(const std::string&)>& visit);

}  // namespace hl7flow::cli
