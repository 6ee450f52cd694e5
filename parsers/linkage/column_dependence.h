#pragma once

#include <vector>

#include <hl7flow/parsers/linkage/comparer.h>

namespace hl7flow::linkage {

/// How far the value of one role follows from that of another: of the records whose value of `by`
/// others have too, the share that has the value of `of` which is most frequent with it. 0 where
/// fewer than twenty records have both.
double follows(const PersonTable& table, Role of, Role by);

/// Whether the role is one of a place that follows from another column: a state from the city or
/// the postcode, a city from the postcode and the reverse.
bool says_nothing_new(const PersonTable& table, Role role);
// What the bits of such a role are multiplied with. Not none: a weight of nothing would be that of
// a missing value.
inline constexpr double share_of_follower = 0.01;

/// comparisons_for() a table that a model is learned from. A state that follows from the city, or a
/// city that follows from the postcode and the reverse, agree whenever the other does: such a
/// column hardly counts, or two of one town would seem to agree three times.
std::vector<Comparison> comparisons_to_learn(const PersonTable& table);

}  // namespace hl7flow::linkage
