#include <hl7flow/adapters/cli/match/rules.h>

#include <algorithm>
#include <map>

#include <hl7flow/pipeline/config.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

Result<std::vector<Role>, Failure> read_roles(const std::string& text, const People& people) {
  std::vector<Role> roles;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t const end = std::min(text.find('+', begin), text.size());
    std::string const word = text.substr(begin, end - begin);
    begin = end + 1;
    auto const role = role_named(word);
    if (!role) {
      std::string why = "rules are roles of columns with + between them, such as ";
      why.append("identifier+birth_date; there is no \"").append(word).append("\"");
      return fail(ErrorCode::usage, why.append(nearest_name(word, role_names())));
    }
    if (!people.table.has(*role)) {
      std::string why = "rule ";
      why.append(text).append(": no column is ").append(word);
      return fail(ErrorCode::usage,
                  why.append(" (--column NAME=").append(word).append(" names one)"));
    }
    roles.push_back(*role);
  }
  return roles;
}

bool has_two_of_a_source(const std::vector<std::uint32_t>& group, const PersonTable& table) {
  for (std::size_t k = 0; k < group.size(); ++k)
    for (std::size_t j = 0; j < k; ++j)
      if (table.source(group[k]) == table.source(group[j])) return true;
  return false;
}

MatchRule rule_of(const std::string& text, const std::vector<Role>& roles, const PersonTable& table,
                  bool link) {
  MatchRule rule{text, {}, std::vector<std::uint32_t>(table.size())};
  std::map<std::vector<ValueId>, std::vector<std::uint32_t>> by_values;
  std::vector<ValueId> values(roles.size());
  for (std::uint32_t k = 0; k < table.size(); ++k) {
    for (std::size_t r = 0; r < roles.size(); ++r) values[r] = table.value(roles[r], k);
    if (std::find(values.begin(), values.end(), 0u) == values.end()) by_values[values].push_back(k);
  }
  for (auto& [key, group] : by_values)
    if (group.size() > 1 && !(link && has_two_of_a_source(group, table)))
      rule.groups.push_back(std::move(group));
  std::sort(rule.groups.begin(), rule.groups.end());
  for (std::uint32_t k = 0; k < rule.groups.size(); ++k)
    for (std::uint32_t const record : rule.groups[k]) rule.group_of[record] = k + 1;
  return rule;
}

}  // namespace

Result<std::vector<MatchRule>, Failure> read_rules(const std::vector<std::string>& texts,
                                                   const People& people, bool link) {
  std::vector<MatchRule> rules;
  for (std::string const& text : texts) {
    auto const roles = read_roles(text, people);
    if (!roles) return tl::unexpected<Failure>(roles.error());
    rules.push_back(rule_of(text, *roles, people.table, link));
  }
  return rules;
}

}  // namespace hl7flow::cli
