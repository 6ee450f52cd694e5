#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <span>
#include <utility>

#include <hl7flow/adapters/cli/csv_text.h>
#include <hl7flow/adapters/cli/match/match_verbs.h>
#include <hl7flow/adapters/cli/match/model_file.h>
#include <hl7flow/adapters/cli/match/record_groups.h>
#include <hl7flow/adapters/cli/match/threads.h>
#include <hl7flow/adapters/cli/whole_files.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

/// A text of `count` things, written on so many threads: write(begin, end, text) appends some.
template <class Write>
std::string text_of(std::string head, std::size_t count, std::size_t threads, Write&& write) {
  std::vector<std::string> parts(threads);
  parts.front() = std::move(head);
  in_pieces(count, threads, [&](std::size_t begin, std::size_t end, std::size_t piece) {
    write(begin, end, parts[piece]);
  });
  std::string whole = std::move(parts.front());
  for (std::size_t k = 1; k < parts.size(); ++k) whole += std::exchange(parts[k], {});
  return whole;
}

template <class... Values>
void append(std::string& text, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
}

std::string pairs_csv(const Matching& found, const People& people, const MatchOptions& options) {
  std::string head = "record_a,record_b,probability,bits,decision,same_person";
  for (Comparison const& one : found.model.comparisons)
    head += "," + std::string(linkage::name(one));
  head += '\n';
  double const review = bits_of(options.review_probability);
  double const link = bits_of(options.link_probability);
  auto const write = [&](std::size_t begin, std::size_t end, std::string& text) {
    for (std::size_t k = begin; k < end; ++k) {
      auto const& [pair, bits] = found.pairs[k];
      if (bits < review) continue;
      bool const same = found.persons[pair.a] == found.persons[pair.b];
      append(text, "{},{},{:.6f},{:.2f},{},{}", csv_field(people.ids[pair.a]),
             csv_field(people.ids[pair.b]), probability_of(bits), bits,
             bits >= link ? "link" : "review", same);
      for (std::size_t c = 0; c < found.model.comparisons.size(); ++c)
        append(text, ",{}", found.patterns[k][c]);
      text += '\n';
    }
  };
  return text_of(std::move(head), found.pairs.size(), threads_of(options.threads), write);
}

std::string links_csv(const Matching& found, const People& people, std::size_t threads) {
  auto const write = [&](std::size_t begin, std::size_t end, std::string& text) {
    for (std::size_t k = begin; k < end; ++k)
      append(text, "{},{},{}\n", csv_field(people.ids[k]), csv_field(people.ids[found.persons[k]]),
             people.table.source(k) + 1);
  };
  return text_of("record_id,person_id,source\n", found.persons.size(), threads, write);
}

/// The value that most records of a person have, of several the one that came first, and the first
/// record that has it.
std::pair<ValueId, std::uint32_t> most_frequent(const PersonTable& table, Role role,
                                                std::span<const std::uint32_t> records) {
  auto const value_of = [&](std::uint32_t record) { return table.value(role, record); };
  if (records.size() == 1) return {value_of(records.front()), records.front()};
  std::vector<ValueId> values(records.size());
  std::transform(records.begin(), records.end(), values.begin(), value_of);
  std::sort(values.begin(), values.end());
  std::pair<ValueId, std::uint32_t> best{0, 0};
  std::ptrdiff_t most = 0;
  for (std::uint32_t const record : records) {
    ValueId const value = value_of(record);
    if (value == 0) continue;
    auto const [begin, end] = std::equal_range(values.begin(), values.end(), value);
    if (end - begin <= most) continue;
    most = end - begin;
    best = {value, record};
  }
  return best;
}

std::string persons_csv(const Matching& found, const People& people, std::size_t threads) {
  std::string head = "person_id,records";
  std::vector<Role> roles;
  for (std::size_t k = 0; k < role_count; ++k)
    if (people.table.has(static_cast<Role>(k))) roles.push_back(static_cast<Role>(k));
  for (Role const role : roles) append(head, ",{0},{0}_from", linkage::name(role));
  head += '\n';
  RecordGroups const persons(found.persons);
  auto const write = [&](std::size_t begin, std::size_t end, std::string& text) {
    for (std::size_t k = begin; k < end; ++k) {
      auto const records = persons[k];
      append(text, "{},{}", csv_field(people.ids[records.front()]), records.size());
      for (Role const role : roles) {
        auto const [value, record] = most_frequent(people.table, role, records);
        if (value == 0)
          text += ",,";
        else
          append(text, ",{},{}", csv_field(people.table.text_of(role, value)),
                 csv_field(people.ids[record]));
      }
      text += '\n';
    }
  };
  return text_of(std::move(head), persons.size(), threads, write);
}

}  // namespace

Status write_matching(const std::string& folder, bool overwrite, const Matching& found,
                      const People& people, const MatchOptions& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!overwrite && fs::exists(folder, error) && !fs::is_empty(folder, error))
    return fail(ErrorCode::exists,
                "the output folder is not empty: " + folder + " (--overwrite replaces it)");
  std::size_t const threads = threads_of(options.threads);
  std::vector<WholeFile> files;
  files.push_back({"persons.csv", persons_csv(found, people, threads)});
  files.push_back({"person_links.csv", links_csv(found, people, threads)});
  files.push_back({"pairs.csv", pairs_csv(found, people, options)});
  files.push_back({"model.json", model_text(found.model, found.blocking)});
  return write_whole_files(folder, files);
}

}  // namespace hl7flow::cli
