#include <string>
#include <vector>

#include <hl7flow/parsers/utf8.h>
#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/config.h>

#include "tests/fuzz/fuzz.h"

// Text that is read as TOML or as YAML, its values as every type, and its tables as a model that
// the tabulate stage then runs. Whatever the text: either a failure that says where and why, or
// values; and tables that a sink can write.
namespace hl7flow {

namespace stages {
extern const Component parse, tabulate;
}

namespace {

using fuzz::require;

void require_reason(const Failure& failure, const char* file) {
  require(failure.code == ErrorCode::bad_config, "configuration fails as configuration");
  require(failure.text.starts_with(file), "a failure in a file names the file");
}

template <class Value>
void read_as(const ConfigNode& node, const char* file) {
  Value value{};
  if (auto const read = read_value(node, value); !read) require_reason(read.error(), file);
}

void walk(const ConfigNode& node, const char* file) {
  require(node.file == file, "every node knows its file");
  require(node.kind == ConfigNode::Kind::list || node.items.empty(), "only lists have items");
  require(node.kind == ConfigNode::Kind::map || node.entries.empty(), "only maps have entries");
  read_as<std::string>(node, file);
  read_as<bool>(node, file);
  read_as<std::int64_t>(node, file);
  read_as<std::uint64_t>(node, file);
  read_as<std::uint32_t>(node, file);
  read_as<double>(node, file);
  read_as<std::vector<std::string>>(node, file);
  for (ConfigNode const& item : node.items) walk(item, file);
  for (auto const& [key, value] : node.entries) {
    require(node.find(key) != nullptr, "a key that is there is found");
    walk(value, file);
  }
}

Result<std::unique_ptr<Stage>, Failure> stage(const Component& component, const ConfigNode& with) {
  return std::get<Component::Make<Stage>>(component.make)(with);
}

void tabulate(const ConfigNode& tables) {
  ConfigNode settings;
  settings.kind = ConfigNode::Kind::map;
  settings.entries.emplace_back("tables", tables);
  settings.entries.emplace_back("defaults", ConfigNode::text("false"));
  auto made = stage(stages::tabulate, settings);
  if (!made) {
    require(!made.error().text.empty(), "a failure says why");
    return;
  }
  static auto const parse = stage(stages::parse, {});
  Batch batch;
  batch.text.append(
      "MSH|^~\\&|A|B|C|D|20240131||ORU^R01|1|P|2.5\rPID|1||1^^^H^MR~2||Doe^Jo\r"
      "OBR|1|a|b|c\rOBX|1|NM|x^y&z||98.6~1||\rOBX|2|ST|y||\"\"\rNTE|1||n\\T\\n\r"
      "MSH|^~|\rZZ1|1\rPID\r");
  batch.raw_size = batch.text.size();
  require((*parse)->process(batch).has_value(), "parsing fails no run");
  require((*made)->process(batch).has_value(), "tabulating fails no run");
  std::vector<std::string> tables_seen;
  for (TableRows const& table : batch.tables) {
    for (std::string const& name : tables_seen)
      require(name != table.schema->name, "no two tables have one name");
    tables_seen.push_back(table.schema->name);
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
      Column const& column = table.columns[k];
      for (std::size_t other = 0; other < k; ++other)
        require(table.schema->columns[other].name != table.schema->columns[k].name,
                "no two columns of a table have one name");
      for (std::size_t row = 0; row < table.rows; ++row) {
        require(column.valid[row] <= 1, "a value is there or not");
        if (column.type != ColumnType::text || column.valid[row] == 0) continue;
        std::string_view const text = batch.resolve(column.texts[row]);
        require(text.size() <= batch.text.size(), "a text is part of its message");
        require(is_utf8(text), "a text is UTF-8");
      }
    }
  }
}

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hl7flow;
  fuzz::Input input(data, size);
  bool const toml = input.choose(2) == 0;
  const char* const file = toml ? "a.toml" : "a.yaml";
  auto const root = toml ? parse_toml(input.rest(), file) : parse_yaml(input.rest(), file);
  if (!root) {
    require_reason(root.error(), file);
    return 0;
  }
  walk(*root, file);
  for (const char* const key : {"table", "tables"})
    if (const ConfigNode* const tables = root->find(key)) tabulate(*tables);
  return 0;
}
