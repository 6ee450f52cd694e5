#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <hl7flow/parsers/codes/code_store.h>

// Suggestions for codes that nothing maps: which standard code a local one may mean. For people to
// review, never for a pipeline to use.
namespace hl7flow::codes {

/// What is known of an unmapped code, as sent.
struct LocalCode {
  std::string_view code, name;
  std::string_view unit;   // in UCUM, or as sent
  std::string_view order;  // the name of what was ordered
};

struct Suggestion {
  std::uint32_t subject = no_concept;
  double score = 0;  // 0 to 1
  std::string why;   // "glucose, serum; unit fits"
};

/// Words of a name as they are compared: lower case, abbreviations of laboratories written out,
/// plurals and punctuation dropped. For tests and tools.
std::vector<std::string> normal_words(std::string_view name);

/// An index of one system's active codes: their displays, other names, and the names of local codes
/// that are already mapped to them. Words count by how rare they are (BM25); a word that is not
/// known is compared by its groups of three letters; the unit and the specimen have to fit the
/// concept's words. The score is the share that was matched of what the best possible name would
/// match, in both directions: 1 is the same words. Immutable once made; thread-safe. The store must
/// outlive it.
class Suggester {
 public:
  Suggester(const CodeStore& store, SystemId target);

  /// The best first; equal scores by the concept's rank, then by its code.
  std::vector<Suggestion> suggest(const LocalCode& local, std::size_t limit) const;
  std::size_t size() const noexcept { return candidates_.size(); }

 private:
  struct Candidate {
    std::uint32_t subject;
    std::vector<std::uint32_t> words;  // sorted
    double weight = 0;                 // of all its words
  };
  void add(std::uint32_t subject, std::string_view name);
  void finish();
  double rarity(std::uint32_t word) const { return rarities_[word]; }
  /// Known words that are like an unknown one, with how like: 0 to 1.
  std::vector<std::pair<std::uint32_t, double>> like(std::string_view word) const;

  const CodeStore& store_;
  std::unordered_map<std::string, std::uint32_t> word_numbers_;
  std::vector<std::string> words_;
  std::vector<double> rarities_;
  std::vector<Candidate> candidates_;
  std::vector<std::vector<std::uint32_t>> candidates_of_;  // by word
  std::unordered_map<std::string, std::vector<std::uint32_t>> words_of_letters_;
};

}  // namespace hl7flow::codes
