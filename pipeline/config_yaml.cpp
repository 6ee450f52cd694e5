#include <yaml-cpp/yaml.h>

#include <hl7flow/pipeline/config.h>

namespace hl7flow {
namespace {

void set_place(ConfigNode& node, const YAML::Mark& mark, const std::string& file) {
  node.file = file;
  node.line = mark.line < 0 ? 0 : static_cast<std::uint32_t>(mark.line) + 1;
  node.column = mark.column < 0 ? 0 : static_cast<std::uint32_t>(mark.column) + 1;
}

ConfigNode convert(const YAML::Node& from, const std::string& file) {
  ConfigNode node;
  set_place(node, from.Mark(), file);
  if (from.IsMap()) {
    node.kind = ConfigNode::Kind::map;
    for (auto const& entry : from)
      node.entries.emplace_back(entry.first.as<std::string>(), convert(entry.second, file));
  } else if (from.IsSequence()) {
    node.kind = ConfigNode::Kind::list;
    for (auto const& item : from) node.items.push_back(convert(item, file));
  } else if (from.IsScalar()) {
    node.kind = ConfigNode::Kind::scalar;
    node.scalar = from.Scalar();
  }
  return node;
}

}  // namespace

Result<ConfigNode, Failure> parse_yaml(std::string_view text, const std::string& name) {
  try {
    return convert(YAML::Load(std::string(text)), name);
  } catch (const YAML::Exception& error) {
    ConfigNode at;
    set_place(at, error.mark, name);
    return config_failure(at, error.msg);
  }
}

}  // namespace hl7flow
