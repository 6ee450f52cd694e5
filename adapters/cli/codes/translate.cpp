// hl7flow codes translate: from one system to another, as map_codes does it.

#include <fmt/format.h>

#include <iostream>

#include <hl7flow/adapters/cli/codes/codes_verbs.h>
#include <hl7flow/parsers/codes/code_resolver.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow codes translate GLU NA K --from L --to LOINC", "three local codes"},
    {"hl7flow codes translate --from ICD-9-CM --to ICD-10-CM --all < codes.txt",
     "a file of codes, with all targets"},
    {"hl7flow codes translate 25000 --from I9C --to I10C --json", "for a script"},
};

struct Request {
  std::vector<std::string> codes;
  std::string store = "starter", from, to;
  std::uint32_t day = 0;
  bool all = false, json = false;
};

void tell(const codes::CodeStore& store, const std::string& code, const codes::Answer& answer,
          bool json) {
  std::string_view const outcome =
      answer.found() ? codes::name(answer.how) : codes::name(answer.miss);
  std::string_view const map =
      answer.map < store.maps().size() ? store.text(store.maps()[answer.map].name) : "";
  std::string_view const system = answer.found() && answer.target < store.concepts().size()
                                      ? store.system_name(store.concepts()[answer.target].system)
                                      : std::string_view();
  std::string_view const target = answer.found() ? store.code(answer.target) : std::string_view();
  std::string_view const display =
      answer.found() ? store.display(answer.target) : std::string_view();
  std::string_view const relation =
      answer.found() ? codes::name(answer.equivalence) : std::string_view();
  if (json)
    std::cout << JsonObject()
                     .add("code", code)
                     .add("outcome", outcome)
                     .add("target_system", system)
                     .add("target_code", target)
                     .add("target_display", display)
                     .add("equivalence", relation)
                     .add("map", map)
                     .text()
              << "\n";
  else
    std::cout << fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", code, outcome, system, target, display,
                             relation, map);
}

Exit run(const Request& request) {
  auto const loaded = LoadedCodes::named(request.store);
  if (!loaded) return complain(loaded.error());
  codes::CodeStore const& store = (*loaded)->store();
  auto const from = system_named(store, request.from);
  if (!from) return complain(from.error());
  auto const to = system_named(store, request.to);
  if (!to) return complain(to.error());
  codes::Resolver const resolver(store);
  std::array<codes::SystemId, 1> const wanted{*to};
  Exit exit = Exit::ok;
  for_each_code(request.codes, [&](const std::string& code) {
    codes::Question const question{code, store.system_name(*from), request.day};
    auto const answers = request.all
                             ? resolver.all(question, wanted)
                             : std::vector<codes::Answer>{resolver.resolve(question, wanted)};
    for (codes::Answer const& answer : answers) tell(store, code, answer, request.json);
    if (answers.empty()) tell(store, code, resolver.resolve(question, wanted), request.json);
    if (answers.empty() || !answers.front().found()) exit = Exit::no;
  });
  return exit;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("code", request->codes, "Codes; none: a line of standard input each");
  command.add_option("--from", request->from, "System of the codes")->required();
  command.add_option("--to", request->to, "System that is wanted")->required();
  add_store_option(command, request->store);
  command.add_option("--date", request->day, "Day on which the code was used, as 20261031");
  command.add_flag("--all", request->all, "All targets of a map, not only the one that is sure");
  command.add_flag("--json", request->json,
                   "A line of JSON an answer, instead of tab-separated code, outcome, target "
                   "system, code and display, equivalence, map");
  return [request] { return run(*request); };
}

}  // namespace

const Verb codes_translate_verb{"translate", "Map codes from one system to another", examples,
                                setup};

}  // namespace hl7flow::cli
