// hl7flow codes export: a map of a store as FHIR ConceptMap or as CSV.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include <hl7flow/adapters/cli/codes/codes_verbs.h>
#include <hl7flow/adapters/cli/csv_text.h>
#include <hl7flow/adapters/cli/reading.h>
#include <hl7flow/pipeline/config.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow codes export --store codes.store --map lab > lab.json", "for a FHIR server"},
    {"hl7flow codes export --store codes.store --map lab --csv", "for a spreadsheet"},
};

struct Request {
  std::string store = "starter", map;
  bool csv = false;
};

/// One line of a map.
struct Line {
  std::uint32_t source;
  codes::TargetRecord target;
};

std::string uri_of(const codes::CodeStore& store, codes::SystemId system) {
  if (system >= store.systems().size()) return {};
  codes::SystemRecord const& record = store.systems()[system];
  if (record.uri.size > 0) return std::string(store.text(record.uri));
  if (record.oid.size > 0) return "urn:oid:" + std::string(store.text(record.oid));
  return "urn:hl7flow:" + std::string(store.text(record.name));
}

std::string as_csv(const codes::CodeStore& store, const std::vector<Line>& lines) {
  std::string text =
      "map,source_system,source_code,source_display,target_system,target_code,target_display,"
      "equivalence\n";
  for (Line const& line : lines) {
    bool const has_target = line.target.target < store.concepts().size();
    codes::ConceptRecord const& source = store.concepts()[line.source];
    text += fmt::format(
        "{},{},{},{},{},{},{},{}\n", csv_quoted(store.text(store.maps()[line.target.map].name)),
        csv_quoted(store.system_name(source.system)), csv_quoted(store.code(line.source)),
        csv_quoted(store.display(line.source)),
        has_target ? csv_quoted(store.system_name(store.concepts()[line.target.target].system))
                   : "",
        has_target ? csv_quoted(store.code(line.target.target)) : "",
        has_target ? csv_quoted(store.display(line.target.target)) : "",
        codes::name(line.target.equivalence));
  }
  return text;
}

/// FHIR R4 ConceptMap: a group for each pair of systems.
std::string as_concept_map(const codes::CodeStore& store, const std::string& name,
                           const std::vector<Line>& lines) {
  std::map<std::pair<std::string, std::string>, std::map<std::uint32_t, std::string>> groups;
  for (Line const& line : lines) {
    codes::MapRecord const& map = store.maps()[line.target.map];
    JsonObject target;
    if (line.target.target < store.concepts().size())
      target.add("code", store.code(line.target.target))
          .add("display", store.display(line.target.target));
    target.add("equivalence", codes::name(line.target.equivalence) == "related"
                                  ? std::string_view("relatedto")
                                  : codes::name(line.target.equivalence));
    std::string& targets =
        groups[{uri_of(store, map.source), uri_of(store, map.target)}][line.source];
    targets += (targets.empty() ? "" : ",") + target.text();
  }
  std::string group_list;
  for (auto const& [systems, elements] : groups) {
    std::string element_list;
    for (auto const& [source, targets] : elements)
      element_list +=
          (element_list.empty() ? "" : ",\n    ") + JsonObject()
                                                        .add("code", store.code(source))
                                                        .add("display", store.display(source))
                                                        .add_json("target", "[" + targets + "]")
                                                        .text();
    group_list += (group_list.empty() ? "" : ",\n  ") +
                  JsonObject()
                      .add("source", systems.first)
                      .add("target", systems.second)
                      .add_json("element", "[\n    " + element_list + "]")
                      .text();
  }
  return JsonObject()
             .add("resourceType", "ConceptMap")
             .add("name", name)
             .add("status", "draft")
             .add_json("group", "[\n  " + group_list + "]")
             .text() +
         "\n";
}

Exit run(const Request& request) {
  auto const loaded = LoadedCodes::named(request.store);
  if (!loaded) return complain(loaded.error());
  codes::CodeStore const& store = (*loaded)->store();
  std::vector<std::string> names;
  for (codes::MapRecord const& map : store.maps()) names.emplace_back(store.text(map.name));
  if (std::find(names.begin(), names.end(), request.map) == names.end())
    return complain({ErrorCode::not_found, "the store has no map \"" + request.map + '"' +
                                               nearest_name(request.map, names) +
                                               "; hl7flow codes info lists them"});
  std::vector<Line> lines;
  for (std::uint32_t k = 0; k < store.concepts().size(); ++k)
    for (codes::TargetRecord const& target : store.targets_of(k))
      if (target.map < store.maps().size() &&
          store.text(store.maps()[target.map].name) == request.map)
        lines.push_back({k, target});
  auto const printed =
      print(request.csv ? as_csv(store, lines) : as_concept_map(store, request.map, lines));
  return printed ? Exit::ok : complain(printed.error());
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  add_store_option(command, request->store);
  command.add_option("--map", request->map, "Name of the map: hl7flow codes info lists them")
      ->required();
  command.add_flag("--csv", request->csv, "As CSV, instead of a FHIR R4 ConceptMap");
  return [request] { return run(*request); };
}

}  // namespace

const Verb codes_export_verb{"export", "Print a map as FHIR ConceptMap or CSV", examples, setup};

}  // namespace hl7flow::cli
