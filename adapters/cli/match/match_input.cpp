// What the parts of `hl7flow match` read, and the options for it.

#include <fmt/format.h>

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

void add_link_option(CLI::App& command, MatchInput& input) {
  command.add_flag("--link", input.match.link, "The files are two lists, as for link");
}

void add_thread_option(CLI::App& command, MatchInput& input) {
  command.add_option("-j,--threads", input.match.threads, "Threads (default: all cores)")
      ->check(at_least(0));
}

Result<Matching, Failure> match_people(const MatchInput& input, const People& people) {
  if (input.model.empty()) return match(people.table, input.match);
  auto model = read_model(input.model, people);
  if (!model) return tl::unexpected<Failure>(model.error());
  return match(people.table, input.match, std::move(*model));
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
