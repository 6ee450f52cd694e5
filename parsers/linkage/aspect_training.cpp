#include <hl7flow/parsers/linkage/aspect_training.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include <hl7flow/parsers/linkage/column_dependence.h>
#include <hl7flow/parsers/linkage/person_blocks.h>

namespace hl7flow::linkage {

namespace {

constexpr std::size_t random_pairs = 1'000'000;
// Candidates both of which have an aspect; of fewer nothing is learned of it.
constexpr std::uint64_t known_least = 1000;

Pattern pattern_of(const PackedPerson& a, const PackedPerson& b) noexcept {
  AspectLevels const levels = compare(a, b);
  Pattern pattern{};
  std::copy(levels.begin(), levels.end(), pattern.begin());
  return pattern;
}

/// Pairs that share a key of one kind, the smaller number above.
void add_pairs(const std::vector<std::uint32_t>& records, std::size_t kind,
               const std::function<const PackedPerson&(std::size_t)>& person,
               std::vector<std::uint64_t>& pairs) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;
  keys.reserve(records.size());
  for (std::uint32_t const record : records)
    if (std::uint64_t const key = block_keys(person(record))[kind]; key != 0)
      keys.emplace_back(key, record);
  std::sort(keys.begin(), keys.end());
  for (std::size_t begin = 0; begin < keys.size();) {
    std::size_t end = begin + 1;
    while (end < keys.size() && keys[end].first == keys[begin].first) ++end;
    if (end - begin <= PersonBlocks::block_max)
      for (std::size_t i = begin; i < end; ++i)
        for (std::size_t j = i + 1; j < end; ++j)
          pairs.push_back(std::uint64_t{keys[i].second} << 32 | keys[j].second);
    begin = end;
  }
}

PatternHistogram patterns_at_random(const std::vector<std::uint32_t>& records, double all,
                                    const std::function<const PackedPerson&(std::size_t)>& person) {
  PatternHistogram histogram;
  std::mt19937_64 random(1);
  auto const wanted = static_cast<std::size_t>(std::min(all, double{random_pairs}));
  for (std::size_t drawn = 0; drawn < wanted;) {
    std::uint32_t const a = records[random() % records.size()];
    std::uint32_t const b = records[random() % records.size()];
    if (a == b) continue;
    histogram.add(pattern_of(person(a), person(b)));
    ++drawn;
  }
  return histogram;
}

/// Whether a postcode is one city and a city one postcode: two of one town would agree twice.
bool city_follows(const std::vector<std::uint32_t>& records,
                  const std::function<const PackedPerson&(std::size_t)>& person) {
  PersonTable homes;
  homes.add_column(Role::city);
  homes.add_column(Role::postcode);
  auto const set = [&](Role role, std::uint64_t value) {
    if (value != 0) homes.set(role, "x" + std::to_string(value));
  };
  for (std::uint32_t const record : records) {
    homes.add_record();
    set(Role::city, person(record).city_hash);
    set(Role::postcode, person(record).postcode);
  }
  return says_nothing_new(homes, Role::city);
}

/// Agreement of the city says hardly more than chance.
void weigh_city_less(LinkageModel& model) {
  constexpr auto city = static_cast<std::size_t>(Aspect::city);
  for (Level level = 1; level <= level_max; ++level) {
    if (!has_level(Aspect::city, level)) continue;
    double const u = model.u[city][level];
    for (double* const share : {&model.m[city][level], &model.household[city][level]})
      *share = u * std::pow(*share / u, share_of_follower);
  }
}

/// What too few pairs say something of is worth what it usually is, and not nothing.
void keep_usual(const PatternHistogram& candidates, LearnedWeights& learned) {
  LinkageModel& model = learned.model;
  std::array<std::uint64_t, aspect_count> known{};
  for (PatternCount const& one : candidates.counts())
    for (std::size_t k = 0; k < aspect_count; ++k)
      if (one.pattern[k] != 0) known[k] += one.count;
  for (std::size_t k = 0; k < aspect_count; ++k) {
    auto const aspect = static_cast<Aspect>(k);
    if (known[k] >= known_least) continue;
    learned.usual.push_back(aspect);
    for (Level level = 1; level <= level_max; ++level) {
      if (!has_level(aspect, level)) continue;
      auto const [m, u] = default_shares(aspect, level);
      model.m[k][level] = m;
      model.u[k][level] = model.household[k][level] = u;
    }
  }
}

}  // namespace

std::vector<Comparison> aspect_comparisons() {
  constexpr std::pair<ComparisonKind, Role> kinds[aspect_count] = {
      {ComparisonKind::given_name, Role::given_name},
      {ComparisonKind::family_name, Role::family_name},
      {ComparisonKind::names_swapped, Role::family_name},
      {ComparisonKind::birth_date, Role::birth_date},
      {ComparisonKind::sex, Role::sex},
      {ComparisonKind::address_line_1, Role::address_line_1},
      {ComparisonKind::word, Role::city},
      {ComparisonKind::postcode, Role::postcode},
      {ComparisonKind::number, Role::phone},
      {ComparisonKind::word, Role::email},
      {ComparisonKind::number, Role::identifier}};
  std::vector<Comparison> made;
  for (std::size_t k = 0; k < aspect_count; ++k)
    made.push_back({kinds[k].first, kinds[k].second, top_of(static_cast<Aspect>(k)), false});
  return made;
}

AspectWeights weights_of(const LinkageModel& model) {
  AspectWeights made;
  made.prior = static_cast<float>(model.prior_weight());
  made.knows_households = model.household_prior > 0;
  if (made.knows_households)
    made.household_prior = static_cast<float>(model.household_prior_weight());
  for (std::size_t k = 0; k < aspect_count; ++k)
    for (Level level = 1; level <= level_max; ++level) {
      if (!has_level(static_cast<Aspect>(k), level)) continue;
      made.bits[k][level] = static_cast<float>(model.weight(k, level));
      made.household[k][level] = static_cast<float>(model.household_weight(k, level));
    }
  return made;
}

AspectWeights LearnedWeights::weights() const { return weights_of(model); }

LearnedWeights learn_weights(std::size_t count,
                             const std::function<const PackedPerson&(std::size_t)>& person) {
  std::vector<std::uint32_t> records;
  for (std::uint32_t k = 0; k < count; ++k)
    if (!(person(k) == PackedPerson{})) records.push_back(k);
  LearnedWeights learned;
  learned.records = records.size();
  if (records.size() < 2) return learned;
  std::vector<std::uint64_t> pairs;
  for (std::size_t kind = 0; kind < block_key_count; ++kind) {
    add_pairs(records, kind, person, pairs);
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  }
  PatternHistogram candidates;
  for (std::uint64_t const pair : pairs)
    candidates.add(pattern_of(person(pair >> 32), person(static_cast<std::uint32_t>(pair))));
  learned.pairs = pairs.size();
  auto const n = static_cast<double>(records.size());
  double const all = n * (n - 1) / 2;
  constexpr auto city = static_cast<std::size_t>(Aspect::city);
  std::vector<Comparison> comparisons = aspect_comparisons();
  learned.city_follows = city_follows(records, person);
  if (learned.city_follows) comparisons[city].share = share_of_follower;
  // Packed persons are weighed aspect by aspect.
  learned.model = without_moves(train(
      std::move(comparisons), patterns_at_random(records, all, person), candidates, all, n / 2));
  // weigh_city_less() puts it into m.
  learned.model.comparisons[city].share = 1;
  learned.expected_links = learned.model.prior * all;
  keep_usual(candidates, learned);
  auto const& usual = learned.usual;
  if (std::find(usual.begin(), usual.end(), Aspect::city) != usual.end())
    learned.city_follows = false;
  if (learned.city_follows) weigh_city_less(learned.model);
  return learned;
}

}  // namespace hl7flow::linkage
