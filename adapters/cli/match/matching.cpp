#include <hl7flow/adapters/cli/match/matching.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <span>

#include <hl7flow/adapters/cli/match/threads.h>
#include <hl7flow/parsers/linkage/batch_comparer.h>
#include <hl7flow/parsers/linkage/batch_scorer.h>
#include <hl7flow/parsers/linkage/column_dependence.h>
#include <hl7flow/parsers/linkage/one_counterpart.h>
#include <hl7flow/parsers/linkage/pair_scorer.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

// Of pairs at random, enough that what one in a hundred thousand agrees on is seen ten times.
constexpr std::uint64_t random_pairs = 1'000'000;

/// The pattern of each pair, and how often each is there.
PatternHistogram compare_all(const ComparedTable& table, const std::vector<RecordPair>& pairs,
                             std::size_t threads, std::vector<Pattern>& patterns) {
  patterns.resize(pairs.size());
  std::vector<PatternHistogram> histograms(threads);
  in_pieces(pairs.size(), threads, [&](std::size_t begin, std::size_t end, std::size_t piece) {
    BatchComparer comparer(table);
    comparer.compare(std::span(pairs).subspan(begin, end - begin), patterns.data() + begin);
    for (std::size_t k = begin; k < end; ++k) histograms[piece].add(patterns[k]);
  });
  PatternHistogram sum;
  for (PatternHistogram const& one : histograms) sum.add(one);
  return sum;
}

PatternHistogram patterns_at_random(const ComparedTable& compared, bool link, double all,
                                    std::size_t threads) {
  PersonTable const& table = compared.table();
  std::vector<RecordPair> drawn;
  std::mt19937_64 random(1);
  auto const wanted = static_cast<std::size_t>(std::min(all, double{random_pairs}));
  drawn.reserve(wanted);
  std::uint64_t const n = table.size();
  while (drawn.size() < wanted) {
    auto const a = static_cast<std::uint32_t>(random() % n);
    auto const b = static_cast<std::uint32_t>(random() % n);
    if (a == b || (link && table.source(a) == table.source(b))) continue;
    drawn.push_back({std::min(a, b), std::max(a, b)});
  }
  std::vector<Pattern> patterns;
  return compare_all(compared, drawn, threads, patterns);
}

BlockingOptions all_coincidences(const MatchOptions& options) {
  BlockingOptions blocking;
  blocking.between_sources_only = options.link;
  return blocking;
}

/// The model is found from the rarest coincidences alone. Among all of them are too many relatives,
/// who share a name, a place and a trade, and are most of what two records that agree a little are.
BlockingOptions rare_coincidences(const MatchOptions& options) {
  BlockingOptions blocking = all_coincidences(options);
  blocking.pairs_at_least = 0;
  return blocking;
}

/// Whether the rare coincidences are nearly all that there are.
bool is_long(const PersonTable& table, const BlockingOptions& all) {
  return all.pairs_a_record * static_cast<double>(table.size()) >= 5 * all.pairs_at_least;
}

std::vector<std::uint32_t> sources_of(const PersonTable& table) {
  std::vector<std::uint32_t> sources;
  sources.reserve(table.size());
  for (std::size_t k = 0; k < table.size(); ++k) sources.push_back(table.source(k));
  return sources;
}

LinkageModel learn_from(const ComparedTable& compared, const MatchOptions& options,
                        const PatternHistogram& histogram) {
  PersonTable const& table = compared.table();
  std::vector<std::uint32_t> records(table.size());
  std::iota(records.begin(), records.end(), 0u);
  double const all = pairs_among(records, table, options.link);
  PatternHistogram const random =
      patterns_at_random(compared, options.link, all, threads_of(options.threads));
  // Where training begins: every second record has another of its person.
  auto const size = static_cast<double>(table.size());
  LinkageModel model = train(compared.comparisons(), random, histogram, all, size / 2);
  model.records = size;
  return model;
}

LinkageModel learn_from_candidates(const ComparedTable& compared, const MatchOptions& options,
                                   BlockingReport* report) {
  PersonTable const& table = compared.table();
  std::size_t const threads = threads_of(options.threads);
  BlockingOptions const all = all_coincidences(options);
  auto const candidates = candidate_pairs(
      table, is_long(table, all) ? all : rare_coincidences(options), report, parallel_for(threads));
  std::vector<Pattern> patterns;
  return learn_from(compared, options, compare_all(compared, candidates, threads, patterns));
}

/// Patterns of candidates, and the model that is found with them if none is trained.
void learn_and_compare(const PersonTable& table, const MatchOptions& options,
                       const std::vector<RecordPair>& candidates,
                       std::optional<LinkageModel> trained, Matching& found) {
  std::size_t const threads = threads_of(options.threads);
  ComparedTable const compared(table, trained ? trained->comparisons : comparisons_to_learn(table),
                               parallel_for(threads));
  PatternHistogram const histogram = compare_all(compared, candidates, threads, found.patterns);
  bool const all_are_rare = is_long(table, all_coincidences(options));
  found.model = trained        ? std::move(*trained)
                : all_are_rare ? learn_from(compared, options, histogram)
                               : learn_from_candidates(compared, options, nullptr);
}

/// Takes the candidates, so that they are gone when they are scored.
void score_all(const PersonTable& table, std::vector<RecordPair> candidates, std::size_t threads,
               Matching& found) {
  PairScorer const pair_scorer(found.model, table, found.guards_twins);
  BatchScorer const scorer(pair_scorer);
  found.pairs.resize(candidates.size());
  in_pieces(candidates.size(), threads, [&](std::size_t begin, std::size_t end, std::size_t) {
    constexpr std::size_t some = 4096;
    std::array<float, some> bits;
    for (std::size_t k = begin; k < end; k += some) {
      std::size_t const count = std::min(some, end - k);
      scorer.score(std::span(candidates).subspan(k, count), found.patterns.data() + k, bits.data());
      for (std::size_t i = 0; i < count; ++i) found.pairs[k + i] = {candidates[k + i], bits[i]};
    }
  });
}

/// That a record has no other candidate does not make it its twin's, or its father's: such pairs
/// are no rivals of others, and stay for review.
void silence_guarded(const PersonTable& table, Matching& found,
                     std::vector<std::pair<std::size_t, float>>& silenced) {
  // Where a pair is below, it stays so without rivals.
  constexpr float lifted_most = 8;
  PairScorer const scorer(found.model, table, found.guards_twins);
  for (std::size_t k = 0; k < found.pairs.size(); ++k) {
    auto& [pair, bits] = found.pairs[k];
    if (bits > linkage::guarded_bits || bits < linkage::guarded_bits - lifted_most) continue;
    if (!scorer.is_guarded(found.patterns[k], pair)) continue;
    silenced.emplace_back(k, bits);
    bits = Known::impossible;
  }
}

}  // namespace

double bits_of(double probability) { return std::log2(probability / (1 - probability)); }
double probability_of(double bits) { return 1 / (1 + std::exp2(-bits)); }

double pairs_among(std::span<const std::uint32_t> records, const PersonTable& table, bool link) {
  auto const n = static_cast<double>(records.size());
  double pairs = n * (n - 1) / 2;
  if (!link) return pairs;
  std::map<std::uint32_t, double> sizes;
  for (std::uint32_t const record : records) ++sizes[table.source(record)];
  for (auto const& [source, size] : sizes) pairs -= size * (size - 1) / 2;
  return pairs;
}

LinkageModel learn(const PersonTable& table, const MatchOptions& options, BlockingReport* report) {
  ComparedTable const compared(table, comparisons_to_learn(table),
                               parallel_for(threads_of(options.threads)));
  return learn_from_candidates(compared, options, report);
}

Matching match(const PersonTable& table, const MatchOptions& options,
               std::optional<LinkageModel> trained, Known known) {
  std::size_t const threads = threads_of(options.threads);
  Matching found;
  found.guards_twins = options.guard_twins;
  BlockingOptions const all = all_coincidences(options);
  std::vector<RecordPair> candidates =
      candidate_pairs(table, all, &found.blocking, parallel_for(threads));
  found.known = std::move(known);
  add_candidates(found.known.candidates(), candidates);
  learn_and_compare(table, options, candidates, std::move(trained), found);
  score_all(table, std::move(candidates), threads, found);
  if (options.link) {
    auto silenced = found.known.silence(found.pairs, table);
    silence_guarded(table, found, silenced);
    weigh_against_rivals(found.pairs, sources_of(table));
    for (auto const& [place, bits] : silenced) found.pairs[place].bits = bits;
  }
  for (ScoredPair const& one : found.pairs) found.expected_links += probability_of(one.bits);
  found.persons = persons_at(options.link_probability, found, table, options.link);
  return found;
}

std::vector<std::uint32_t> persons_at(double probability, const Matching& found,
                                      const PersonTable& table, bool link) {
  ClusterOptions clustering;
  clustering.link_bits = bits_of(probability);
  clustering.one_of_each_source = link;
  PairScorer const scorer(found.model, table, found.guards_twins);
  Comparer comparer(table, found.model.comparisons);
  std::vector<ScoredPair> likely;
  for (ScoredPair const& one : found.pairs)
    if (one.bits >= clustering.link_bits) likely.push_back(one);
  linkage::Marks suffixes;
  if (std::any_of(table.generations().begin(), table.generations().end(),
                  [](std::uint8_t one) { return one != 0; }))
    suffixes = {table.generations(), [&](RecordPair pair) {
                  return scorer.are_two_by_suffix(comparer.compare(pair.a, pair.b), pair);
                }};
  return cluster(
      table.size(), std::move(likely), clustering,
      [&](RecordPair pair) { return scorer.score(comparer.compare(pair.a, pair.b), pair); },
      sources_of(table), found.known.pairs(), suffixes);
}

}  // namespace hl7flow::cli
