#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <hl7flow/parsers/error.h>

namespace hl7flow::cli {

/// Exit codes of the program (sysexits; docs/reference/exit-codes.md).
enum class Exit : int {
  ok = 0,
  no = 1,  // ran, and the answer is no: rejects under --strict, no match
  usage = 64,
  not_hl7 = 65,
  no_input = 66,
  internal = 70,
  cannot_create = 73,
  io = 74,
  try_again = 75,
  config = 78,
  interrupted = 130,
  terminated = 143,
};
Exit exit_code(ErrorCode code) noexcept;

struct Example {
  std::string_view command, purpose;
};

/// One verb of the program. The table of verbs makes the command line, its help, the shell
/// completions and the man page.
struct Verb {
  std::string_view name, summary;
  std::span<const Example> examples;
  /// Adds the verb's options to its command and returns what runs it after parsing.
  std::function<Exit()> (*setup)(CLI::App& command);
};

/// All verbs, in the order of the help.
std::span<const Verb* const> verbs();

/// A verb that is made of parts, one of which must be named: what it returns runs that.
std::function<Exit()> setup_parts(CLI::App& command, std::initializer_list<const Verb*> parts);

/// A check of an option's value: a whole number not below `least`. (CLI11's own would take -5 for a
/// huge number, or name the largest double there is.)
CLI::Validator at_least(std::uint64_t least);

/// Prints "hl7flow: SENTENCE" to stderr and returns the code's exit code.
Exit complain(const Failure& failure);

}  // namespace hl7flow::cli
