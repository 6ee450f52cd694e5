// Pairs of records compared and scored on one core. Usage: pair_scores_perf LIST.csv PAIRS
// [--serve]
//
// PAIRS holds pairs of row numbers, from 0, as native 32-bit numbers. The model is learned first,
// from these pairs and a million at random. Then five passes, or with --serve one for each line on
// stdin. A pass begins with the
// table alone, and packs it for comparison first. Prints JSON: pairs_per_second (of
// five passes the median), pairs, likely (as many are one person), seconds.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <hl7flow/parsers/codes/delimited.h>
#include <hl7flow/parsers/linkage/batch_comparer.h>
#include <hl7flow/parsers/linkage/batch_scorer.h>
#include <hl7flow/parsers/linkage/pair_scorer.h>

namespace {

using namespace hl7flow;
using namespace hl7flow::linkage;

std::optional<std::string> bytes_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

PersonTable read_table(std::string_view text) {
  codes::DelimitedReader rows(text);
  PersonTable table;
  std::vector<std::optional<Role>> roles;
  if (!rows.next()) return table;
  for (std::string_view const column : rows.fields()) {
    roles.push_back(role_of_column(column));
    if (roles.back()) table.add_column(*roles.back());
  }
  while (rows.next()) {
    table.add_record();
    for (std::size_t k = 0; k < std::min(roles.size(), rows.fields().size()); ++k)
      if (roles[k]) table.set(*roles[k], rows.fields()[k]);
  }
  return table;
}

std::vector<RecordPair> read_pairs(std::string_view bytes, std::size_t records) {
  std::vector<RecordPair> pairs(bytes.size() / sizeof(RecordPair));
  if (!pairs.empty()) std::memcpy(pairs.data(), bytes.data(), pairs.size() * sizeof(RecordPair));
  for (RecordPair& pair : pairs)
    if (pair.a > pair.b) std::swap(pair.a, pair.b);
  std::erase_if(pairs, [&](RecordPair pair) { return pair.b >= records || pair.a == pair.b; });
  std::sort(pairs.begin(), pairs.end(),
            [](RecordPair x, RecordPair y) { return x.a != y.a ? x.a < y.a : x.b < y.b; });
  return pairs;
}

LinkageModel model_of(const PersonTable& table, const std::vector<RecordPair>& pairs) {
  constexpr std::size_t random_pairs = 1'000'000;
  auto const comparisons = comparisons_for(table);
  Comparer comparer(table, comparisons);
  PatternHistogram random, candidates;
  std::mt19937_64 numbers(1);
  for (std::size_t k = 0; k < random_pairs; ++k) {
    std::size_t const a = numbers() % table.size(), b = numbers() % table.size();
    if (a != b) random.add(comparer.compare(std::min(a, b), std::max(a, b)));
  }
  for (RecordPair const pair : pairs) candidates.add(comparer.compare(pair.a, pair.b));
  auto const n = static_cast<double>(table.size());
  return train(comparisons, random, candidates, n * (n - 1) / 2, n / 2);
}

struct Pass {
  double seconds = 0;
  std::size_t likely = 0;
};

Pass one_pass(const PersonTable& table, const LinkageModel& model, const PairScorer& pair_scorer,
              const std::vector<RecordPair>& pairs, std::vector<float>& bits) {
  auto const began = std::chrono::steady_clock::now();
  ComparedTable const compared(table, model.comparisons);
  BatchComparer comparer(compared);
  BatchScorer const scorer(pair_scorer);
  std::vector<Pattern> patterns(4096);
  for (std::size_t begin = 0; begin < pairs.size(); begin += patterns.size()) {
    auto const some =
        std::span(pairs).subspan(begin, std::min(patterns.size(), pairs.size() - begin));
    comparer.compare(some, patterns.data());
    scorer.score(some, patterns.data(), bits.data() + begin);
  }
  std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
  return {took.count(), static_cast<std::size_t>(std::count_if(bits.begin(), bits.end(),
                                                               [](float one) { return one > 0; }))};
}

void print(const Pass& pass, std::size_t pairs) {
  std::printf("{\"pairs_per_second\": %.0f, \"pairs\": %zu, \"likely\": %zu, \"seconds\": %.4f}\n",
              static_cast<double>(pairs) / pass.seconds, pairs, pass.likely, pass.seconds);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  bool const serves = count == 4 && std::strcmp(arguments[3], "--serve") == 0;
  if (count != 3 && !serves) {
    std::fputs("usage: pair_scores_perf LIST.csv PAIRS [--serve]\n", stderr);
    return 64;
  }
  auto const list = bytes_of(arguments[1]), pair_bytes = bytes_of(arguments[2]);
  if (!list || !pair_bytes) {
    std::fputs("pair_scores_perf: cannot read the list or the pairs\n", stderr);
    return 66;
  }
  PersonTable const table = read_table(*list);
  auto const pairs = read_pairs(*pair_bytes, table.size());
  if (table.size() < 2 || pairs.empty()) {
    std::fputs("pair_scores_perf: nothing to compare\n", stderr);
    return 65;
  }
  LinkageModel const model = model_of(table, pairs);
  PairScorer const scorer(model, table);
  std::vector<float> bits(pairs.size());
  if (serves) {
    std::puts("ready");
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);)
      print(one_pass(table, model, scorer, pairs, bits), pairs.size());
    return 0;
  }
  std::vector<Pass> passes;
  for (int k = 0; k < 5; ++k) passes.push_back(one_pass(table, model, scorer, pairs, bits));
  std::sort(passes.begin(), passes.end(),
            [](Pass const& x, Pass const& y) { return x.seconds < y.seconds; });
  print(passes[2], pairs.size());
  return 0;
}
