#include <fmt/format.h>

#include <filesystem>
#include <map>

#include <hl7flow/adapters/cli/csv_text.h>
#include <hl7flow/adapters/cli/match/match_verbs.h>
#include <hl7flow/adapters/cli/match/model_file.h>
#include <hl7flow/adapters/cli/whole_files.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

std::string pairs_csv(const Matching& found, const People& people, const MatchOptions& options) {
  std::string text = "record_a,record_b,probability,bits,decision,same_person";
  for (Comparison const& one : found.model.comparisons)
    text += "," + std::string(linkage::name(one));
  text += '\n';
  double const review = bits_of(options.review_probability);
  double const link = bits_of(options.link_probability);
  for (std::size_t k = 0; k < found.pairs.size(); ++k) {
    auto const& [pair, bits] = found.pairs[k];
    if (bits < review) continue;
    bool const same = found.persons[pair.a] == found.persons[pair.b];
    text += fmt::format("{},{},{:.6f},{:.2f},{},{}", csv_field(people.ids[pair.a]),
                        csv_field(people.ids[pair.b]), probability_of(bits), bits,
                        bits >= link ? "link" : "review", same);
    for (std::size_t c = 0; c < found.model.comparisons.size(); ++c)
      text += fmt::format(",{}", found.patterns[k][c]);
    text += '\n';
  }
  return text;
}

std::string links_csv(const Matching& found, const People& people) {
  std::string text = "record_id,person_id,source\n";
  for (std::uint32_t k = 0; k < found.persons.size(); ++k)
    text += fmt::format("{},{},{}\n", csv_field(people.ids[k]),
                        csv_field(people.ids[found.persons[k]]), people.table.source(k) + 1);
  return text;
}

/// The value that most records of a person have, of several the one that came first, and the first
/// record that has it.
std::pair<ValueId, std::uint32_t> most_frequent(const PersonTable& table, Role role,
                                                const std::vector<std::uint32_t>& records) {
  std::map<ValueId, std::size_t> counts;
  for (std::uint32_t const record : records)
    if (ValueId const value = table.value(role, record); value != 0) ++counts[value];
  std::pair<ValueId, std::uint32_t> best{0, 0};
  std::size_t most = 0;
  for (std::uint32_t const record : records) {
    ValueId const value = table.value(role, record);
    if (value == 0 || counts[value] <= most) continue;
    most = counts[value];
    best = {value, record};
  }
  return best;
}

std::string persons_csv(const Matching& found, const People& people) {
  std::string text = "person_id,records";
  std::vector<Role> roles;
  for (std::size_t k = 0; k < role_count; ++k)
    if (people.table.has(static_cast<Role>(k))) roles.push_back(static_cast<Role>(k));
  for (Role const role : roles) text += fmt::format(",{0},{0}_from", linkage::name(role));
  text += '\n';
  std::map<std::uint32_t, std::vector<std::uint32_t>> persons;
  for (std::uint32_t k = 0; k < found.persons.size(); ++k) persons[found.persons[k]].push_back(k);
  for (auto const& [first, records] : persons) {
    text += fmt::format("{},{}", csv_field(people.ids[first]), records.size());
    for (Role const role : roles) {
      auto const [value, record] = most_frequent(people.table, role, records);
      text += value == 0 ? ",,"
                         : fmt::format(",{},{}", csv_field(people.table.text_of(role, value)),
                                       csv_field(people.ids[record]));
    }
    text += '\n';
  }
  return text;
}

}  // namespace

Status write_matching(const std::string& folder, bool overwrite, const Matching& found,
                      const People& people, const MatchOptions& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!overwrite && fs::exists(folder, error) && !fs::is_empty(folder, error))
    return fail(ErrorCode::exists,
                "the output folder is not empty: " + folder + " (--overwrite replaces it)");
  std::vector<WholeFile> files;
  files.push_back({"persons.csv", persons_csv(found, people)});
  files.push_back({"person_links.csv", links_csv(found, people)});
  files.push_back({"pairs.csv", pairs_csv(found, people, options)});
  files.push_back({"model.json", model_text(found.model, found.blocking)});
  return write_whole_files(folder, files);
}

}  // namespace hl7flow::cli
