#include <hl7flow/adapters/cli/assembly.h>

#include <algorithm>

#include <hl7flow/pipeline/catalogue.h>

namespace hl7flow::cli {
namespace {

bool takes_option(std::string_view kind, const ConfigNode& settings, std::string_view name) {
  for (const Component* component : all_components())
    if (component->kind() == kind && component->name == settings.find("type")->scalar)
      return has_option(*component, name);
  return false;
}

/// A component's failure, with the place of its section if it names none.
tl::unexpected<Failure> at_place(const ConfigNode& section, Failure failure) {
  bool placed = section.file.empty() || failure.text.starts_with(section.file);
  // A value may come from elsewhere: from --set.
  for (auto const& [key, value] : section.entries)
    placed = placed || (!value.file.empty() && failure.text.starts_with(value.file));
  if (!placed) failure.text.insert(0, section.place() + ": ");
  return tl::unexpected<Failure>(std::move(failure));
}

Status check_section(const ConfigNode& node, std::string_view kind) {
  if (node.kind != ConfigNode::Kind::map)
    return config_failure(node, "a " + std::string(kind) + " is a map such as { type: … }");
  const ConfigNode* type = node.find("type");
  if (type == nullptr) return config_failure(node, "a " + std::string(kind) + " needs a type");
  std::vector<std::string> names;
  for (const Component* component : all_components())
    if (component->kind() == kind) names.emplace_back(component->name);
  if (std::find(names.begin(), names.end(), type->scalar) != names.end()) return {};
  return config_failure(*type, "there is no " + std::string(kind) + " \"" + type->scalar + '"' +
                                   nearest_name(type->scalar, names));
}

Status read_list(const ConfigNode& node, std::string_view kind, std::vector<ConfigNode>& out) {
  if (node.kind != ConfigNode::Kind::list)
    return config_failure(node, std::string(kind) + "s are a list");
  for (ConfigNode const& item : node.items)
    if (auto ok = check_section(item, kind); !ok) return ok;
  out = node.items;
  return {};
}

void append_settings(std::string& text, const ConfigNode& node) {
  switch (node.kind) {
    case ConfigNode::Kind::empty:
      text += "null";
      break;
    case ConfigNode::Kind::scalar:
      text += node.scalar;
      break;
    case ConfigNode::Kind::list:
      text += '[';
      for (ConfigNode const& item : node.items) {
        append_settings(text, item);
        text += ',';
      }
      text += ']';
      break;
    case ConfigNode::Kind::map:
      text += '{';
      for (auto const& [key, value] : node.entries) {
        text += key + '=';
        append_settings(text, value);
        text += ' ';
      }
      text += '}';
      break;
  }
}

/// Keys that do not change the output's bytes, or that the manifest holds elsewhere.
ConfigNode without(const ConfigNode& section, std::initializer_list<std::string_view> keys) {
  ConfigNode rest = section;
  std::erase_if(rest.entries, [&](auto const& entry) {
    return std::find(keys.begin(), keys.end(), entry.first) != keys.end();
  });
  return rest;
}

ConfigNode with(const ConfigNode& section, const std::string& key, std::uint64_t value) {
  ConfigNode more = section;
  more.entries.emplace_back(key, ConfigNode::text(std::to_string(value)));
  return more;
}

ConfigNode path_list(const std::vector<InputFile>& inputs) {
  std::vector<std::string> paths;
  paths.reserve(inputs.size());
  for (InputFile const& input : inputs) paths.push_back(input.path);
  return Setting("path", paths).value;
}

}  // namespace

Result<Assembly, Failure> Assembly::read(const ConfigNode& description) {
  if (description.kind != ConfigNode::Kind::map)
    return config_failure(description, "a pipeline file is a map with source, stages and sinks");
  Assembly job;
  for (auto const& [key, value] : description.entries) {
    Status ok;
    if (key == "source")
      ok = job.read_source(value);
    else if (key == "stages")
      ok = read_list(value, "stage", job.stages_);
    else if (key == "sinks")
      ok = job.read_sinks(value);
    else
      return config_failure(value, "unknown key \"" + key + "\" of a pipeline" +
                                       nearest_name(key, {"source", "stages", "sinks"}));
    if (!ok) return tl::unexpected<Failure>(ok.error());
  }
  if (job.source_.kind == ConfigNode::Kind::empty)
    return config_failure(description, "the pipeline has no source");
  if (job.sinks_.empty()) return config_failure(description, "the pipeline has no sinks");
  if (job.stages_.empty() || job.stages_.front().find("type")->scalar != "parse")
    return config_failure(job.stages_.empty() ? description : job.stages_.front(),
                          "the first stage must be parse: the others read what it finds");
  return job;
}

Status Assembly::read_source(const ConfigNode& node) {
  if (auto ok = check_section(node, "source"); !ok) return ok;
  source_ = node;
  source_can_resume_ = takes_option("source", node, "start_input");
  return {};
}

Status Assembly::read_sinks(const ConfigNode& node) {
  if (auto ok = read_list(node, "sink", sinks_); !ok) return ok;
  for (ConfigNode const& sink : sinks_) {
    if (!takes_option("sink", sink, "first_part")) continue;
    const ConfigNode* const path = sink.find("path");
    if (path == nullptr) return config_failure(sink, "the sink needs a path");
    if (!folder_.empty())
      return config_failure(sink,
                            "only one sink of a pipeline can write to a folder: two folders "
                            "cannot be committed in one step");
    if (auto ok = read_value(*path, folder_); !ok) return ok;
    if (folder_.empty()) return config_failure(*path, "the sink's path is empty");
  }
  return {};
}

Result<Built, Failure> Assembly::build(const Manifest* manifest) const {
  Built built;
  ConfigNode settings = source_;
  if (manifest != nullptr && source_can_resume_) {
    // Not what a folder or a pattern may have come to hold meanwhile.
    std::erase_if(settings.entries, [](auto const& entry) { return entry.first == "path"; });
    settings.entries.emplace_back("path", path_list(manifest->inputs));
    settings = with(settings, "start_input", manifest->end.input);
    settings = with(settings, "start_offset", manifest->end.offset);
    settings = with(settings, "start_total", manifest->account.bytes_in);
  }
  auto source = make_source(source_.find("type")->scalar, settings);
  if (!source) return at_place(source_, source.error());
  built.inputs = (*source)->inputs();
  built.bytes_total = (*source)->size_hint();
  built.pipeline.from(std::move(*source));
  for (ConfigNode const& section : stages_) {
    auto stage = make_stage(section.find("type")->scalar, section);
    if (!stage) return at_place(section, stage.error());
    built.pipeline.through(std::move(*stage));
  }
  for (ConfigNode const& section : sinks_) {
    bool const parts = manifest != nullptr && takes_option("sink", section, "first_part");
    auto sink = make_sink(section.find("type")->scalar,
                          parts ? with(section, "first_part", manifest->commits) : section);
    if (!sink) return at_place(section, sink.error());
    built.pipeline.into(std::move(*sink));
  }
  if (auto const whole = built.pipeline.check(); !whole)
    return at_place(sinks_.front(), whole.error());
  return built;
}

std::string Assembly::settings_text() const {
  std::string text;
  append_settings(text, without(source_, {"path", "batch_size"}));
  // What comes out depends neither on where a state lies nor on how many records it has room for.
  for (ConfigNode const& stage : stages_)
    append_settings(text, without(stage, {"state", "records"}));
  for (ConfigNode const& sink : sinks_) append_settings(text, without(sink, {"path"}));
  return text;
}

}  // namespace hl7flow::cli
