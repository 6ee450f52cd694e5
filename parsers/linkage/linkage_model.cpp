#include <hl7flow/parsers/linkage/linkage_model.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hl7flow::linkage {

namespace {

constexpr int rounds_max = 100;
constexpr double twin_bits = -1;  // one in three

std::uint64_t hash_of(const Pattern& pattern) {
  std::uint64_t low = 0, high = 0;
  std::memcpy(&low, pattern.data(), 8);
  std::memcpy(&high, pattern.data() + 8, 8);
  std::uint64_t const mixed = (low * 0x9e3779b97f4a7c15u) ^ (high * 0xc2b2ae3d27d4eb4fu);
  return mixed ^ mixed >> 29;
}

double log_odds(const LinkageModel& model, const Pattern& pattern) {
  double odds = std::log(model.prior / (1 - model.prior));
  for (std::size_t k = 0; k < model.comparisons.size(); ++k)
    if (Level const level = pattern[k]; level != 0)
      odds += std::log(model.m[k][level] / model.u[k][level]) * model.comparisons[k].share;
  return odds;
}

}  // namespace

double LinkageModel::weight(std::size_t comparison, Level level) const noexcept {
  if (level == 0) return 0;
  return std::log2(m[comparison][level] / u[comparison][level]) * comparisons[comparison].share;
}

double LinkageModel::prior_weight() const noexcept { return std::log2(prior / (1 - prior)); }

PairScorer::PairScorer(const LinkageModel& model, const PersonTable& table, bool guards_twins)
    : model_(model), table_(table), prior_(model.prior_weight()), guards_twins_(guards_twins) {
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    for (Level level = 1; level <= model.comparisons[k].top; ++level)
      weights_[k][level] = model.weight(k, level);
    if (model.comparisons[k].kind != ComparisonKind::names_swapped) continue;
    swaps_ = true;
    swap_place_ = k;
  }
}

double PairScorer::rarity(std::size_t comparison, const Pattern& pattern,
                          RecordPair pair) const noexcept {
  Comparison const& one = model_.comparisons[comparison];
  if (!one.by_frequency || pattern[comparison] != one.top) return 0;
  bool const is_name =
      one.kind == ComparisonKind::given_name || one.kind == ComparisonKind::family_name;
  if (is_name && swaps_ && pattern[swap_place_] == 2) return 0;
  ValueId const value = table_.value(one.role, pair.a);
  auto const filled = static_cast<double>(table_.filled(one.role));
  // Two records that agree by chance, or ten persons, are no sign that a value is rarer than that.
  double const least = std::max(2.0, filled / 5000);
  double const share = std::max<double>(table_.frequency(one.role, value), least) / filled;
  return std::log2(model_.u[comparison][one.top] / share) * one.share;
}

double PairScorer::score(const Pattern& pattern, RecordPair pair) const noexcept {
  double sum = prior_;
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k)
    sum += weights_[k][pattern[k]] + rarity(k, pattern, pair);
  return guards_twins_ && sum > twin_bits && may_be_twins(pattern) ? twin_bits : sum;
}

bool PairScorer::may_be_twins(const Pattern& pattern) const noexcept {
  bool given_differs = false, family_agrees = false, born_together = false, lives_together = false;
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k) {
    Comparison const& one = model_.comparisons[k];
    bool const exact = pattern[k] == one.top;
    switch (one.role) {
      case Role::given_name:
        given_differs = pattern[k] == 1;
        break;
      case Role::family_name:
        if (one.kind == ComparisonKind::family_name) family_agrees = exact;
        break;
      case Role::birth_date:
        born_together = exact;
        break;
      case Role::address_line_1:
      case Role::phone:
        lives_together |= exact;
        break;
      case Role::identifier:
      case Role::email:
        if (pattern[k] > 1) return false;
        break;
      default:
        break;
    }
  }
  return given_differs && family_agrees && born_together && lives_together;
}

std::vector<std::pair<double, double>> PairScorer::explain(const Pattern& pattern,
                                                           RecordPair pair) const {
  std::vector<std::pair<double, double>> terms{{prior_, 0}};
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k)
    terms.emplace_back(weights_[k][pattern[k]], rarity(k, pattern, pair));
  double sum = 0;
  for (auto const& [level, rare] : terms) sum += level + rare;
  terms.emplace_back(score(pattern, pair) - sum, 0);
  return terms;
}

void PatternHistogram::add(const Pattern& pattern, std::uint64_t count) {
  std::size_t const mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash_of(pattern)) & mask;
  while (slots_[at].count != 0 && slots_[at].pattern != pattern) at = (at + 1) & mask;
  if (slots_[at].count == 0) {
    slots_[at].pattern = pattern;
    ++used_;
  }
  slots_[at].count += count;
  if (used_ * 2 < slots_.size()) return;
  std::vector<PatternCount> const old = std::move(slots_);
  slots_ = std::vector<PatternCount>(old.size() * 2);
  used_ = 0;
  for (PatternCount const& one : old)
    if (one.count != 0) add(one.pattern, one.count);
}

void PatternHistogram::add(const PatternHistogram& other) {
  for (PatternCount const& one : other.slots_)
    if (one.count != 0) add(one.pattern, one.count);
}

std::vector<PatternCount> PatternHistogram::counts() const {
  std::vector<PatternCount> found;
  for (PatternCount const& one : slots_)
    if (one.count != 0) found.push_back(one);
  // In one order, whatever the order in which they came: sums of floating point depend on it.
  std::sort(found.begin(), found.end(),
            [](auto const& a, auto const& b) { return a.pattern < b.pattern; });
  return found;
}

LinkageModel train(std::vector<Comparison> comparisons, const PatternHistogram& random,
                   const PatternHistogram& candidates, double all_pairs, double expected_links) {
  LinkageModel model;
  model.comparisons = std::move(comparisons);
  std::size_t const count = model.comparisons.size();
  auto const samples = random.counts();
  for (std::size_t k = 0; k < count; ++k) {
    Level const top = model.comparisons[k].top;
    double sum = 0;
    for (Level level = 1; level <= top; ++level) model.u[k][level] = 0.5;
    for (PatternCount const& one : samples)
      if (one.pattern[k] != 0) model.u[k][one.pattern[k]] += static_cast<double>(one.count);
    for (Level level = 1; level <= top; ++level) sum += model.u[k][level];
    for (Level level = 1; level <= top; ++level) model.u[k][level] /= sum;
    // Where to begin: three of four agree, and the rest is spread.
    for (Level level = 1; level < top; ++level) model.m[k][level] = 0.25 / (top - 1);
    model.m[k][top] = 0.75;
    if (model.comparisons[k].kind == ComparisonKind::names_swapped) {
      model.m[k][1] = 0.97;
      model.m[k][2] = 0.03;
    }
  }
  model.prior = std::clamp(expected_links / all_pairs, 1e-12, 0.5);
  auto const patterns = candidates.counts();
  for (int round = 0; round < rounds_max; ++round) {
    std::array<std::array<double, level_max + 1>, comparison_max> agreed{};
    double links = 0;
    for (PatternCount const& one : patterns) {
      double const expected =
          static_cast<double>(one.count) / (1 + std::exp(-log_odds(model, one.pattern)));
      links += expected;
      for (std::size_t k = 0; k < count; ++k) agreed[k][one.pattern[k]] += expected;
    }
    double const prior = std::clamp(links / all_pairs, 1e-12, 0.5);
    double const change = std::abs(prior - model.prior) / model.prior;
    model.prior = prior;
    for (std::size_t k = 0; k < count; ++k) {
      double sum = 0;
      Level const top = model.comparisons[k].top;
      for (Level level = 1; level <= top; ++level) sum += agreed[k][level] += 1e-3;
      for (Level level = 1; level <= top; ++level) model.m[k][level] = agreed[k][level] / sum;
    }
    if (change < 1e-7) break;
  }
  return model;
}

}  // namespace hl7flow::linkage
