#include <hl7flow/adapters/cli/conversion.h>

#include <hl7flow/pipeline/catalogue.h>

namespace hl7flow::cli {
namespace {

Result<ConfigNode, Failure> tables_of(const std::string& path) {
  auto file = read_config(path);
  if (!file) return tl::unexpected<Failure>(file.error());
  for (const char* const key : {"table", "tables"})
    if (const ConfigNode* tables = file->find(key); tables != nullptr) return *tables;
  return fail(ErrorCode::bad_config, path + " has no [[table]]");
}

ConfigNode list_of(std::vector<ConfigNode> items) {
  ConfigNode list;
  list.kind = ConfigNode::Kind::list;
  list.items = std::move(items);
  return list;
}

}  // namespace

Result<ConfigNode, Failure> describe_conversion(const ConvertRequest& request) {
  Settings source, parse, join, filter, dedupe, identify, map_codes, repeats, tabulate, sink;
  source.set("type", "files")
      .set("path", request.inputs)
      .set("batch_size", request.batch_size)
      .set("message_size_max", request.message_size_max)
      .set("epoch_size", request.epoch_size);
  parse.set("type", "parse")
      .set("charset", request.charset)
      .set("charset_errors", request.charset_errors)
      .set("stray_lines", request.stray_lines)
      .set("message_size_max", request.message_size_max);
  std::vector<ConfigNode> stages{parse.node()};
  // In er7 messages stay messages, and parts stay parts: there are no tables.
  bool const makes_tables = request.format != "er7";
  if (makes_tables && request.continuations == "join")
    stages.push_back(join.set("type", "join_continuations").node());
  if (!request.where.empty())
    stages.push_back(filter.set("type", "filter").set("where", request.where).node());
  if (request.dedupe || !request.dedupe_state.empty()) {
    // Without a state of its own, what was seen is kept with the output until that is complete.
    bool const keeps = !request.dedupe_state.empty();
    dedupe.set("type", "dedupe")
        .set("state", keeps ? request.dedupe_state : request.out + "/_state");
    if (!keeps) dedupe.set("keep_state", false);
    stages.push_back(dedupe.node());
  }
  bool const identifies = request.identify || !request.identify_state.empty() ||
                          !request.decisions.empty() || !request.identify_weights.empty();
  if (identifies) {
    if (!makes_tables)
      return fail(ErrorCode::usage, "--identify adds persons to tables, and er7 has none");
    bool const keeps = !request.identify_state.empty();
    identify.set("type", "identify")
        .set("state", keeps ? request.identify_state : request.out + "/_persons");
    if (!keeps) identify.set("keep_state", false);
    if (!request.decisions.empty()) identify.set("decisions", request.decisions);
    if (!request.identify_weights.empty()) identify.set("weights", request.identify_weights);
    stages.push_back(identify.node());
  }
  bool const maps_codes = !request.codes.empty() || !request.maps.empty();
  if (maps_codes) {
    if (!makes_tables && request.triplet == "keep")
      return fail(ErrorCode::usage,
                  "--codes changes messages in er7 only with --triplet alternate or primary");
    map_codes.set("triplet", request.triplet);
    map_codes.set("type", "map_codes")
        .set("store", request.codes.empty() ? std::string("none") : request.codes);
    if (!request.maps.empty()) map_codes.set("maps", request.maps);
    stages.push_back(map_codes.node());
  }
  if (request.flag_repeats || !request.repeat_window.empty() || !request.repeat_state.empty()) {
    if (!makes_tables)
      return fail(ErrorCode::usage, "--flag-repeats makes a table, and er7 has none");
    // Behind identify and map_codes: a person and a test have several names.
    bool const keeps = !request.repeat_state.empty();
    repeats.set("type", "flag_repeats")
        .set("state", keeps ? request.repeat_state : request.out + "/_orders");
    if (!keeps) repeats.set("keep_state", false);
    if (!request.repeat_window.empty()) repeats.set("window", request.repeat_window);
    stages.push_back(repeats.node());
  }
  if (request.triplet != "keep" && (makes_tables || !maps_codes))
    return fail(ErrorCode::usage, "--triplet is for --format er7 with --codes or --map");
  if (!makes_tables && (!request.only.empty() || !request.tables_file.empty()))
    return fail(ErrorCode::usage, "--only and --tables choose tables, and er7 has none");
  if (!makes_tables && request.escapes != "decode")
    return fail(ErrorCode::usage, "--escapes is about values, and er7 leaves messages as they are");
  tabulate.set("type", "tabulate").set("escapes", request.escapes);
  if (maps_codes) tabulate.set("mapped", true);
  if (identifies) tabulate.set("persons", true);
  if (!request.only.empty()) tabulate.set("only", request.only);
  if (!request.tables_file.empty()) {
    auto tables = tables_of(request.tables_file);
    if (!tables) return tables;
    tabulate.set("tables", *tables);
  }
  if (makes_tables) stages.push_back(tabulate.node());
  sink.set("type", request.format).set("path", request.out);
  if (request.format == "parquet" || request.format == "arrow")
    sink.set("codec", request.codec).set("level", static_cast<std::uint64_t>(request.level));
  else if (request.codec != ConvertRequest{}.codec || request.level != ConvertRequest{}.level)
    return fail(ErrorCode::usage, "--codec and --level are for parquet and arrow");
  return Settings()
      .set("source", source.node())
      .set("stages", list_of(std::move(stages)))
      .set("sinks", list_of({sink.node()}))
      .node();
}

}  // namespace hl7flow::cli
