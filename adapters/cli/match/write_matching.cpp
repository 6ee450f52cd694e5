#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include <hl7flow/adapters/cli/csv_text.h>
#include <hl7flow/adapters/cli/match/golden.h>
#include <hl7flow/adapters/cli/match/match_verbs.h>
#include <hl7flow/adapters/cli/match/model_file.h>
#include <hl7flow/adapters/cli/match/text_in_pieces.h>
#include <hl7flow/adapters/cli/match/threads.h>
#include <hl7flow/adapters/cli/whole_files.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

std::string pairs_csv(const Matching& found, const People& people, const MatchOptions& options) {
  std::string head =
      "record_a,record_b,probability,bits,band,decision,same_person,source_a,source_b";
  for (Comparison const& one : found.model.comparisons)
    head += "," + std::string(linkage::name(one));
  head += '\n';
  double const review = bits_of(options.review_probability);
  double const link = bits_of(options.link_probability);
  auto const write = [&](std::size_t begin, std::size_t end, std::string& text) {
    for (std::size_t k = begin; k < end; ++k) {
      auto const& [pair, bits] = found.pairs[k];
      const Decision* const decided = found.known.decisions.find(pair);
      if (bits < review && decided == nullptr) continue;
      bool const same = found.persons[pair.a] == found.persons[pair.b];
      append_formatted(text, "{},{},{:.6f},{:.2f},{},{},{},{},{}", csv_field(people.ids[pair.a]),
                       csv_field(people.ids[pair.b]), probability_of(bits), bits,
                       bits >= link     ? "link"
                       : bits >= review ? "review"
                                        : "unlikely",
                       decided == nullptr ? ""
                       : decided->is_same ? "same"
                                          : "different",
                       same, people.table.source(pair.a) + 1, people.table.source(pair.b) + 1);
      for (std::size_t c = 0; c < found.model.comparisons.size(); ++c)
        append_formatted(text, ",{}", found.patterns[k][c]);
      text += '\n';
    }
  };
  return text_in_pieces(std::move(head), found.pairs.size(), threads_of(options.threads), write);
}

std::string links_csv(const Matching& found, const People& people, std::size_t threads) {
  auto const reasons = reasons_of(found.persons, found.known, found.pairs);
  auto const write = [&](std::size_t begin, std::size_t end, std::string& text) {
    for (std::size_t k = begin; k < end; ++k) {
      auto const& [word, rule, matched] = reasons[k];
      append_formatted(text, "{},{},{},{},{},{}\n", csv_field(people.ids[k]),
                       csv_field(people.ids[found.persons[k]]), people.table.source(k) + 1, word,
                       matched == ~0u ? std::string() : csv_field(people.ids[matched]), rule);
    }
  };
  return text_in_pieces("record_id,person_id,source,reason,matched_record,rule\n",
                        found.persons.size(), threads, write);
}

}  // namespace

Status write_matching(const std::string& folder, bool overwrite, const Matching& found,
                      const People& people, const MatchOptions& options,
                      const Survivorship& survivorship) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!overwrite && fs::exists(folder, error) && !fs::is_empty(folder, error))
    return fail(ErrorCode::exists,
                "the output folder is not empty: " + folder + " (--overwrite replaces it)");
  std::size_t const threads = threads_of(options.threads);
  std::vector<WholeFile> files;
  files.push_back({"persons.csv", persons_csv(found, people, survivorship, threads)});
  files.push_back({"person_links.csv", links_csv(found, people, threads)});
  files.push_back({"pairs.csv", pairs_csv(found, people, options)});
  files.push_back({"model.json", model_text(found.model, found.blocking)});
  files.push_back({"survivorship.json", survivorship.json() + "\n"});
  return write_whole_files(folder, files);
}

}  // namespace hl7flow::cli
