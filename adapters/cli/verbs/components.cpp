// hl7flow components: what a pipeline can be made of.

#include <hl7flow/adapters/cli/component_pages.h>
#include <hl7flow/adapters/cli/reading.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>
#include <hl7flow/pipeline/catalogue.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow components", "all of them"},
    {"hl7flow components parquet", "one, with its options"},
    {"hl7flow components --schema > pipeline.schema.json",
     "for an editor: completes and checks pipeline files"},
};

struct Request {
  std::string name;
  std::string form = "text";
};

Exit run(const Request& request) {
  Components chosen;
  std::vector<std::string> names;
  for (const Component* component : all_components()) {
    names.emplace_back(component->name);
    if (request.name.empty() || component->name == request.name) chosen.push_back(component);
  }
  if (chosen.empty())
    return complain({ErrorCode::unknown_component, "there is no component \"" + request.name + '"' +
                                                       nearest_name(request.name, names)});
  std::string const text = request.form == "json"       ? components_json(chosen)
                           : request.form == "markdown" ? components_markdown(chosen)
                           : request.form == "schema"
                               ? pipeline_schema(all_components())
                               : components_text(chosen, !request.name.empty());
  auto const printed = print(text);
  return printed ? Exit::ok : complain(printed.error());
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("name", request->name, "Only this component, with its options");
  auto const form = [&](const char* flag, const char* value, const char* help) {
    command.add_flag_callback(
        flag, [request, value] { request->form = value; }, help);
  };
  form("--json", "json", "As JSON, with all options");
  form("--markdown", "markdown", "As a page of the documentation, with all options");
  form("--schema", "schema", "The JSON Schema of a pipeline file");
  return [request] { return run(*request); };
}

}  // namespace

const Verb components_verb{"components", "List sources, stages and sinks with their options",
                           examples, setup};

}  // namespace hl7flow::cli
