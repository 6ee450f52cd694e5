// Suggestions against plain BM25 over the same displays. Usage: suggest_perf STORE QUERIES
//
// A query is a line SOURCE<tab>NAME<tab>UNIT<tab>ORDER<tab>LOINC. Prints a line of JSON a source:
// how often the code is the first suggestion, and among the first five, of ours and of BM25.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <hl7flow/parsers/codes/suggester.h>
#include <hl7flow/pipeline/loaded_codes.h>

namespace {

using namespace hl7flow;

std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    bool const inside = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (inside) word += c;
    if (!inside && !word.empty()) words.push_back(std::move(word)), word.clear();
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

/// Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond" (2009), with
/// k1 = 1.2 and b = 0.75.
class Bm25 {
 public:
  Bm25(const codes::CodeStore& store, codes::SystemId system) {
    for (std::uint32_t k = 0; k < store.concepts().size(); ++k) {
      if (store.concepts()[k].system != system || store.display(k).empty()) continue;
      auto const number = static_cast<std::uint32_t>(subjects_.size());
      subjects_.push_back(k);
      auto const words = plain_words(store.display(k));
      lengths_.push_back(static_cast<double>(words.size()));
      mean_ += static_cast<double>(words.size());
      std::map<std::string, int> counts;
      for (std::string const& word : words) ++counts[word];
      for (auto const& [word, count] : counts) postings_[word].emplace_back(number, count);
    }
    mean_ /= std::max<double>(1, static_cast<double>(subjects_.size()));
  }

  std::vector<std::uint32_t> best(std::string_view text, std::size_t limit) const {
    std::map<std::uint32_t, double> scores;
    auto const all = static_cast<double>(subjects_.size());
    for (std::string const& word : plain_words(text)) {
      auto const found = postings_.find(word);
      if (found == postings_.end()) continue;
      auto const having = static_cast<double>(found->second.size());
      double const rarity = std::log(1 + (all - having + 0.5) / (having + 0.5));
      for (auto const& [number, count] : found->second)
        scores[number] +=
            rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths_[number] / mean_));
    }
    std::vector<std::pair<double, std::uint32_t>> ranked;
    for (auto const& [number, score] : scores) ranked.emplace_back(-score, subjects_[number]);
    std::sort(ranked.begin(), ranked.end());
    std::vector<std::uint32_t> out;
    for (std::size_t k = 0; k < ranked.size() && k < limit; ++k) out.push_back(ranked[k].second);
    return out;
  }

 private:
  std::vector<std::uint32_t> subjects_;
  std::vector<double> lengths_;
  double mean_ = 0;
  std::unordered_map<std::string, std::vector<std::pair<std::uint32_t, int>>> postings_;
};

struct Score {
  std::size_t queries = 0, ours_first = 0, ours_five = 0, bm25_first = 0, bm25_five = 0;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("usage: suggest_perf STORE QUERIES\n", stderr);
    return 64;
  }
  auto const loaded = LoadedCodes::open(arguments[1]);
  if (!loaded) {
    std::fprintf(stderr, "suggest_perf: %s\n", loaded.error().text.c_str());
    return 65;
  }
  codes::CodeStore const& store = (*loaded)->store();
  codes::SystemId const loinc = store.find_system("LOINC");
  codes::Suggester const suggester(store, loinc);
  Bm25 const baseline(store, loinc);
  std::map<std::string, Score> scores;
  std::ifstream queries(arguments[2]);
  for (std::string line; std::getline(queries, line);) {
    std::vector<std::string> cells;
    for (std::size_t begin = 0; begin <= line.size();) {
      std::size_t const end = std::min(line.find('\t', begin), line.size());
      cells.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    if (cells.size() != 5) continue;
    std::uint32_t const wanted = store.find(loinc, cells[4]);
    if (wanted == codes::no_concept) continue;
    Score& score = scores[cells[0]];
    ++score.queries;
    auto const ours = suggester.suggest({{}, cells[1], cells[2], cells[3]}, 5);
    for (std::size_t k = 0; k < ours.size(); ++k)
      if (ours[k].subject == wanted) {
        ++score.ours_five;
        score.ours_first += k == 0 ? 1 : 0;
      }
    auto const theirs = baseline.best(cells[1], 5);
    for (std::size_t k = 0; k < theirs.size(); ++k)
      if (theirs[k] == wanted) {
        ++score.bm25_five;
        score.bm25_first += k == 0 ? 1 : 0;
      }
  }
  for (auto const& [source, score] : scores)
    std::printf(
        "{\"source\": \"%s\", \"queries\": %zu, \"candidates\": %zu, \"top1\": %zu, "
        "\"top5\": %zu, \"bm25_top1\": %zu, \"bm25_top5\": %zu}\n",
        source.c_str(), score.queries, suggester.size(), score.ours_first, score.ours_five,
        score.bm25_first, score.bm25_five);
}
