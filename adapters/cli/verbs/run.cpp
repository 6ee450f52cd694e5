// hl7flow run: a pipeline from a file.

#include <algorithm>
#include <charconv>
#include <iostream>

#include <hl7flow/adapters/cli/job.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow run pipeline.yaml", "run it"},
    {"hl7flow run pipeline.yaml --check", "only say whether it makes sense"},
    {"hl7flow run pipeline.yaml --set source.path=today.hl7 --set sinks.parquet.path=out",
     "with other inputs and another folder"},
    {"hl7flow run pipeline.yaml --resume", "go on after a crash"},
};

struct RunRequest {
  std::string file;
  std::vector<std::string> overrides;
  JobOptions job;
  bool check = false, dry_run = false;
};

std::string type_of(const ConfigNode& node) {
  const ConfigNode* const type = node.find("type");
  return type == nullptr ? "" : type->scalar;
}

/// An item of a list of components, by number from 0 or by type.
Result<ConfigNode*, Failure> item_of(ConfigNode& list, const std::string& key,
                                     const ConfigNode& at) {
  std::size_t number = 0;
  auto const [stop, error] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (error == std::errc{} && stop == key.data() + key.size()) {
    if (number < list.items.size()) return &list.items[number];
    return config_failure(at, "there are only " + std::to_string(list.items.size()));
  }
  std::vector<std::string> types;
  for (ConfigNode& item : list.items) {
    types.push_back(type_of(item));
    if (types.back() == key) return &item;
  }
  return config_failure(at, "the pipeline has no \"" + key + '"' + nearest_name(key, types));
}

/// "sinks.parquet.path=out": text, or YAML in brackets.
Status override_value(ConfigNode& root, const std::string& text) {
  ConfigNode at;
  at.file = "--set " + text;
  std::size_t const equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    return fail(ErrorCode::usage, "--set takes KEY=VALUE such as source.path=day.hl7, not " + text);
  std::string const value = text.substr(equals + 1);
  ConfigNode parsed = ConfigNode::text(value);
  if (value.starts_with('[') || value.starts_with('{')) {
    auto read = parse_yaml(value, at.file);
    if (!read) return tl::unexpected<Failure>(read.error());
    parsed = std::move(*read);
  }
  parsed.file = at.file;
  ConfigNode* node = &root;
  std::string rest = text.substr(0, equals);
  while (!rest.empty()) {
    std::size_t const dot = std::min(rest.find('.'), rest.size());
    std::string const key = rest.substr(0, dot);
    rest.erase(0, std::min(dot + 1, rest.size()));
    if (node->kind == ConfigNode::Kind::list) {
      auto item = item_of(*node, key, at);
      if (!item) return tl::unexpected<Failure>(item.error());
      node = *item;
      continue;
    }
    if (node->kind == ConfigNode::Kind::scalar)
      return config_failure(at, "there is nothing below \"" + node->scalar + '"');
    node->kind = ConfigNode::Kind::map;
    auto known = std::find_if(node->entries.begin(), node->entries.end(),
                              [&](auto const& entry) { return entry.first == key; });
    if (known == node->entries.end()) {
      node->entries.emplace_back(key, ConfigNode{});
      known = node->entries.end() - 1;
      known->second.file = at.file;
    }
    node = &known->second;
  }
  *node = std::move(parsed);
  return {};
}

Exit run(const RunRequest& request) {
  auto description = read_config(request.file);
  if (!description) return complain(description.error());
  for (std::string const& text : request.overrides)
    if (auto ok = override_value(*description, text); !ok) return complain(ok.error());
  if (!request.check && !request.dry_run) return run_job(*description, request.job);
  if (auto ok = check_job(*description); !ok) return complain(ok.error());
  if (request.dry_run)
    std::cout << yaml_text(*description);
  else
    std::cerr << request.file << " makes sense\n";
  return Exit::ok;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<RunRequest>();
  command
      .add_option("file", request->file,
                  "Pipeline file: .yaml, .json or .toml with source, stages and sinks")
      ->required();
  command
      .add_option("-s,--set", request->overrides,
                  "Another value for a key: source.path=FILE, sinks.0.path=OUT, "
                  "stages.tabulate.only=[patients, encounters]")
      ->allow_extra_args(false);
  command.add_flag("--check", request->check, "Only check the file; builds every component");
  command.add_flag("--dry-run", request->dry_run, "Print the pipeline as it would run");
  add_job_options(command, request->job);
  return [request] { return run(*request); };
}

}  // namespace

const Verb run_verb{"run", "Run a pipeline file", examples, setup};

}  // namespace hl7flow::cli
