#include <hl7flow/parsers/linkage/linkage_model.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hl7flow::linkage {

namespace {

constexpr int rounds_max = 100;
// Of the pairs of one household for each pair of one person.
constexpr double household_share_least = 0.05;
constexpr double twin_bits = -1;  // one in three
// Of pairs who live together, where learning begins: of a hundred births one or two are of twins,
// and few sons have the father's name.
constexpr double twins_share_begin = 0.005, namesakes_share_begin = 0.01, kin_share_most = 0.2;
// Twins of one name; not quite never, for a record may be of the wrong twin.
constexpr double twins_of_one_name = 1e-4;

std::uint64_t hash_of(const Pattern& pattern) {
  std::uint64_t low = 0, high = 0;
  std::memcpy(&low, pattern.data(), 8);
  std::memcpy(&high, pattern.data() + 8, 8);
  std::uint64_t const mixed = (low * 0x9e3779b97f4a7c15u) ^ (high * 0xc2b2ae3d27d4eb4fu);
  return mixed ^ mixed >> 29;
}

/// How probable each class is for a pattern: one person, and each kind of two of a household.
struct Belief {
  double person, household, twins, namesakes;
};
Belief belief(const ClassWeights& weights, const std::array<bool, comparison_max>& is_home,
              const Pattern& pattern, std::size_t count) {
  double person = weights.person_prior, household = weights.household_prior, moved = 0;
  double twins = weights.twins_prior, namesakes = weights.namesakes_prior;
  for (std::size_t k = 0; k < count; ++k) {
    double const bits = weights.person[k][pattern[k]];
    household += weights.household[k][pattern[k]];
    twins += weights.twins[k][pattern[k]];
    namesakes += weights.namesakes[k][pattern[k]];
    if (bits < 0 && is_home[k])
      moved = std::min(moved, bits);
    else
      person += bits;
  }
  person += moved;
  double const most = std::max({person, household, twins, namesakes, 0.0});
  Belief found{std::exp2(person - most), std::exp2(household - most), std::exp2(twins - most),
               std::exp2(namesakes - most)};
  double const sum =
      found.person + found.household + found.twins + found.namesakes + std::exp2(-most);
  return {found.person / sum, found.household / sum, found.twins / sum, found.namesakes / sum};
}

/// Parts of an address, where they are one move if they differ.
std::array<bool, comparison_max> parts_of_a_move(const LinkageModel& model) {
  std::array<bool, comparison_max> is_home{};
  for (std::size_t k = 0; k < model.comparisons.size(); ++k)
    is_home[k] = model.household_prior > 0 && is_of_home(model.comparisons[k].role);
  return is_home;
}

/// What two of a household share, and how a name is written is an error of a record, whoever it is.
bool is_learned_of_households(const Comparison& one) {
  return is_of_household(one.kind, one.role) || one.kind == ComparisonKind::names_swapped;
}

/// Whether the columns tell people of a household apart: what is their own, and something that they
/// share. Without birth dates one person is as alike as a father and a son of one name.
bool knows_households(const std::vector<Comparison>& comparisons) {
  bool has_given = false, has_birth_date = false, has_home = false;
  int shared = 0;
  for (Comparison const& one : comparisons) {
    has_given |= one.role == Role::given_name;
    has_birth_date |= one.role == Role::birth_date;
    has_home |= one.role == Role::address_line_1 || one.role == Role::phone;
    shared += is_of_household(one.kind, one.role) ? 1 : 0;
  }
  return has_given && has_birth_date && has_home && shared >= 2;
}

/// Levels by how often they are there, none of them never.
void set_shares(std::array<double, level_max + 1>& counts, Level top,
                std::array<double, level_max + 1>& shares) {
  double sum = 0;
  for (Level level = 1; level <= top; ++level) sum += counts[level] += 1e-3;
  for (Level level = 1; level <= top; ++level) shares[level] = counts[level] / sum;
}

/// Expectation maximization, from what the model says to where it does not change any more.
void maximize(LinkageModel& model, const std::vector<PatternCount>& patterns, double all_pairs) {
  std::size_t const count = model.comparisons.size();
  auto const is_home = parts_of_a_move(model);
  for (int round = 0; round < rounds_max; ++round) {
    std::array<std::array<double, level_max + 1>, comparison_max> agreed{}, together{};
    double links = 0, households = 0, twins = 0, namesakes = 0;
    ClassWeights const weights(model);
    for (PatternCount const& one : patterns) {
      Belief const believed = belief(weights, is_home, one.pattern, count);
      auto const pairs = static_cast<double>(one.count);
      double const person = pairs * believed.person;
      double const household = pairs * (believed.household + believed.twins + believed.namesakes);
      links += person;
      households += household;
      twins += pairs * believed.twins;
      namesakes += pairs * believed.namesakes;
      for (std::size_t k = 0; k < count; ++k) {
        agreed[k][one.pattern[k]] += person;
        together[k][one.pattern[k]] += household;
      }
    }
    double const prior = std::clamp(links / all_pairs, 1e-12, 0.5);
    double const change = std::abs(prior - model.prior) / model.prior;
    model.prior = prior;
    if (model.household_prior > 0) {
      model.household_prior = std::clamp(households / all_pairs, 1e-15, 0.5);
      model.twins_share = std::clamp(twins / households, 1e-6, kin_share_most);
      model.namesakes_share = std::clamp(namesakes / households, 1e-6, kin_share_most);
    }
    for (std::size_t k = 0; k < count; ++k) {
      Comparison const& one = model.comparisons[k];
      set_shares(agreed[k], one.top, model.m[k]);
      // What is a person's own agrees by chance, or else this class would learn to be persons.
      if (model.household_prior > 0 && is_learned_of_households(one))
        set_shares(together[k], one.top, model.household[k]);
    }
    if (change < 1e-7) break;
  }
}

}  // namespace

double LinkageModel::weight(std::size_t comparison, Level level) const noexcept {
  if (level == 0) return 0;
  return std::log2(m[comparison][level] / u[comparison][level]) * comparisons[comparison].share;
}

double LinkageModel::prior_weight() const noexcept { return std::log2(prior / (1 - prior)); }

double LinkageModel::household_weight(std::size_t comparison, Level level) const noexcept {
  if (level == 0 || household_prior == 0) return 0;
  return std::log2(household[comparison][level] / u[comparison][level]) *
         comparisons[comparison].share;
}

double LinkageModel::household_prior_weight() const noexcept {
  return household_prior == 0 ? -1000 : std::log2(household_prior / (1 - household_prior));
}

ClassWeights::ClassWeights(const LinkageModel& model)
    : person_prior(model.prior_weight()), household_prior(model.household_prior_weight()) {
  double const others = 1 - model.twins_share - model.namesakes_share;
  auto const share_bits = [](double share) { return share > 0 ? std::log2(share) : -1000; };
  twins_prior = household_prior + share_bits(model.twins_share);
  namesakes_prior = household_prior + share_bits(model.namesakes_share);
  household_prior += share_bits(others);
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    Comparison const& one = model.comparisons[k];
    bool const is_given = one.kind == ComparisonKind::given_name;
    double const by_chance = model.u[k][one.top];
    for (Level level = 1; level <= one.top; ++level) {
      person[k][level] = model.weight(k, level);
      household[k][level] = twins[k][level] = namesakes[k][level] =
          model.household_weight(k, level);
      if (is_given)
        twins[k][level] =
            level == one.top ? std::log2(twins_of_one_name / by_chance) : -std::log2(1 - by_chance);
      bool const is_family = one.kind == ComparisonKind::family_name;
      if (is_family || one.kind == ComparisonKind::birth_date) twins[k][level] = person[k][level];
      if (is_family || is_given || one.kind == ComparisonKind::sex)
        namesakes[k][level] = person[k][level];
    }
  }
}

PairScorer::PairScorer(const LinkageModel& model, const PersonTable& table, bool guards_twins)
    : model_(model),
      table_(table),
      weights_(model),
      // A person's own records are no sign of how many others have a value.
      rarest_(std::max(2.0, 1 + model.prior * static_cast<double>(table.size()))),
      is_home_(parts_of_a_move(model)),
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
  double const share = std::max<double>(table_.frequency(one.role, value), rarest_) / filled;
  return std::log2(model_.u[comparison][one.top] / share) * one.share;
}

/// What a sum loses because the pair may be two of a household. What they share is as rare for
/// them as it is for one person.
double PairScorer::household_bits(const Pattern& pattern, double shared_rarity,
                                  double given_rarity) const noexcept {
  if (model_.household_prior == 0) return 0;
  double household = weights_.household_prior + shared_rarity;
  double twins = weights_.twins_prior + shared_rarity;
  double namesakes = weights_.namesakes_prior + shared_rarity + given_rarity;
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k) {
    household += weights_.household[k][pattern[k]];
    twins += weights_.twins[k][pattern[k]];
    namesakes += weights_.namesakes[k][pattern[k]];
  }
  double const most = std::max({household, twins, namesakes, 0.0});
  return -most - std::log2(std::exp2(-most) + std::exp2(household - most) +
                           std::exp2(twins - most) + std::exp2(namesakes - most));
}

double PairScorer::score(const Pattern& pattern, RecordPair pair) const noexcept {
  double sum = weights_.person_prior, shared_rarity = 0, given_rarity = 0, moved = 0;
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k) {
    double const bits = weights_.person[k][pattern[k]], rare = rarity(k, pattern, pair);
    if (bits < 0 && is_home_[k])
      moved = std::min(moved, bits);
    else
      sum += bits + rare;
    if (is_shared_[k]) shared_rarity += rare;
    if (model_.comparisons[k].kind == ComparisonKind::given_name) given_rarity = rare;
  }
  return finish(pattern, sum, moved, shared_rarity, given_rarity);
}

/// A score, from what the comparisons add up to.
double PairScorer::finish(const Pattern& pattern, double sum, double moved, double shared_rarity,
                          double given_rarity) const noexcept {
  sum += moved + household_bits(pattern, shared_rarity, given_rarity);
  return guards_ && sum > twin_bits && may_be_kin(pattern) ? twin_bits : sum;
}

/// Twins, or a father and a son of one name.
bool PairScorer::may_be_kin(const Pattern& pattern) const noexcept {
  bool given_differs = false, given_agrees = false, family_agrees = false, lives_together = false;
  bool born_together = false, born_apart = false;
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k) {
    Comparison const& one = model_.comparisons[k];
    bool const exact = pattern[k] == one.top;
    switch (one.role) {
      case Role::given_name:
        given_differs = pattern[k] == 1 || pattern[k] == 2;
        given_agrees = exact;
        break;
      case Role::family_name:
        if (one.kind == ComparisonKind::family_name) family_agrees = pattern[k] + 2 >= one.top;
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
  double shared_rarity = 0, given_rarity = 0;
  std::size_t moved = 0;  // the term that says so, of several
  for (std::size_t k = 0; k < model_.comparisons.size(); ++k) {
    terms.emplace_back(weights_.person[k][pattern[k]], rarity(k, pattern, pair));
    if (is_shared_[k]) shared_rarity += terms.back().second;
    if (model_.comparisons[k].kind == ComparisonKind::given_name)
      given_rarity = terms.back().second;
    if (!is_home_[k] || terms.back().first >= 0) continue;
    if (moved != 0) {
      std::size_t const lesser = terms[moved].first <= terms.back().first ? k + 1 : moved;
      terms[lesser].first = 0;
      if (lesser == k + 1) continue;
    }
    moved = k + 1;
  }
  terms.emplace_back(household_bits(pattern, shared_rarity, given_rarity), 0);
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
  if (knows_households(model.comparisons)) {
    model.household_prior = model.prior;
    model.twins_share = twins_share_begin;
    model.namesakes_share = namesakes_share_begin;
    model.household = model.u;
    for (std::size_t k = 0; k < count; ++k)
      if (is_learned_of_households(model.comparisons[k])) model.household[k] = model.m[k];
  }
  auto const patterns = candidates.counts();
  LinkageModel const begin = model;
  maximize(model, patterns, all_pairs);
  // A few pairs are no class: they are what is most in error of the others.
  if (model.household_prior > 0 && model.household_prior < model.prior * household_share_least) {
    model = begin;
    model.household_prior = 0;
    maximize(model, patterns, all_pairs);
  }
  return model;
}

}  // namespace hl7flow::linkage
