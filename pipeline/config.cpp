#include <hl7flow/pipeline/config.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

namespace hl7flow {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t const above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

template <class Number>
bool parse_number(std::string_view text, Number& out) {
  auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && stop == text.data() + text.size();
}

/// "256 KiB", "64M", "2 GB": K, M and G are powers of 1024.
bool parse_size(std::string_view text, std::uint64_t& out) {
  std::size_t const digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || !parse_number(text.substr(0, digits), out)) return false;
  std::string_view unit = text.substr(digits);
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  if (unit.empty() || unit == "B") return true;
  constexpr std::string_view prefixes = "KMG";
  std::size_t const power = prefixes.find(unit.front() == 'k' ? 'K' : unit.front());
  std::string_view const rest = unit.substr(1);
  if (power == std::string_view::npos || !(rest.empty() || rest == "B" || rest == "iB"))
    return false;
  out <<= 10 * (power + 1);
  return true;
}

Status need_scalar(const ConfigNode& node, std::string_view expected) {
  if (node.kind == ConfigNode::Kind::scalar) return {};
  return config_failure(node, "expected " + std::string(expected));
}

}  // namespace

ConfigNode::ConfigNode() = default;
ConfigNode::ConfigNode(const ConfigNode&) = default;
ConfigNode::ConfigNode(ConfigNode&&) noexcept = default;
ConfigNode& ConfigNode::operator=(const ConfigNode&) = default;
ConfigNode& ConfigNode::operator=(ConfigNode&&) noexcept = default;
ConfigNode::~ConfigNode() = default;

const ConfigNode* ConfigNode::find(std::string_view key) const noexcept {
  for (auto const& [name, node] : entries)
    if (name == key) return &node;
  return nullptr;
}

std::string ConfigNode::place() const {
  std::string text = file;
  if (line > 0) text += ':' + std::to_string(line) + ':' + std::to_string(column);
  return text;
}

ConfigNode ConfigNode::text(std::string value) {
  ConfigNode node;
  node.kind = Kind::scalar;
  node.scalar = std::move(value);
  return node;
}

Result<ConfigNode, Failure> read_config(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, "cannot open the configuration file " + path);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  if (path.ends_with(".toml")) return parse_toml(text, path);
  if (path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json"))
    return parse_yaml(text, path);
  return fail(ErrorCode::bad_config,
              "a configuration file ends in .yaml, .yml, .json or .toml: " + path);
}

tl::unexpected<Failure> config_failure(const ConfigNode& at, const std::string& sentence) {
  std::string const place = at.place();
  return fail(ErrorCode::bad_config, place.empty() ? sentence : place + ": " + sentence);
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;
  std::string_view nearest;
  for (std::string const& candidate : known) {
    std::size_t const distance = edit_distance(name, candidate);
    if (distance >= best) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest.empty() ? std::string{} : ", did you mean \"" + std::string(nearest) + "\"?";
}

Status read_value(const ConfigNode& node, std::string& out) {
  if (auto ok = need_scalar(node, "text"); !ok) return ok;
  out = node.scalar;
  return {};
}

Status read_value(const ConfigNode& node, bool& out) {
  if (auto ok = need_scalar(node, "true or false"); !ok) return ok;
  if (node.scalar != "true" && node.scalar != "false")
    return config_failure(node, "expected true or false, found \"" + node.scalar + '"');
  out = node.scalar == "true";
  return {};
}

Status read_value(const ConfigNode& node, std::int64_t& out) {
  if (auto ok = need_scalar(node, "a whole number"); !ok) return ok;
  if (!parse_number(node.scalar, out))
    return config_failure(node, "expected a whole number, found \"" + node.scalar + '"');
  return {};
}

Status read_value(const ConfigNode& node, std::uint64_t& out) {
  if (auto ok = need_scalar(node, "a number or a size"); !ok) return ok;
  if (!parse_size(node.scalar, out))
    return config_failure(
        node, "expected a number or a size such as 256KiB, found \"" + node.scalar + '"');
  return {};
}

Status read_value(const ConfigNode& node, std::uint32_t& out) {
  std::uint64_t wide = 0;
  if (auto ok = read_value(node, wide); !ok) return ok;
  if (wide > 0xffffffffu) return config_failure(node, "the number is too large: " + node.scalar);
  out = static_cast<std::uint32_t>(wide);
  return {};
}

Status read_value(const ConfigNode& node, double& out) {
  if (auto ok = need_scalar(node, "a number"); !ok) return ok;
  if (!parse_number(node.scalar, out))
    return config_failure(node, "expected a number, found \"" + node.scalar + '"');
  return {};
}

Status read_value(const ConfigNode& node, std::vector<std::string>& out) {
  out.clear();
  if (node.kind == ConfigNode::Kind::scalar) {
    out.push_back(node.scalar);
    return {};
  }
  if (node.kind != ConfigNode::Kind::list) return config_failure(node, "expected a list");
  for (ConfigNode const& item : node.items) {
    std::string text;
    if (auto ok = read_value(item, text); !ok) return ok;
    out.push_back(std::move(text));
  }
  return {};
}

Status read_value(const ConfigNode& node, ConfigNode& out) {
  out = node;
  return {};
}

Result<std::int64_t, Failure> read_duration(std::string_view text) {
  if (text.empty()) return 0;
  std::int64_t number = 0;
  auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  constexpr std::pair<std::string_view, std::int64_t> units[] = {
      {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
  std::string_view const unit(stop, static_cast<std::size_t>(text.data() + text.size() - stop));
  for (auto const& [name, seconds] : units)
    if (error == std::errc{} && unit == name && number > 0 && number < 1'000'000'000)
      return number * seconds;
  return fail(ErrorCode::bad_option,
              "a time is a number with s, m, h or d, such as 24h, not " + std::string(text));
}

}  // namespace hl7flow
