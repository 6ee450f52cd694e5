#include <hl7flow/adapters/cli/verbs/verbs.h>

namespace hl7flow::cli {

std::span<const Verb* const> verbs() {
  static const Verb* const table[] = {&convert_verb, &run_verb,       &inspect_verb,
                                      &query_verb,   &stats_verb,     &generate_verb,
                                      &codes_verb,   &components_verb};
  return table;
}

}  // namespace hl7flow::cli
