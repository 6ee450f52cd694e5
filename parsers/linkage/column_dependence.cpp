#include <hl7flow/parsers/linkage/column_dependence.h>

namespace hl7flow::linkage {

namespace {

// Some records are in error.
constexpr double follows_least = 0.9;

/// Of the most frequent value of a role with a value of another (Boyer and Moore's majority vote).
struct Majority {
  ValueId value = 0;
  std::uint32_t lead = 0;
};

}  // namespace

double follows(const PersonTable& table, Role of, Role by) {
  constexpr std::uint64_t records_least = 20;
  std::vector<Majority> most(table.value_count(by));
  auto const for_each = [&](auto&& visit) {
    for (std::size_t record = 0; record < table.size(); ++record) {
      ValueId const key = table.value(by, record), value = table.value(of, record);
      if (key != 0 && value != 0 && table.frequency(by, key) > 1) visit(most[key], value);
    }
  };
  for_each([](Majority& one, ValueId value) {
    if (one.lead == 0) one.value = value;
    one.lead += one.value == value ? 1u : ~0u;
  });
  std::uint64_t all = 0, same = 0;
  for_each([&](Majority const& one, ValueId value) {
    ++all;
    same += one.value == value ? 1u : 0u;
  });
  return all < records_least ? 0 : static_cast<double>(same) / static_cast<double>(all);
}

bool says_nothing_new(const PersonTable& table, Role role) {
  auto const follows_from = [&](Role by) {
    return table.has(by) && follows(table, role, by) >= follows_least;
  };
  if (role == Role::state) return follows_from(Role::city) || follows_from(Role::postcode);
  return role == Role::city && follows_from(Role::postcode) &&
         follows(table, Role::postcode, Role::city) >= follows_least;
}

std::vector<Comparison> comparisons_to_learn(const PersonTable& table) {
  std::vector<Comparison> made = comparisons_for(table);
  for (Comparison& one : made)
    if (says_nothing_new(table, one.role)) one.share = share_of_follower;
  return made;
}

}  // namespace hl7flow::linkage
