#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hl7flow/parsers/error.h>

namespace hl7flow {

/// One value of a configuration file, with its place: what YAML and TOML have in common. Plain
/// data; start-up only. All scalars are text until a component asks for a type.
struct ConfigNode {
  enum class Kind : std::uint8_t { empty, scalar, list, map };

  // Defined elsewhere: clang 14 needs the type complete to do it here, for it contains itself.
  ConfigNode();
  ConfigNode(const ConfigNode&);
  ConfigNode(ConfigNode&&) noexcept;
  ConfigNode& operator=(const ConfigNode&);
  ConfigNode& operator=(ConfigNode&&) noexcept;
  ~ConfigNode();

  Kind kind = Kind::empty;
  std::string scalar;
  std::vector<ConfigNode> items;                            // of a list
  std::vector<std::pair<std::string, ConfigNode>> entries;  // of a map, in file order
  std::string file;
  std::uint32_t line = 0, column = 0;  // from 1; 0 if unknown

  const ConfigNode* find(std::string_view key) const noexcept;
  /// "pipeline.yaml:12:3"
  std::string place() const;
  static ConfigNode text(std::string value);
};

/// Reads a file as YAML (.yaml, .yml, .json) or TOML (.toml) by its ending. Failures: not_found,
/// bad_config with file, line and column.
Result<ConfigNode, Failure> read_config(const std::string& path);
Result<ConfigNode, Failure> parse_toml(std::string_view text, const std::string& name);
Result<ConfigNode, Failure> parse_yaml(std::string_view text, const std::string& name);

/// bad_config at a node's place.
tl::unexpected<Failure> config_failure(const ConfigNode& at, const std::string& sentence);
/// ", did you mean \"x\"?" for the known name nearest to `name`, or nothing if none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

/// Seconds of "90s", "30m", "24h" or "7d"; 0 for empty. Failures: bad_option.
Result<std::int64_t, Failure> read_duration(std::string_view text);
/// A node to a typed value; a Failure names the place and what was expected.
Status read_value(const ConfigNode& node, std::string& out);
Status read_value(const ConfigNode& node, bool& out);
Status read_value(const ConfigNode& node, std::int64_t& out);
Status read_value(const ConfigNode& node, std::uint64_t& out);  // "256 KiB", "64M" accepted
Status read_value(const ConfigNode& node, std::uint32_t& out);
Status read_value(const ConfigNode& node, double& out);
Status read_value(const ConfigNode& node, std::vector<std::string>& out);  // one scalar or a list
Status read_value(const ConfigNode& node, ConfigNode& out);                // as it is

}  // namespace hl7flow
