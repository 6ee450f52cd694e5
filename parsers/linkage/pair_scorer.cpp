#include <hl7flow/parsers/linkage/pair_scorer.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace hl7flow::linkage {

double rarest_count(const LinkageModel& model, std::size_t records) noexcept {
  return std::max(2.0, 1 + model.prior * static_cast<double>(records));
}

namespace {

double shortness_of(const LinkageModel& model, std::size_t records) noexcept {
  return model.records == 0 ? 0 : std::max(0.0, 1 - static_cast<double>(records) / model.records);
}

}  // namespace

PairScorer::PairScorer(const LinkageModel& model, const PersonTable& table, bool guards_twins)
    : model_(model),
      table_(table),
      weights_(model),
      rarest_(rarest_count(model, table.size())),
      shortness_(shortness_of(model, table.size())),
      guards_(guards_twins || model.household_prior > 0) {
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    is_shared_[k] = is_of_household(model.comparisons[k].kind, model.comparisons[k].role);
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
  return rarity_of(comparison, table_.value(one.role, pair.a));
}

/// What the rarity of a value adds where both have it.
double PairScorer::rarity_of(std::size_t comparison, ValueId value) const noexcept {
  Comparison const& one = model_.comparisons[comparison];
  auto const filled = static_cast<double>(table_.filled(one.role));
  // A short list does not show how rare its values are: what stands there twice is half of four.
  // So much as would make the rarest value as frequent as the long list says is taken as seen.
  double const unseen = shortness_ * rarest_ / model_.u[comparison][one.top];
  double const share =
      std::max<double>(table_.frequency(one.role, value), rarest_) / (filled + unseen);
  return std::log2(model_.u[comparison][one.top] / share) * one.share;
}

/// What a sum loses because the pair may be two of a household. What they share is as rare for
/// them as it is for one person.
double PairScorer::household_bits(const Pattern& pattern, RecordPair pair,
                                  const Sums& sums) const noexcept {
  if (model_.household_prior == 0) return 0;
  auto [household, twins, namesakes, together] = weights_.of_kin(pattern);
  together += sums.home_rarity;
  double const address =
      model_.moved_share > 0 ? weights_.of_shared_address(together, sums.elsewhere).bits : together;
  household += sums.shared_rarity + address;
  twins += sums.shared_rarity + sums.birth_rarity + address;
  namesakes += sums.shared_rarity + sums.given_rarity + address;
  if (namesakes > 0 && !may_be_generations(pair)) namesakes = -1000;
  double const most = std::max({household, twins, namesakes, 0.0});
  return -most - std::log2(std::exp2(-most) + std::exp2(household - most) +
                           std::exp2(twins - most) + std::exp2(namesakes - most));
}

/// Who bears a parent's name was born a generation later.
bool PairScorer::may_be_generations(RecordPair pair) const noexcept {
  if (!table_.has(Role::birth_date)) return true;
  auto const year = [](std::string_view date) {
    int number = 0;
    return std::from_chars(date.data(), date.data() + std::min<std::size_t>(date.size(), 4), number)
                       .ec == std::errc{}
               ? number
               : 0;
  };
  int const a = year(table_.text(Role::birth_date, pair.a));
  int const b = year(table_.text(Role::birth_date, pair.b));
  return a == 0 || b == 0 || std::abs(a - b) >= generation_years;
}

PairScorer::Sums PairScorer::sums_of(const Pattern& pattern, RecordPair pair) const noexcept {
  Sums sums{weights_.person_prior};
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k) {
    double const bits = weights_.person[k][pattern[k]], rare = rarity(k, pattern, pair);
    (weights_.is_home[k] ? sums.stayed : sums.bits) += bits + rare;
    sums.elsewhere += weights_.moved[k][pattern[k]];
    if (is_shared_[k]) (weights_.is_home[k] ? sums.home_rarity : sums.shared_rarity) += rare;
    if (model_.comparisons[k].kind == ComparisonKind::given_name) sums.given_rarity = rare;
    if (model_.comparisons[k].kind == ComparisonKind::birth_date) sums.birth_rarity = rare;
  }
  return sums;
}

double PairScorer::score(const Pattern& pattern, RecordPair pair) const noexcept {
  return finish(pattern, pair, sums_of(pattern, pair));
}

/// A score, from what the comparisons add up to.
double PairScorer::finish(const Pattern& pattern, RecordPair pair,
                          const Sums& sums) const noexcept {
  double sum = sums.bits;
  if (model_.moved_share > 0) sum += weights_.of_address(sums.stayed, sums.elsewhere).bits;
  sum += household_bits(pattern, pair, sums);
  if (sum <= guarded_bits) return sum;
  return is_guarded(pattern, pair) ? guarded_bits : sum;
}

bool PairScorer::are_two_by_suffix(const Pattern& pattern, RecordPair pair) const noexcept {
  if (!have_two_suffixes(table_, pair.a, pair.b)) return false;
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k) {
    // Numbers of a family that came together are alike.
    Comparison const& one = model_.comparisons[k];
    if (one.role == Role::identifier && pattern[k] == one.top) return false;
  }
  return true;
}

/// Twins, or a father and a son of one name.
bool PairScorer::may_be_kin(const Pattern& compared) const noexcept {
  Pattern const pattern = weights_.of_relatives(compared);
  bool given_differs = false, given_agrees = false, family_agrees = false, lives_together = false;
  bool born_together = false, born_apart = false;
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k) {
    Comparison const& one = model_.comparisons[k];
    if (is_of_another(one.kind)) continue;
    bool const exact = pattern[k] == one.top;
    switch (one.role) {
      case Role::given_name:
        given_differs = pattern[k] == 1;
        given_agrees = exact;
        break;
      case Role::family_name:
        family_agrees = pattern[k] + 2 >= one.top;
        break;
      case Role::birth_date:
        born_together = exact;
        born_apart = pattern[k] == 1 || pattern[k] == 2;
        break;
      case Role::address_line_1:
        lives_together |= pattern[k] + 1 >= one.top;
        break;
      case Role::phone:
        lives_together |= exact;
        break;
      case Role::identifier:
        if (exact) return false;  // those of twins may be in a row
        break;
      case Role::email:
        if (pattern[k] > 1) return false;
        break;
      default:
        break;
    }
  }
  bool const twins = given_differs && born_together, namesakes = given_agrees && born_apart;
  return (twins || namesakes) && family_agrees && lives_together;
}

std::vector<std::pair<double, double>> PairScorer::explain(const Pattern& pattern,
                                                           RecordPair pair) const {
  std::vector<std::pair<double, double>> terms{{weights_.person_prior, 0}};
  Sums const sums = sums_of(pattern, pair);
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k)
    terms.emplace_back(weights_.person[k][pattern[k]], rarity(k, pattern, pair));
  double address = 0;
  if (model_.moved_share > 0) {
    auto const [its_bits, moved] = weights_.of_address(sums.stayed, sums.elsewhere);
    // What is likelier is told, and what the other adds to it.
    for (std::size_t k = 0; k < model_.comparisons.size(); ++k)
      if (weights_.is_home[k] && moved > 0.5) terms[k + 1] = {weights_.moved[k][pattern[k]], 0};
    address = its_bits - (moved > 0.5 ? sums.elsewhere : sums.stayed);
  }
  terms.emplace_back(address, 0);
  terms.emplace_back(household_bits(pattern, pair, sums), 0);
  double sum = 0;
  for (auto const& [level, rare] : terms) sum += level + rare;
  terms.emplace_back(finish(pattern, pair, sums) - sum, 0);
  return terms;
}

}  // namespace hl7flow::linkage
