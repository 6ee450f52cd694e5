#include <toml++/toml.h>

#include <hl7flow/pipeline/config.h>

namespace hl7flow {
namespace {

ConfigNode convert(const toml::node& from, const std::string& file) {
  ConfigNode node;
  node.file = file;
  node.line = from.source().begin.line;
  node.column = from.source().begin.column;
  if (auto const* table = from.as_table()) {
    node.kind = ConfigNode::Kind::map;
    for (auto const& [key, value] : *table)
      node.entries.emplace_back(std::string(key.str()), convert(value, file));
    // toml++ sorts keys; people wrote them in an order.
    std::stable_sort(node.entries.begin(), node.entries.end(), [](auto const& a, auto const& b) {
      return std::pair(a.second.line, a.second.column) < std::pair(b.second.line, b.second.column);
    });
    return node;
  }
  if (auto const* array = from.as_array()) {
    node.kind = ConfigNode::Kind::list;
    for (auto const& value : *array) node.items.push_back(convert(value, file));
    return node;
  }
  node.kind = ConfigNode::Kind::scalar;
  if (auto const* text = from.as_string()) {
    node.scalar = text->get();
  } else {
    std::ostringstream out;
    from.visit([&](auto const& value) {
      if constexpr (toml::is_boolean<decltype(value)>)
        out << (value.get() ? "true" : "false");
      else if constexpr (toml::is_value<decltype(value)>)
        out << value.get();
    });
    node.scalar = out.str();
  }
  return node;
}

}  // namespace

Result<ConfigNode, Failure> parse_toml(std::string_view text, const std::string& name) {
  try {
    return convert(toml::parse(text, name), name);
  } catch (const toml::parse_error& error) {
    ConfigNode at;
    at.file = name;
    at.line = error.source().begin.line;
    at.column = error.source().begin.column;
    return config_failure(at, std::string(error.description()));
  }
}

}  // namespace hl7flow
