#include <hl7flow/pipeline/condition.h>

#include <algorithm>

namespace hl7flow {
namespace {

std::string_view trimmed(std::string_view text) {
  std::size_t const first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

Result<Path, Failure> read_path(std::string_view text, const ConfigNode& at) {
  auto const path = Path::parse(text);
  if (path) return *path;
  return config_failure(at, "the path does not parse at character " +
                                std::to_string(path.error().offset + 1) + ": " + std::string(text));
}

Result<std::vector<Path>, Failure> read_joined_paths(std::string_view text, const ConfigNode& at) {
  std::vector<Path> joined;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t const end = std::min(text.find(" + ", begin), text.size());
    auto const path = read_path(trimmed(text.substr(begin, end - begin)), at);
    if (!path) return tl::unexpected<Failure>(path.error());
    if (!joined.empty() && path->segment != joined.front().segment)
      return config_failure(at, "what is joined is of one segment: " + std::string(text));
    joined.push_back(*path);
    begin = end == text.size() ? end + 1 : end + 3;
  }
  return joined;
}

Result<Condition, Failure> parse_condition(std::string_view text, const ConfigNode& at) {
  struct Operator {
    std::string_view text;
    bool negated;
  };
  constexpr Operator operators[] = {
      {" not in ", true}, {" in ", false}, {"!=", true}, {"=", false}};
  Condition condition;
  std::string_view path_text = trimmed(text), values;
  std::size_t const bracket = text.find(']');
  std::size_t const from = bracket == std::string_view::npos ? 0 : bracket;
  for (Operator const& op : operators) {
    std::size_t const place = text.find(op.text, from);
    if (place == std::string_view::npos) continue;
    condition.negated = op.negated;
    path_text = trimmed(text.substr(0, place));
    values = text.substr(place + op.text.size());
    values = trimmed(values);
    // "MSH-9.1 in (ADT, ORU)", as SQL has it.
    if (op.text.ends_with("in ") && values.starts_with('(') && values.ends_with(')'))
      values = values.substr(1, values.size() - 2);
    if (trimmed(values).empty()) condition.values.emplace_back();  // "PID-30=" asks for no text
    break;
  }
  auto path = read_path(path_text, at);
  if (!path) return tl::unexpected<Failure>(path.error());
  condition.path = *path;
  while (!trimmed(values).empty()) {
    std::size_t const comma = std::min(values.find(','), values.size());
    condition.values.emplace_back(trimmed(values.substr(0, comma)));
    values.remove_prefix(std::min(comma + 1, values.size()));
  }
  return condition;
}

Status read_conditions(const ConfigNode& node, std::vector<Condition>& out) {
  if (node.kind == ConfigNode::Kind::list) {
    for (ConfigNode const& item : node.items)
      if (auto ok = read_conditions(item, out); !ok) return ok;
    return {};
  }
  std::string text;
  if (auto ok = read_value(node, text); !ok) return ok;
  auto condition = parse_condition(text, node);
  if (!condition) return tl::unexpected<Failure>(condition.error());
  out.push_back(std::move(*condition));
  return {};
}

bool holds(const Condition& condition, const MessageView& message) {
  Path const& path = condition.path;
  bool found = false;
  if (path.occurrence == Path::all || path.repetition == Path::all)
    message.for_each(path, [&](const FieldView& value, std::uint32_t, std::size_t) {
      found = found || condition.matches(value.raw());
    });
  else
    found = condition.matches(message.at(path).raw());
  return found != condition.negated;
}

bool holds(const std::vector<Condition>& conditions, const MessageView& message) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const Condition& condition) { return holds(condition, message); });
}

}  // namespace hl7flow
