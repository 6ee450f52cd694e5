// The hl7flow program: a table of verbs.

#include <mimalloc.h>

#include <csignal>
#include <cstdio>
#include <iostream>

#include <hl7flow/adapters/cli/generated_pages.h>
#include <hl7flow/adapters/cli/verb.h>
#include <hl7flow/parsers/simd/kernels.h>
#include <hl7flow/pipeline/config.h>

namespace hl7flow::cli {
namespace {

std::string examples_text(const Verb& verb) {
  std::string text = "\nExamples:\n";
  for (Example const& example : verb.examples)
    text += "  # " + std::string(example.purpose) + "\n  " + std::string(example.command) + "\n";
  return text;
}

/// Of a command line that names no verb that there is.
int complain_of_verb(std::string_view name) {
  std::vector<std::string> names;
  for (const Verb* verb : verbs()) names.emplace_back(verb->name);
  std::cerr << "hl7flow: there is no verb \"" << name << '"' << nearest_name(name, names)
            << " (try hl7flow --help)\n";
  return static_cast<int>(Exit::usage);
}

int run(int count, char** arguments) {
  CLI::App app("HL7 messages through a dataflow graph, at the speed of memory.", "hl7flow");
  app.require_subcommand(1);
  app.set_version_flag(
      "--version", std::string("hl7flow ") + HL7FLOW_VERSION + " (" + simd::active().name + ")");
  app.footer("hl7flow VERB --help shows a verb's options and examples.");
  std::function<Exit()> chosen;
  for (const Verb* verb : verbs()) {
    CLI::App* const command =
        app.add_subcommand(std::string(verb->name), std::string(verb->summary));
    command->footer(examples_text(*verb));
    auto const go = verb->setup(*command);
    command->callback([&chosen, go] { chosen = go; });
  }
  add_generated_pages(app, chosen);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    if (count > 1 && arguments[1][0] != '-' && app.get_subcommands().empty())
      return complain_of_verb(arguments[1]);
    std::cerr << "hl7flow: " << error.what() << " (try hl7flow --help)\n";
    return static_cast<int>(Exit::usage);
  }
  if (const char* const name = simd::requested_but_unavailable())
    std::cerr << "hl7flow: HL7FLOW_SIMD=" << name << " is not available here; using "
              << simd::active().name << "\n";
  return static_cast<int>(chosen());
}

}  // namespace

Exit exit_code(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::usage:
    case ErrorCode::bad_path:
    case ErrorCode::exists:
      return Exit::usage;
    case ErrorCode::not_hl7:
      return Exit::not_hl7;
    case ErrorCode::not_found:
    case ErrorCode::not_readable:
      return Exit::no_input;
    case ErrorCode::archive:
    case ErrorCode::bad_store:
      return Exit::not_hl7;
    case ErrorCode::cannot_create:
      return Exit::cannot_create;
    case ErrorCode::io:
      return Exit::io;
    case ErrorCode::bad_option:
    case ErrorCode::unknown_component:
    case ErrorCode::bad_config:
    case ErrorCode::out_of_room:
      return Exit::config;
    case ErrorCode::cancelled:
      return Exit::interrupted;
    default:
      return Exit::internal;
  }
}

CLI::Validator at_least(std::uint64_t least) {
  return CLI::Validator(
      [least](const std::string& text) {
        std::uint64_t number = 0;
        bool const good = text.find('-') == std::string::npos &&
                          CLI::detail::lexical_cast(text, number) && number >= least;
        return good ? std::string()
                    : "must be a number not below " + std::to_string(least) + ", not " + text;
      },
      "");
}

Exit complain(const Failure& failure) {
  std::cerr << "hl7flow: " << failure.text << "\n";
  return exit_code(failure.code);
}

}  // namespace hl7flow::cli

int main(int count, char** arguments) {
  // The same memory is needed again for the next rows; giving it back in between makes all threads
  // pay for it. What is held is bounded by the batches and row groups in flight.
  mi_option_set_enabled_default(mi_option_allow_decommit, false);
  // Writes that cannot be done fail with an error that is reported, and do not kill.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return hl7flow::cli::run(count, arguments);
}
