#include <hl7flow/parsers/linkage/class_weights.h>

#include <algorithm>
#include <cmath>

namespace hl7flow::linkage {

namespace {

// Twins of one name; not quite never, for a record may be of the wrong twin.
constexpr double twins_of_one_name = 1e-4;

double share_bits(double share) { return share > 0 ? std::log2(share) : -1000; }

}  // namespace

ClassWeights::ClassWeights(const LinkageModel& model)
    : person_prior(model.prior_weight()),
      household_prior(model.household_prior_weight()),
      count_(model.comparisons.size()) {
  twins_prior = household_prior + share_bits(model.twins_share);
  namesakes_prior = household_prior + share_bits(model.namesakes_share);
  household_prior += share_bits(1 - model.twins_share - model.namesakes_share);
  stays_prior_ = share_bits(1 - model.moved_share);
  moves_prior_ = share_bits(model.moved_share);
  together_prior_ = share_bits(1 - model.apart_share);
  apart_prior_ = share_bits(model.apart_share);
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    Comparison const& one = model.comparisons[k];
    bool const is_given = one.kind == ComparisonKind::given_name;
    bool const is_family = one.kind == ComparisonKind::family_name;
    is_home[k] = model.moved_share > 0 && is_of_home(one.role);
    has_swaps_ |= one.kind == ComparisonKind::names_swapped;
    if (one.kind == ComparisonKind::names_swapped) swap_ = k;
    if (is_family) family_ = k;
    if (is_given) given_ = k;
    double const by_chance = model.u[k][one.top];
    for (Level level = 1; level <= one.top; ++level) {
      person[k][level] = model.weight(k, level);
      if (is_home[k]) moved[k][level] = model.moved_weight(k, level);
      household[k][level] = twins[k][level] = namesakes[k][level] =
          model.household_weight(k, level);
      if (is_given)
        twins[k][level] =
            level == one.top ? std::log2(twins_of_one_name / by_chance) : -std::log2(1 - by_chance);
      if (is_family || one.kind == ComparisonKind::birth_date) twins[k][level] = person[k][level];
      if (is_family || is_given || one.kind == ComparisonKind::sex ||
          one.kind == ComparisonKind::given_name_slip)
        namesakes[k][level] = person[k][level];
    }
  }
}

ClassWeights::Kin ClassWeights::of_kin(const Pattern& pattern) const noexcept {
  Kin sums{household_prior, twins_prior, namesakes_prior, 0};
  Pattern const relatives = of_relatives(pattern);
  for (std::size_t k = 0; k < count_; ++k) {
    if (is_home[k]) {
      sums.together += household[k][pattern[k]];
      continue;
    }
    sums.household += household[k][relatives[k]];
    sums.twins += twins[k][relatives[k]];
    sums.namesakes += namesakes[k][relatives[k]];
  }
  return sums;
}

ClassWeights::Address ClassWeights::either(double stayed, double elsewhere) noexcept {
  double const most = std::max(stayed, elsewhere);
  double const a = std::exp2(stayed - most), b = std::exp2(elsewhere - most);
  return {most + std::log2(a + b), b / (a + b)};
}

}  // namespace hl7flow::linkage
