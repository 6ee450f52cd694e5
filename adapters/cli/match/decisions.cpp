#include <hl7flow/adapters/cli/match/decisions.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_map>

#include <hl7flow/parsers/codes/delimited.h>
#include <hl7flow/pipeline/config.h>
#include <hl7flow/pipeline/text_file.h>

namespace hl7flow::cli {
namespace {

using linkage::RecordPair;

enum class Word { same, different, open };

std::optional<Word> word_of(std::string_view text) {
  if (text == "same" || text == "must") return Word::same;
  if (text == "different" || text == "cannot") return Word::different;
  if (text == "open") return Word::open;
  return std::nullopt;
}

using Pairs = std::map<RecordPair, Decision>;

class DecisionReader {
 public:
  explicit DecisionReader(const People& people) : people_(people) {
    for (std::uint32_t k = 0; k < people.ids.size(); ++k) records_[people.ids[k]].push_back(k);
  }

  Status read(const std::string& path);
  /// Failures: bad_config if what is the same by several rows is different by another.
  Result<Decisions, Failure> finish();

 private:
  /// The record of that id; nullopt if none has it. Failures: bad_config if several have.
  Result<std::optional<std::uint32_t>, Failure> find(std::string_view id, std::string_view source,
                                                     const std::string& row) const;
  Status note(RecordPair pair, Word word, const std::string& row);
  std::string way_between(RecordPair pair) const;

  const People& people_;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> records_;
  Pairs pairs_;
  std::uint64_t unknown_ = 0;
};

Status DecisionReader::read(const std::string& path) {
  auto const text = read_text_file(path);
  if (!text) return tl::unexpected<Failure>(text.error());
  codes::DelimitedTable table(*text);
  auto const record_a = table.column({"record_a"}), record_b = table.column({"record_b"});
  auto const source_a = table.column({"source_a"}), source_b = table.column({"source_b"});
  auto const decision = table.column({"decision"});
  if (!record_a || !record_b || !decision)
    return fail(ErrorCode::bad_config,
                path +
                    ": a file of decisions has the columns record_a, record_b and decision, such "
                    "as the pairs.csv of match with its column decision filled in");
  if (std::count(table.header().begin(), table.header().end(), "decision") > 1)
    return fail(ErrorCode::bad_config, path + " has two columns decision");
  while (table.next()) {
    std::string const row = path + ":" + std::to_string(table.line());
    auto const refuse = [&](std::string_view why) {
      return fail(ErrorCode::bad_config, row + ": " + std::string(why));
    };
    if (table.is_bad()) return refuse("the row has a bad quote, or too few fields");
    std::string_view const said = table.field(decision);
    if (said.empty()) continue;
    auto const word = word_of(said);
    if (!word)
      return refuse("a decision is same, different or open" +
                    nearest_name(said, {"same", "different", "open"}));
    auto const a = find(table.field(record_a), table.field(source_a), row);
    auto const b = find(table.field(record_b), table.field(source_b), row);
    for (auto const* const one : {&a, &b})
      if (!*one) return tl::unexpected<Failure>(one->error());
    if (!*a || !*b) {
      ++unknown_;
      continue;
    }
    if (**a == **b) return refuse("record_a and record_b are one record");
    if (auto done = note({std::min(**a, **b), std::max(**a, **b)}, *word, row); !done) return done;
  }
  return {};
}

Result<std::optional<std::uint32_t>, Failure> DecisionReader::find(std::string_view id,
                                                                   std::string_view source,
                                                                   const std::string& row) const {
  auto const known = records_.find(id);
  if (known == records_.end()) return std::optional<std::uint32_t>();
  std::optional<std::uint32_t> found;
  for (std::uint32_t const record : known->second) {
    if (!source.empty() && std::to_string(people_.table.source(record) + 1) != source) continue;
    if (found)
      return fail(ErrorCode::bad_config,
                  row +
                      ": several records have that id; columns source_a and source_b, as pairs.csv "
                      "has them, say of which list it is");
    found = record;
  }
  return found;
}

Status DecisionReader::note(RecordPair pair, Word word, const std::string& row) {
  if (word == Word::open) {
    pairs_.erase(pair);
    return {};
  }
  bool const is_same = word == Word::same;
  auto const [known, is_new] = pairs_.try_emplace(pair, Decision{pair, is_same, row});
  if (is_new || known->second.is_same == is_same) return {};
  return fail(ErrorCode::bad_config,
              row + " contradicts " + known->second.row +
                  ": two records are one person, or two; open in a row between them undoes the "
                  "first");
}

/// The rows that make two records one person: "a.csv:2 and a.csv:3".
std::string DecisionReader::way_between(RecordPair pair) const {
  std::unordered_map<std::uint32_t, std::vector<const Decision*>> same_as;
  for (auto const& [key, one] : pairs_) {
    if (!one.is_same) continue;
    same_as[one.pair.a].push_back(&one);
    same_as[one.pair.b].push_back(&one);
  }
  // Breadth first, so that the way is a shortest one.
  std::unordered_map<std::uint32_t, const Decision*> came_by{{pair.b, nullptr}};
  std::vector<std::uint32_t> next{pair.b};
  for (std::size_t k = 0; k < next.size() && !came_by.contains(pair.a); ++k)
    for (const Decision* const one : same_as[next[k]]) {
      std::uint32_t const other = one->pair.a == next[k] ? one->pair.b : one->pair.a;
      if (came_by.try_emplace(other, one).second) next.push_back(other);
    }
  std::string rows;
  for (std::uint32_t at = pair.a; at != pair.b;) {
    const Decision& one = *came_by.at(at);
    at = one.pair.a == at ? one.pair.b : one.pair.a;
    rows += (rows.empty() ? "" : at == pair.b ? " and " : ", ") + one.row;
  }
  return rows;
}

Result<Decisions, Failure> DecisionReader::finish() {
  Decisions found;
  found.unknown = unknown_;
  std::vector<std::uint32_t> leader(people_.ids.size());
  std::iota(leader.begin(), leader.end(), 0u);
  auto const lead = [&](std::uint32_t record) {
    while (leader[record] != record) record = leader[record] = leader[leader[record]];
    return record;
  };
  for (auto const& [key, one] : pairs_) {
    if (one.is_same) leader[lead(one.pair.a)] = lead(one.pair.b);
    found.pairs.push_back(one);
  }
  for (auto const& [key, one] : pairs_)
    if (!one.is_same && lead(one.pair.a) == lead(one.pair.b))
      return fail(ErrorCode::bad_config, one.row + " says that two records are different, and " +
                                             way_between(one.pair) + " that they are the same");
  return found;
}

}  // namespace

const Decision* Decisions::find(RecordPair pair) const {
  auto const at = std::lower_bound(
      pairs.begin(), pairs.end(), pair,
      [](Decision const& one, RecordPair const& wanted) { return one.pair < wanted; });
  return at != pairs.end() && at->pair == pair ? &*at : nullptr;
}

Result<Decisions, Failure> read_decisions(const std::vector<std::string>& files,
                                          const People& people) {
  DecisionReader reader(people);
  for (std::string const& path : files)
    if (auto done = reader.read(path); !done) return tl::unexpected<Failure>(done.error());
  return reader.finish();
}

}  // namespace hl7flow::cli
