// hl7flow codes info: what a store holds, and what it was made of.

#include <fmt/format.h>

#include <hl7flow/adapters/cli/codes/codes_verbs.h>
#include <hl7flow/adapters/cli/reading.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {{"hl7flow codes info --store codes.store", "systems, maps, files"}};

struct Request {
  std::string store = "starter";
  bool json = false;
};

std::string info_json(const codes::CodeStore& store) {
  std::string systems, maps;
  for (codes::SystemRecord const& system : store.systems())
    systems += (systems.empty() ? "" : ",") + JsonObject()
                                                  .add("name", store.text(system.name))
                                                  .add("title", store.text(system.title))
                                                  .add("uri", store.text(system.uri))
                                                  .add("oid", store.text(system.oid))
                                                  .add("version", store.text(system.version))
                                                  .add("codes", std::uint64_t{system.concept_count})
                                                  .text();
  for (codes::MapRecord const& map : store.maps())
    maps += (maps.empty() ? "" : ",") + JsonObject()
                                            .add("name", store.text(map.name))
                                            .add("from", store.system_name(map.source))
                                            .add("to", store.system_name(map.target))
                                            .text();
  return JsonObject()
      .add("name", store.name())
      .add("version", store.version())
      .add("checksum", fmt::format("{:016x}", store.checksum()))
      .add("bytes", std::uint64_t{store.size()})
      .add_json("systems", "[" + systems + "]")
      .add_json("maps", "[" + maps + "]")
      .text();
}

std::string info_text(const codes::CodeStore& store) {
  std::string text =
      fmt::format("store {} {}, {}, checksum {:016x}\n", store.name(), store.version(),
                  bytes_text(static_cast<double>(store.size())), store.checksum());
  for (codes::SystemRecord const& system : store.systems())
    if (system.concept_count > 0)
      text += fmt::format("  {:<14} {:>10} codes  {} {}\n", store.text(system.name),
                          grouped(system.concept_count), store.text(system.title),
                          store.text(system.version));
  for (codes::MapRecord const& map : store.maps())
    text += fmt::format("  map {}: {} to {}\n", store.text(map.name), store.system_name(map.source),
                        map.target == codes::no_system ? "nothing" : store.system_name(map.target));
  for (codes::LoadRecord const& load : store.loads())
    text += fmt::format("  file {}: {} rows, {} loaded, {} skipped, {} bad\n",
                        store.text(load.file), grouped(load.rows_read), grouped(load.rows_loaded),
                        grouped(load.rows_skipped), grouped(load.rows_bad));
  return text;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  add_store_option(command, request->store);
  command.add_flag("--json", request->json, "As JSON");
  return [request] {
    auto const loaded = LoadedCodes::named(request->store);
    if (!loaded) return complain(loaded.error());
    auto const printed =
        print(request->json ? info_json((*loaded)->store()) + "\n" : info_text((*loaded)->store()));
    return printed ? Exit::ok : complain(printed.error());
  };
}

}  // namespace

const Verb codes_info_verb{"info", "Show what a store holds", examples, setup};

}  // namespace hl7flow::cli
