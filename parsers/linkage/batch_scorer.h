#pragma once

#include <array>
#include <span>
#include <vector>

#include <hl7flow/parsers/linkage/pair_scorer.h>

namespace hl7flow::linkage {

/// Scores many pairs, with the bits of PairScorer, which must outlive it: a comparison at a time of
/// some hundred pairs, with what the rarity of each value adds worked out before. Pairs in order
/// are the fastest. Thread-safe.
class BatchScorer {
 public:
  explicit BatchScorer(const PairScorer& scorer);
  /// Of each pair, by number; `bits` has room for all.
  void score(std::span<const RecordPair> pairs, const Pattern* patterns, float* bits) const;

 private:
  static constexpr std::size_t block_size = 128;
  struct Sums {
    std::array<double, block_size> bits, stayed, elsewhere, home_rarity, shared_rarity,
        given_rarity, birth_rarity;
  };

  void add(std::size_t comparison, std::span<const RecordPair> pairs, const Pattern* patterns,
           Sums& sums) const;
  void score_block(std::span<const RecordPair> pairs, const Pattern* patterns, float* bits) const;

  const PairScorer& scorer_;
  std::array<std::vector<double>, comparison_max> rarities_;  // of values, by number
};

}  // namespace hl7flow::linkage
