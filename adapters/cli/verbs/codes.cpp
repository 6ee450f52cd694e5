// hl7flow codes: code stores, what is in them, and what they say about codes.

#include <iostream>

#include <hl7flow/adapters/cli/codes/codes_verbs.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>
#include <hl7flow/pipeline/config.h>

namespace hl7flow::cli {

namespace {

constexpr Example examples[] = {
    {"hl7flow codes build --loinc Loinc_2.81.zip --icd10cm icd10cm_order_2026.txt --csv lab.csv "
     "--out codes.store",
     "compile releases and your own map"},
    {"hl7flow convert day/ --out warehouse --codes codes.store", "use it"},
    {"hl7flow codes lookup 2345-7 --system LN", "what is that?"},
    {"hl7flow codes translate GLU --from L --to LOINC --store codes.store", "one code"},
    {"hl7flow codes suggest day/ > worklist.csv", "what to map next, with suggestions"},
    {"hl7flow codes diff old.store new.store day/", "what a release changes for your data"},
};

std::function<Exit()> setup(CLI::App& command) {
  return setup_parts(
      command, {&codes_build_verb, &codes_info_verb, &codes_lookup_verb, &codes_translate_verb,
                &codes_validate_verb, &codes_diff_verb, &codes_suggest_verb, &codes_export_verb});
}

}  // namespace

void add_store_option(CLI::App& command, std::string& store) {
  command.add_option("-s,--store", store,
                     "Code store of hl7flow codes build; default: starter, the sample that comes "
                     "with the program");
}

Result<codes::SystemId, Failure> system_named(const codes::CodeStore& store,
                                              const std::string& name) {
  codes::SystemId const system = store.find_system(name);
  if (system != codes::no_system) return system;
  std::vector<std::string> names;
  for (codes::SystemRecord const& record : store.systems())
    names.emplace_back(store.text(record.name));
  return fail(ErrorCode::not_found,
              "the store has no code system \"" + name + '"' + nearest_name(name, names));
}

void for_each_code(const std::vector<std::string>& arguments,
                   const std::function<void(const std::string&)>& visit) {
  for (std::string const& argument : arguments) visit(argument);
  if (!arguments.empty()) return;
  for (std::string line; std::getline(std::cin, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) visit(line);
  }
}

const Verb codes_verb{"codes", "Build and ask code stores: LOINC, ICD-10, RxNorm, your own maps",
                      examples, setup};

}  // namespace hl7flow::cli
