// What the parts of `hl7flow match` read, and the options for it.

#include <fmt/format.h>

#include <algorithm>

#include <hl7flow/adapters/cli/match/match_verbs.h>
#include <hl7flow/adapters/cli/match/model_file.h>
#include <hl7flow/adapters/cli/report.h>

namespace hl7flow::cli {

void add_people_options(CLI::App& command, MatchInput& input, int files_least, int files_most) {
  command
      .add_option("file", input.files,
                  "Lists of patients: CSV whose first row names the columns, Parquet, NDJSON, HL7")
      ->required()
      ->expected(files_least, files_most);
  command
      .add_option("--input-format", input.people.format,
                  "csv, parquet, ndjson or hl7 (default: by the file's ending, else csv)")
      ->check(CLI::IsMember(people_formats()));
  command.add_option("--id", input.people.id,
                     "Column that names a record (default: id, rec_id, unique_id, or the row)");
  command
      .add_option("--column", input.people.columns,
                  "What a column is: COLUMN=ROLE, such as mrn=identifier; usual names are known")
      ->allow_extra_args(false);
  command.add_option("--without", input.people.without, "Columns that are not compared")
      ->delimiter(',')
      ->allow_extra_args(false);
}

void add_model_option(CLI::App& command, MatchInput& input) {
  command.add_option("--model", input.model,
                     "A model of match train, or settings of Splink, instead of learning one");
}

void add_known_options(CLI::App& command, MatchInput& input) {
  command
      .add_option("--decisions", input.decisions,
                  "CSV files of what people decided: columns record_a, record_b, decision (same, "
                  "different or open), such as pairs.csv filled in; nothing outranks them")
      ->allow_extra_args(false);
  command
      .add_option("--rule", input.rules,
                  "What makes two records one person if all of it agrees exactly: roles with + "
                  "between them, such as identifier+birth_date")
      ->allow_extra_args(false);
}

void add_link_option(CLI::App& command, MatchInput& input) {
  command.add_flag("--link", input.match.link, "The files are two lists, as for link");
}

void add_thread_option(CLI::App& command, MatchInput& input) {
  command.add_option("-j,--threads", input.match.threads, "Threads (default: all cores)")
      ->check(at_least(0));
}

Result<People, Failure> read_lists(const MatchInput& input) {
  if (input.match.link && input.files.size() != 2)
    return fail(ErrorCode::usage,
                "--link needs two lists; there " +
                    (input.files.size() == 1 ? std::string("is one")
                                             : "are " + std::to_string(input.files.size())));
  return read_people(input.files, input.people, input.match.threads);
}

Result<Matching, Failure> match_people(const MatchInput& input, const People& people) {
  auto decisions = read_decisions(input.decisions, people);
  if (!decisions) return tl::unexpected<Failure>(decisions.error());
  auto rules = read_rules(input.rules, people, input.match.link);
  if (!rules) return tl::unexpected<Failure>(rules.error());
  Known known{std::move(*decisions), std::move(*rules)};
  if (input.model.empty()) return match(people.table, input.match, {}, std::move(known));
  auto model = read_model(input.model, people);
  if (!model) return tl::unexpected<Failure>(model.error());
  return match(people.table, input.match, std::move(*model), std::move(known));
}

std::string known_text(const Matching& found) {
  std::string text;
  Decisions const& decided = found.known.decisions;
  auto const same = static_cast<std::uint64_t>(std::count_if(
      decided.pairs.begin(), decided.pairs.end(), [](Decision const& one) { return one.is_same; }));
  if (!decided.pairs.empty() || decided.unknown > 0)
    text += fmt::format("  decided      {} pairs are one person, {} are two\n", grouped(same),
                        grouped(decided.pairs.size() - same));
  if (decided.unknown > 0)
    text += fmt::format("               {} decisions are of records that no list has\n",
                        grouped(decided.unknown));
  for (MatchRule const& rule : found.known.rules) {
    std::uint64_t records = 0, most = 0;
    for (auto const& group : rule.groups) {
      records += group.size();
      most = std::max<std::uint64_t>(most, group.size());
    }
    text += fmt::format("  rule         {}: {} records are {} persons", rule.text, grouped(records),
                        grouped(rule.groups.size()));
    text += most > 2 ? fmt::format(", the most of one {}\n", grouped(most)) : std::string("\n");
  }
  return text;
}

std::string records_text(const People& people) {
  std::string used, unused;
  for (auto const& [column, role] : people.used)
    used += fmt::format("{}{} ({})", used.empty() ? "" : ", ", column, linkage::name(role));
  for (std::string const& column : people.unused) unused += (unused.empty() ? "" : ", ") + column;
  std::string text =
      fmt::format("{} records\n  columns      {}\n", grouped(people.table.size()), used);
  if (!unused.empty()) text += "  not used     " + unused + "\n";
  for (std::string const& note : people.notes) text += "  note         " + note + "\n";
  return text;
}

}  // namespace hl7flow::cli
