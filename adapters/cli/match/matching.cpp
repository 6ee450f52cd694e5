#include <hl7flow/adapters/cli/match/matching.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <thread>

namespace hl7flow::cli {
namespace {

using namespace linkage;

// Of pairs at random, enough that what one in a hundred thousand agrees on is seen ten times.
constexpr std::uint64_t random_pairs = 1'000'000;

/// Calls work(begin, end, piece) for pieces of [0, count) on so many threads.
template <class Work>
void in_pieces(std::size_t count, std::size_t threads, Work&& work) {
  std::vector<std::thread> workers;
  for (std::size_t k = 0; k < threads; ++k)
    workers.emplace_back([&, k] { work(count * k / threads, count * (k + 1) / threads, k); });
  for (std::thread& worker : workers) worker.join();
}

/// The pattern of each pair, and how often each is there.
PatternHistogram compare_all(const PersonTable& table, const std::vector<Comparison>& comparisons,
                             const std::vector<RecordPair>& pairs, std::size_t threads,
                             std::vector<Pattern>& patterns) {
  patterns.resize(pairs.size());
  std::vector<PatternHistogram> histograms(threads);
  in_pieces(pairs.size(), threads, [&](std::size_t begin, std::size_t end, std::size_t piece) {
    Comparer comparer(table, comparisons);
    for (std::size_t k = begin; k < end; ++k) {
      patterns[k] = comparer.compare(pairs[k].a, pairs[k].b);
      histograms[piece].add(patterns[k]);
    }
  });
  PatternHistogram sum;
  for (PatternHistogram const& one : histograms) sum.add(one);
  return sum;
}

PatternHistogram patterns_at_random(const PersonTable& table,
                                    const std::vector<Comparison>& comparisons, bool link,
                                    double all, std::size_t threads) {
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
  return compare_all(table, comparisons, drawn, threads, patterns);
}

/// Calls visit(members) for each true person's records.
template <class Visit>
void for_each_person(const People& people, Visit&& visit) {
  std::map<std::string, std::vector<std::uint32_t>> persons;
  for (std::uint32_t k = 0; k < people.truth.size(); ++k) persons[people.truth[k]].push_back(k);
  for (auto const& [name, records] : persons) visit(records);
}

/// Pairs among some records: of all, or between sources only.
template <class Records>
double pairs_among(const Records& records, const PersonTable& table, bool link) {
  auto const n = static_cast<double>(records.size());
  double pairs = n * (n - 1) / 2;
  if (!link) return pairs;
  std::map<std::uint32_t, double> sizes;
  for (std::uint32_t const record : records) ++sizes[table.source(record)];
  for (auto const& [source, size] : sizes) pairs -= size * (size - 1) / 2;
  return pairs;
}

double true_pairs(const People& people, bool link) {
  double sum = 0;
  for_each_person(people,
                  [&](auto const& records) { sum += pairs_among(records, people.table, link); });
  return sum;
}

}  // namespace

double bits_of(double probability) { return std::log2(probability / (1 - probability)); }
double probability_of(double bits) { return 1 / (1 + std::exp2(-bits)); }

Matching match(const PersonTable& table, const MatchOptions& options) {
  std::size_t const threads = options.threads != 0
                                  ? options.threads
                                  : std::max<std::size_t>(1, std::thread::hardware_concurrency());
  Matching found;
  BlockingOptions blocking;
  blocking.between_sources_only = options.link;
  ParallelFor const parallel_for = [&](std::size_t count,
                                       const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    in_pieces(threads, threads, [&](std::size_t, std::size_t, std::size_t) {
      for (std::size_t k; (k = next.fetch_add(1)) < count;) work(k);
    });
  };
  std::vector<RecordPair> const candidates =
      candidate_pairs(table, blocking, &found.blocking, parallel_for);
  auto const comparisons = comparisons_for(table);
  std::vector<std::uint32_t> records(table.size());
  std::iota(records.begin(), records.end(), 0u);
  double const all = pairs_among(records, table, options.link);
  PatternHistogram const random =
      patterns_at_random(table, comparisons, options.link, all, threads);
  // The model is found from the rarest coincidences alone. Among all of them are too many
  // relatives, who share a name, a place and a trade, and are most of what two records that agree a
  // little are.
  PatternHistogram histogram = compare_all(table, comparisons, candidates, threads, found.patterns);
  // In a long list these are nearly all that there are.
  double const rare = blocking.pairs_a_record * static_cast<double>(table.size());
  if (rare < 5 * blocking.pairs_at_least) {
    BlockingOptions narrow = blocking;
    narrow.pairs_at_least = 0;
    std::vector<Pattern> patterns;
    histogram =
        compare_all(table, comparisons, candidate_pairs(table, narrow, nullptr, parallel_for),
                    threads, patterns);
  }
  // Where training begins: every second record has another of its person.
  found.model = train(comparisons, random, histogram, all, static_cast<double>(table.size()) / 2);
  found.guards_twins = options.guard_twins;
  PairScorer const scorer(found.model, table, options.guard_twins);
  found.pairs.resize(candidates.size());
  in_pieces(candidates.size(), threads, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t k = begin; k < end; ++k)
      found.pairs[k] = {candidates[k],
                        static_cast<float>(scorer.score(found.patterns[k], candidates[k]))};
  });
  for (ScoredPair const& one : found.pairs) found.expected_links += probability_of(one.bits);
  ClusterOptions clustering;
  clustering.link_bits = bits_of(options.link_probability);
  clustering.one_of_each_source = options.link;
  std::vector<std::uint32_t> sources;
  for (std::size_t k = 0; k < table.size(); ++k) sources.push_back(table.source(k));
  Comparer comparer(table, comparisons);
  found.persons = cluster(
      table.size(), found.pairs, clustering,
      [&](RecordPair pair) { return scorer.score(comparer.compare(pair.a, pair.b), pair); },
      sources);
  return found;
}

Agreement judge_pairs(const Matching& found, const People& people, bool link, double least_bits) {
  Agreement judged;
  for (ScoredPair const& one : found.pairs)
    if (one.bits >= least_bits)
      (people.truth[one.pair.a] == people.truth[one.pair.b] ? judged.right : judged.wrong) += 1;
  judged.missed = true_pairs(people, link) - judged.right;
  return judged;
}

Agreement judge_persons(const Matching& found, const People& people, bool link) {
  Agreement judged;
  std::map<std::uint32_t, std::vector<std::uint32_t>> persons;
  for (std::uint32_t k = 0; k < found.persons.size(); ++k) persons[found.persons[k]].push_back(k);
  double all = 0;
  for (auto const& [person, records] : persons) {
    all += pairs_among(records, people.table, link);
    std::map<std::string, std::vector<std::uint32_t>> parts;
    for (std::uint32_t const record : records) parts[people.truth[record]].push_back(record);
    for (auto const& [truth, part] : parts) judged.right += pairs_among(part, people.table, link);
  }
  judged.wrong = all - judged.right;
  judged.missed = true_pairs(people, link) - judged.right;
  return judged;
}

double completeness(const Matching& found, const People& people, bool link) {
  double right = 0;
  for (ScoredPair const& one : found.pairs)
    right += people.truth[one.pair.a] == people.truth[one.pair.b] ? 1 : 0;
  double const all = true_pairs(people, link);
  return all > 0 ? right / all : 1;
}

}  // namespace hl7flow::cli
