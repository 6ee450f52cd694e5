#include <hl7flow/adapters/cli/survivorship.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include <hl7flow/pipeline/config.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

constexpr std::string_view rule_names[] = {"most_frequent", "longest", "first", "newest", "source"};

Result<SurvivorRule, Failure> rule_named(std::string_view wanted) {
  std::vector<std::string> const names(std::begin(rule_names), std::end(rule_names));
  auto const at = std::find(names.begin(), names.end(), wanted);
  if (at != names.end()) return static_cast<SurvivorRule>(at - names.begin());
  std::string all;
  for (std::string const& one : names) all += (all.empty() ? "" : ", ") + one;
  return fail(ErrorCode::usage, "there is no rule of survivorship \"" + std::string(wanted) + '"' +
                                    nearest_name(wanted, names) + "; rules are " + all);
}

/// Of the candidates at those places, the first of those whose value is there most often.
std::size_t most_frequent(std::span<const SurvivorCandidate> candidates,
                          const std::vector<std::size_t>& places) {
  std::unordered_map<std::string_view, std::size_t> counts;
  for (std::size_t const k : places) ++counts[candidates[k].value];
  std::size_t best = places.front();
  for (std::size_t const k : places)
    if (counts[candidates[k].value] > counts[candidates[best].value]) best = k;
  return best;
}

}  // namespace

std::string_view name(SurvivorRule rule) noexcept {
  return rule_names[static_cast<std::size_t>(rule)];
}

std::size_t survivor_of(SurvivorRule rule, std::span<const SurvivorCandidate> candidates) {
  auto const best_by = [&](auto&& is_better) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < candidates.size(); ++k)
      if (is_better(candidates[k], candidates[best])) best = k;
    return best;
  };
  switch (rule) {
    case SurvivorRule::longest:
      return best_by([](auto const& a, auto const& b) { return a.length > b.length; });
    case SurvivorRule::newest:
      return best_by([](auto const& a, auto const& b) { return a.at > b.at; });
    case SurvivorRule::first:
      return 0;
    case SurvivorRule::most_frequent:
    case SurvivorRule::source:
      break;
  }
  if (candidates.size() == 1) return 0;
  std::size_t least = candidates.front().source;
  for (SurvivorCandidate const& one : candidates) least = std::min(least, one.source);
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < candidates.size(); ++k)
    if (rule == SurvivorRule::most_frequent || candidates[k].source == least) places.push_back(k);
  return most_frequent(candidates, places);
}

std::size_t characters_of(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
  }));
}

Result<Survivorship, Failure> Survivorship::read(const std::vector<std::string>& texts,
                                                 const std::vector<std::string>& fields,
                                                 SurvivorRule usual) {
  std::vector<std::optional<SurvivorRule>> chosen(fields.size());
  std::optional<SurvivorRule> for_all;
  for (std::string const& text : texts) {
    std::size_t const equals = text.find('=');
    bool const has_field = equals != std::string::npos;
    auto const rule = rule_named(std::string_view(text).substr(has_field ? equals + 1 : 0));
    if (!rule) return tl::unexpected<Failure>(rule.error());
    std::string const field = has_field ? text.substr(0, equals) : std::string();
    auto const at = std::find(fields.begin(), fields.end(), field);
    if (has_field && at == fields.end()) {
      std::string why = "survivorship ";
      why.append(text).append(": there is no field \"").append(field).append("\"");
      return fail(ErrorCode::usage, why.append(nearest_name(field, fields)));
    }
    auto& place = has_field ? chosen[static_cast<std::size_t>(at - fields.begin())] : for_all;
    if (place)
      return fail(ErrorCode::usage, "survivorship " + text + ": a second rule for " +
                                        (has_field ? field : "all fields"));
    place = *rule;
  }
  Survivorship made;
  made.fields_ = fields;
  for (auto const& rule : chosen) made.rules_.push_back(rule.value_or(for_all.value_or(usual)));
  return made;
}

bool Survivorship::uses(SurvivorRule rule) const {
  return std::find(rules_.begin(), rules_.end(), rule) != rules_.end();
}

std::string Survivorship::json() const {
  JsonObject json;
  for (std::size_t k = 0; k < fields_.size(); ++k) json.add(fields_[k], name(rules_[k]));
  return json.text();
}

void add_survivorship_option(CLI::App& command, std::vector<std::string>& texts,
                             const std::string& help) {
  command.add_option("--survivorship", texts, help)->allow_extra_args(false);
}

}  // namespace hl7flow::cli
