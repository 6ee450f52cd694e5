#include <hl7flow/parsers/linkage/batch_scorer.h>

#include <algorithm>

namespace hl7flow::linkage {

BatchScorer::BatchScorer(const PairScorer& scorer) : scorer_(scorer) {
  LinkageModel const& model = scorer.model_;
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    if (!model.comparisons[k].by_frequency) continue;
    std::size_t const count = scorer.table_.value_count(model.comparisons[k].role);
    rarities_[k].resize(count);
    for (std::size_t value = 1; value < count; ++value)
      rarities_[k][value] = scorer.rarity_of(k, static_cast<ValueId>(value));
  }
}

void BatchScorer::score(std::span<const RecordPair> pairs, const Pattern* patterns,
                        float* bits) const {
  for (std::size_t begin = 0; begin < pairs.size(); begin += block_size)
    score_block(pairs.subspan(begin, std::min(block_size, pairs.size() - begin)), patterns + begin,
                bits + begin);
}

/// What a comparison adds, as PairScorer::score() does.
void BatchScorer::add(std::size_t comparison, std::span<const RecordPair> pairs,
                      const Pattern* patterns, Sums& sums) const {
  Comparison const& one = scorer_.model_.comparisons[comparison];
  auto const& weights = scorer_.weights_.person[comparison];
  bool const is_home = scorer_.weights_.is_home[comparison];
  bool const is_shared = scorer_.is_shared_[comparison];
  std::array<double, block_size>& sum = is_home ? sums.stayed : sums.bits;
  std::array<double, block_size>& shared = is_home ? sums.home_rarity : sums.shared_rarity;
  if (rarities_[comparison].empty()) {
    for (std::size_t i = 0; i < pairs.size(); ++i) sum[i] += weights[patterns[i][comparison]];
  } else {
    double const* const rarities = rarities_[comparison].data();
    bool const is_given = one.kind == ComparisonKind::given_name;
    bool const is_born = one.kind == ComparisonKind::birth_date;
    bool const is_name = is_given || one.kind == ComparisonKind::family_name;
    // Of names that are swapped, no value is the same.
    std::size_t const swapped = is_name && scorer_.swaps_ ? scorer_.swap_place_ : comparison;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      Level const level = patterns[i][comparison];
      bool const is_rare = level == one.top && (swapped == comparison || patterns[i][swapped] != 2);
      ValueId const value = scorer_.table_.value(one.role, pairs[i].a) & (0u - ValueId{is_rare});
      double const rare = rarities[value];
      sum[i] += weights[level] + rare;
      if (is_shared) shared[i] += rare;
      if (is_given) sums.given_rarity[i] = rare;
      if (is_born) sums.birth_rarity[i] = rare;
    }
  }
  if (!is_home) return;
  auto const& moved = scorer_.weights_.moved[comparison];
  for (std::size_t i = 0; i < pairs.size(); ++i)
    sums.elsewhere[i] += moved[patterns[i][comparison]];
}

void BatchScorer::score_block(std::span<const RecordPair> pairs, const Pattern* patterns,
                              float* bits) const {
  Sums sums;
  sums.bits.fill(scorer_.weights_.person_prior);
  sums.stayed.fill(0);
  sums.elsewhere.fill(0);
  sums.home_rarity.fill(0);
  sums.shared_rarity.fill(0);
  sums.given_rarity.fill(0);
  sums.birth_rarity.fill(0);
  for (std::size_t k = 0; k < scorer_.model_.comparisons.size(); ++k) add(k, pairs, patterns, sums);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    bits[i] = static_cast<float>(
        scorer_.finish(patterns[i], pairs[i],
                       {sums.bits[i], sums.stayed[i], sums.elsewhere[i], sums.home_rarity[i],
                        sums.shared_rarity[i], sums.given_rarity[i], sums.birth_rarity[i]}));
}

}  // namespace hl7flow::linkage
