#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hl7flow/parsers/linkage/clusters.h>

// Lists of which none has anyone twice.
namespace hl7flow::linkage {

/// Weighs each pair against its rivals. In another list a record has one counterpart or none; so
/// what a pair is likely against is not that the two are any two records, but that one of them has
/// another counterpart, or none. How many have none is counted: in lists that hold the same people
/// a weak candidate without a rival is likely enough; of two good ones neither is. `pairs` are in
/// an order of their own, the bits as PairScorer gives them, between records of different lists;
/// `sources` holds the list of each record, from 0. (Sadinle, JASA 112, 2017, has the model; this
/// is a few rounds of belief propagation on it.)
void weigh_against_rivals(std::vector<ScoredPair>& pairs, std::span<const std::uint32_t> sources);

}  // namespace hl7flow::linkage
