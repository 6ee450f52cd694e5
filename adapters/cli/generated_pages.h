#pragma once

#include <functional>

#include <hl7flow/adapters/cli/verb.h>

namespace hl7flow::cli {

/// Adds the verbs `completion SHELL` and `man`, which print what they make by walking the same
/// command tree that parses the command line.
void add_generated_pages(CLI::App& app, std::function<Exit()>& chosen);

}  // namespace hl7flow::cli
