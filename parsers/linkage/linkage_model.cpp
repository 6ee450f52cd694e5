#include <hl7flow/parsers/linkage/linkage_model.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include <hl7flow/parsers/linkage/class_weights.h>

namespace hl7flow::linkage {

namespace {

constexpr int rounds_max = 100;
// Of the pairs of one household for each pair of one person.
constexpr double household_share_least = 0.05;
// Of pairs who live together, where learning begins and what it may come to: of a hundred births
// one or two are of twins, and few sons have the father's name.
constexpr double twins_share_begin = 0.02, namesakes_share_begin = 0.02, kin_share_most = 0.03;
// Of pairs of one person, where learning begins.
constexpr double moved_share_begin = 0.1;
// Of pairs of one person, those that agree exactly on what is a person's own, each of it, at least,
// and those that differ, at most.
constexpr double own_share_least = 0.5, differing_share_most = 0.2;
// What is believed before anything is learned, for as much as so many pairs say: short lists have
// fewer.
constexpr double usual_pairs = 10, usual_exact = 0.85, usual_differing = 0.07;

std::uint64_t hash_of(const Pattern& pattern) {
  std::uint64_t low = 0, high = 0;
  std::memcpy(&low, pattern.data(), 8);
  std::memcpy(&high, pattern.data() + 8, 8);
  std::uint64_t const mixed = (low * 0x9e3779b97f4a7c15u) ^ (high * 0xc2b2ae3d27d4eb4fu);
  return mixed ^ mixed >> 29;
}

/// How probable each class is for a pattern: one person, and each kind of two of a household; and
/// of these, that one moved.
struct Belief {
  double person, moved, household, twins, namesakes, apart;
};
Belief belief(const ClassWeights& weights, bool tells_moves, const Pattern& pattern,
              std::size_t count) {
  double person = weights.person_prior, stayed = 0, elsewhere = 0, moved = 0, apart = 0;
  for (std::size_t k = 0; k < count; ++k) {
    (weights.is_home[k] ? stayed : person) += weights.person[k][pattern[k]];
    elsewhere += weights.moved[k][pattern[k]];
  }
  auto [household, twins, namesakes, together] = weights.of_kin(pattern);
  if (tells_moves) {
    auto const address = weights.of_address(stayed, elsewhere);
    auto const shared = weights.of_shared_address(together, elsewhere);
    person += address.bits;
    for (double* const kind : {&household, &twins, &namesakes}) *kind += shared.bits;
    moved = address.moved;
    apart = shared.moved;
  }
  double const most = std::max({person, household, twins, namesakes, 0.0});
  Belief found{std::exp2(person - most),    moved,
               std::exp2(household - most), std::exp2(twins - most),
               std::exp2(namesakes - most), apart};
  double const sum =
      found.person + found.household + found.twins + found.namesakes + std::exp2(-most);
  for (double* const kind : {&found.person, &found.household, &found.twins, &found.namesakes})
    *kind /= sum;
  return found;
}

/// Adds what is usual of pairs of one person.
void add_usual(const Comparison& one, std::array<double, level_max + 1>& counts) {
  if (is_of_another(one.kind)) return;
  counts[one.top] += usual_pairs * (one.top > 2 ? usual_exact : 1 - usual_differing);
  counts[1] += usual_pairs * usual_differing;
  for (Level level = 2; level < one.top; ++level)
    counts[level] += usual_pairs * (1 - usual_exact - usual_differing) / (one.top - 2);
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

/// What a person has for life, or nearly so.
bool is_own(const Comparison& one) {
  return one.kind == ComparisonKind::given_name || one.kind == ComparisonKind::family_name ||
         one.kind == ComparisonKind::birth_date || one.role == Role::identifier;
}

/// Where a list has few of one person, something else is the likeliest class of pairs that are
/// alike: who lives in one town, which is in one state and has one postcode. They are not one
/// person.
void keep_own(const Comparison& one, std::array<double, level_max + 1>& shares) {
  if (!is_own(one)) return;
  double const differing = std::min(shares[1], differing_share_most);
  shares[one.top] += shares[1] - differing;
  shares[1] = differing;
  double const exact = shares[one.top];
  if (exact >= own_share_least) return;
  for (Level level = 1; level < one.top; ++level)
    shares[level] *= (1 - own_share_least) / (1 - exact);
  shares[one.top] = own_share_least;
}

/// Expectation maximization, from what the model says to where it does not change any more.
void maximize(LinkageModel& model, const std::vector<PatternCount>& patterns, double all_pairs) {
  std::size_t const count = model.comparisons.size();
  for (int round = 0; round < rounds_max; ++round) {
    std::array<std::array<double, level_max + 1>, comparison_max> agreed{}, together{}, elsewhere{};
    double links = 0, moves = 0, partings = 0, households = 0, twins = 0, namesakes = 0;
    ClassWeights const weights(model);
    for (PatternCount const& one : patterns) {
      Belief const believed = belief(weights, model.moved_share > 0, one.pattern, count);
      Pattern const relatives = weights.of_relatives(one.pattern);
      auto const pairs = static_cast<double>(one.count);
      double const person = pairs * believed.person;
      double const household = pairs * (believed.household + believed.twins + believed.namesakes);
      double const moved = person * believed.moved, apart = household * believed.apart;
      links += person;
      moves += moved;
      partings += apart;
      households += household;
      twins += pairs * believed.twins;
      namesakes += pairs * believed.namesakes;
      for (std::size_t k = 0; k < count; ++k) {
        agreed[k][one.pattern[k]] += weights.is_home[k] ? person - moved : person;
        together[k][relatives[k]] += weights.is_home[k] ? household - apart : household;
        elsewhere[k][one.pattern[k]] += moved + apart;
      }
    }
    double const prior = std::clamp(links / all_pairs, 1e-12, 0.5);
    double const change = std::abs(prior - model.prior) / model.prior;
    model.prior = prior;
    if (model.household_prior > 0) {
      model.household_prior = std::clamp(households / all_pairs, 1e-15, 0.5);
      model.twins_share = std::clamp(twins / households, 1e-6, kin_share_most);
      model.moved_share = std::clamp(moves / links, 1e-6, 0.5);
      model.apart_share = std::clamp(partings / households, 1e-6, 0.9);
      model.namesakes_share = std::clamp(namesakes / households, 1e-6, kin_share_most);
    }
    for (std::size_t k = 0; k < count; ++k) {
      Comparison const& one = model.comparisons[k];
      add_usual(one, agreed[k]);
      set_shares(agreed[k], one.top, model.m[k]);
      keep_own(one, model.m[k]);
      if (weights.is_home[k]) set_shares(elsewhere[k], one.top, model.moved[k]);
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

double LinkageModel::moved_weight(std::size_t comparison, Level level) const noexcept {
  if (level == 0) return 0;
  return std::log2(moved[comparison][level] / u[comparison][level]) * comparisons[comparison].share;
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
    model.moved_share = model.apart_share = moved_share_begin;
    model.moved = model.u;
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

LinkageModel without_moves(LinkageModel model) {
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    if (model.moved_share == 0 || !is_of_home(model.comparisons[k].role)) continue;
    for (Level level = 1; level <= model.comparisons[k].top; ++level) {
      double const moved = model.moved[k][level];
      model.m[k][level] += model.moved_share * (moved - model.m[k][level]);
      model.household[k][level] += model.apart_share * (moved - model.household[k][level]);
    }
  }
  model.moved_share = model.apart_share = 0;
  return model;
}

}  // namespace hl7flow::linkage
