// hl7flow codes lookup: all that a store knows of a code.

#include <fmt/format.h>

#include <iostream>

#include <hl7flow/adapters/cli/codes/codes_verbs.h>
#include <hl7flow/adapters/cli/reading.h>
#include <hl7flow/parsers/codes/code_resolver.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow codes lookup 2345-7 --system LN", "one code"},
    {"hl7flow codes lookup E119 I10 --system ICD-10-CM --json", "several, a line of JSON each"},
    {"hl7flow codes lookup 2345-7", "in every system that has it"},
};

struct Request {
  std::vector<std::string> codes;
  std::string store = "starter", system;
  bool json = false;
};

constexpr std::string_view kind_names[] = {
    "synonym", "short_name", "component", "property", "time_aspect",          "specimen",
    "scale",   "method",     "unit",      "related",  "order_or_observation", "class"};

std::string_view kind_name(codes::NameKind kind) {
  auto const number = static_cast<std::size_t>(kind);
  return number < std::size(kind_names) ? kind_names[number] : "other";
}

std::string day_text(std::uint32_t day) {
  return fmt::format("{:04}-{:02}-{:02}", day / 10000, day / 100 % 100, day % 100);
}

std::string concept_text(const codes::CodeStore& store, std::uint32_t subject) {
  codes::ConceptRecord const& record = store.concepts()[subject];
  bool const is_listed = (record.flags & codes::listed) != 0;
  std::string text = fmt::format(
      "{} {}  {}\n  status     {}{}\n", store.system_name(record.system), store.code(subject),
      store.display(subject), is_listed ? codes::name(record.status) : "known from a map only",
      is_listed && (record.flags & codes::selectable) == 0 ? ", a header: not for use" : "");
  if (record.valid_from != 0) text += "  valid from " + day_text(record.valid_from) + "\n";
  if (record.valid_to != 0) text += "  valid to   " + day_text(record.valid_to) + "\n";
  std::uint32_t parent = record.parent;
  for (int depth = 0; parent != codes::no_concept && depth < 16; ++depth) {
    text += fmt::format("  {:<10} {}  {}\n", depth == 0 ? "within" : "", store.code(parent),
                        store.display(parent));
    parent = parent < store.concepts().size() ? store.concepts()[parent].parent : codes::no_concept;
  }
  for (codes::NameRecord const& name : store.names_of(subject))
    text += fmt::format("  {:<10} {}\n", kind_name(name.kind), store.text(name.text));
  for (codes::TargetRecord const& target : store.targets_of(subject)) {
    if (target.map >= store.maps().size()) continue;
    std::string_view const map = store.text(store.maps()[target.map].name);
    if (target.target >= store.concepts().size()) {
      text += fmt::format("  to         nothing ({})\n", map);
      continue;
    }
    text += fmt::format(
        "  to         {} {}  {} ({}, {}{})\n",
        store.system_name(store.concepts()[target.target].system), store.code(target.target),
        store.display(target.target), map, codes::name(target.equivalence),
        target.rule.size > 0 ? fmt::format(", if {}", store.text(target.rule)) : "");
  }
  return text;
}

std::string concept_json(const codes::CodeStore& store, std::uint32_t subject) {
  codes::ConceptRecord const& record = store.concepts()[subject];
  JsonObject json;
  json.add("system", store.system_name(record.system))
      .add("code", store.code(subject))
      .add("display", store.display(subject))
      .add("listed", (record.flags & codes::listed) != 0)
      .add("status", codes::name(record.status))
      .add("selectable", (record.flags & codes::selectable) != 0);
  if (record.parent < store.concepts().size()) json.add("parent", store.code(record.parent));
  std::string targets;
  for (codes::TargetRecord const& target : store.targets_of(subject)) {
    if (target.map >= store.maps().size() || target.target >= store.concepts().size()) continue;
    targets += (targets.empty() ? "" : ",") +
               JsonObject()
                   .add("map", store.text(store.maps()[target.map].name))
                   .add("system", store.system_name(store.concepts()[target.target].system))
                   .add("code", store.code(target.target))
                   .add("equivalence", codes::name(target.equivalence))
                   .text();
  }
  return json.add_json("targets", "[" + targets + "]").text() + "\n";
}

Exit run(const Request& request) {
  auto const loaded = LoadedCodes::named(request.store);
  if (!loaded) return complain(loaded.error());
  codes::CodeStore const& store = (*loaded)->store();
  codes::Resolver const resolver(store);
  std::vector<std::string> systems;
  if (!request.system.empty()) {
    auto const system = system_named(store, request.system);
    if (!system) return complain(system.error());
    systems.emplace_back(store.system_name(*system));
  } else {
    for (codes::SystemRecord const& system : store.systems())
      systems.emplace_back(store.text(system.name));
  }
  Exit exit = Exit::ok;
  for_each_code(request.codes, [&](const std::string& code) {
    bool found = false;
    codes::Miss why = codes::Miss::unknown_code;
    for (std::string const& system : systems) {
      codes::Answer const answer = resolver.resolve({code, system, 0}, {});
      if (answer.source == codes::no_concept && answer.target == codes::no_concept) {
        if (systems.size() == 1) why = answer.miss;
        continue;
      }
      std::uint32_t const subject =
          answer.source != codes::no_concept ? answer.source : answer.target;
      found = true;
      std::cout << (request.json ? concept_json(store, subject) : concept_text(store, subject));
    }
    if (found) return;
    exit = Exit::no;
    std::cerr << "hl7flow: " << code << ": " << codes::name(why) << "\n";
  });
  return exit;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("code", request->codes, "Codes; none: a line of standard input each");
  add_store_option(command, request->store);
  command.add_option("--system", request->system, "Code system, by any of its names: LN, LOINC, …");
  command.add_flag("--json", request->json, "A line of JSON a code");
  return [request] { return run(*request); };
}

}  // namespace

const Verb codes_lookup_verb{"lookup", "Show what a store knows of a code", examples, setup};

}  // namespace hl7flow::cli
