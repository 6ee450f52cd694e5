#pragma once

#include <cstdint>
#include <functional>

#include <hl7flow/parsers/linkage/linkage_model.h>
#include <hl7flow/parsers/linkage/packed_comparer.h>

// Weights for packed persons that are learned from the persons at hand, without labels.
namespace hl7flow::linkage {

struct LearnedWeights {
  LinkageModel model;                    // a comparison for each aspect, in their order
  std::uint64_t records = 0, pairs = 0;  // that were compared
  double expected_links = 0;             // pairs of one person, by the model's own count
  std::vector<Aspect> usual;             // of which too little is known here: as default_weights()
  bool city_follows = false;             // from the postcode, and the reverse: it hardly counts

  AspectWeights weights() const;
};

/// How often records agree by chance from a million pairs at random, how often those of one person
/// do by expectation maximization over all pairs that share a block key which no more than
/// `block_max` records have. `person(k)` gives the k-th of `count` persons; those of whom nothing
/// is known are passed over. Deterministic. About 16 bytes of memory for each pair.
LearnedWeights learn_weights(std::size_t count,
                             const std::function<const PackedPerson&(std::size_t)>& person);

/// The comparisons of aspects, for a model of them.
std::vector<Comparison> aspect_comparisons();
AspectWeights weights_of(const LinkageModel& model);

}  // namespace hl7flow::linkage
