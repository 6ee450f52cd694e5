#include <hl7flow/adapters/cli/verbs/verbs.h>

namespace hl7flow::cli {

std::span<const Verb* const> verbs() {
  static const Verb* const table[] = {&convert_verb, &run_verb,       &inspect_verb, &query_verb,
                                      &stats_verb,   &generate_verb,  &codes_verb,   &match_verb,
                                      &persons_verb, &components_verb};
  return table;
}

std::function<Exit()> setup_parts(CLI::App& command, std::initializer_list<const Verb*> parts) {
  command.require_subcommand(1);
  auto const chosen = std::make_shared<std::function<Exit()>>();
  for (const Verb* verb : parts) {
    CLI::App* const part =
        command.add_subcommand(std::string(verb->name), std::string(verb->summary));
    std::string footer = "\nExamples:\n";
    for (Example const& example : verb->examples)
      footer +=
          "  # " + std::string(example.purpose) + "\n  " + std::string(example.command) + "\n";
    part->footer(footer);
    auto const go = verb->setup(*part);
    part->callback([chosen, go] { *chosen = go; });
  }
  return [chosen] { return (*chosen)(); };
}

}  // namespace hl7flow::cli
