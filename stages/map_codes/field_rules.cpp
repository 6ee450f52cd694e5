#include <hl7flow/stages/map_codes/field_rules.h>

namespace hl7flow::stages {

extern const std::string_view default_fields_toml;  // generated from default_fields.toml

namespace {

constexpr std::size_t rules_max = 128;  // half of RuleTable's slots

Result<Path, Failure> read_field(const ConfigNode& node, std::string_view what) {
  auto path = read_path(node.scalar, node);
  if (!path) return path;
  if (path->field == 0 || path->component != 0 || path->repetition != 1 || path->has_match())
    return config_failure(node, std::string(what) + " is a field such as OBX-3");
  return path;
}

Status read_rule(const ConfigNode& node, FieldRule& rule) {
  if (node.kind != ConfigNode::Kind::map)
    return config_failure(node, "a field is a map such as { path = \"OBX-3\", to = [\"LOINC\"] }");
  const ConfigNode* system_from = nullptr;
  for (auto const& [key, value] : node.entries) {
    Status ok;
    if (key == "path") {
      auto const path = read_field(value, "path");
      if (!path) return tl::unexpected<Failure>(path.error());
      rule.segment = path->segment;
      rule.field = path->field;
    } else if (key == "to") {
      ok = read_value(value, rule.wanted);
    } else if (key == "system_from") {
      system_from = &value;
    } else if (key == "when") {
      auto condition = parse_condition(value.scalar, value);
      if (!condition) return tl::unexpected<Failure>(condition.error());
      rule.when = std::move(*condition);
    } else {
      return config_failure(value, "unknown key \"" + key + "\" of a coded field" +
                                       nearest_name(key, {"path", "to", "system_from", "when"}));
    }
    if (!ok) return ok;
  }
  if (rule.field == 0) return config_failure(node, "a coded field needs a path");
  if (system_from != nullptr) {
    auto const path = read_field(*system_from, "system_from");
    if (!path) return tl::unexpected<Failure>(path.error());
    if (path->segment != rule.segment)
      return config_failure(*system_from, "system_from names another segment than path");
    rule.system_field = path->field;
  }
  if (rule.when && rule.when->path.segment != rule.segment)
    return config_failure(node, "the condition of a coded field is about its own segment");
  return {};
}

}  // namespace

Result<std::vector<FieldRule>, Failure> read_field_rules(const ConfigNode& list) {
  if (list.kind != ConfigNode::Kind::list) return config_failure(list, "coded fields are a list");
  std::vector<FieldRule> rules;
  for (ConfigNode const& node : list.items) {
    FieldRule rule;
    if (auto ok = read_rule(node, rule); !ok) return tl::unexpected<Failure>(ok.error());
    rules.push_back(std::move(rule));
  }
  if (rules.size() > rules_max)
    return fail(ErrorCode::bad_config, "there are more than 128 coded fields");
  return rules;
}

Result<std::vector<FieldRule>, Failure> default_field_rules() {
  auto const root = parse_toml(default_fields_toml, "default_fields.toml");
  if (!root) return tl::unexpected<Failure>(root.error());
  const ConfigNode* const list = root->find("field");
  if (list == nullptr) return fail(ErrorCode::internal, "default_fields.toml has no field");
  return read_field_rules(*list);
}

RuleTable::RuleTable(const std::vector<FieldRule>& rules) {
  for (std::size_t k = 0; k < rules.size(); ++k) {
    std::size_t slot = hash(rules[k].segment);
    while (slots_[slot].rules != 0 && slots_[slot].id != rules[k].segment)
      slot = (slot + 1) % slots_.size();
    if (slots_[slot].rules == 0) {
      rules_.emplace_back();
      slots_[slot] = {rules[k].segment, static_cast<std::uint16_t>(rules_.size())};
    }
    rules_[slots_[slot].rules - 1u].push_back(static_cast<std::uint16_t>(k));
  }
}

}  // namespace hl7flow::stages
