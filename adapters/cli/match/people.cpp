#include <hl7flow/adapters/cli/match/people.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <hl7flow/adapters/cli/match/people_builder.h>
#include <hl7flow/adapters/parquet/parquet_rows.h>
#include <hl7flow/parsers/codes/delimited.h>

namespace hl7flow::cli {
namespace {

struct Format {
  std::string_view name;
  std::vector<std::string_view> endings;
  Status (*read)(const std::string& path, std::uint32_t source, PeopleBuilder& builder);
};

/// The first is that of files with other endings.
const std::vector<Format>& formats() {
  static const std::vector<Format> all = {{"csv", {".csv"}, read_csv_people},
                                          {"parquet", {".parquet"}, read_parquet_people},
                                          {"ndjson", {".ndjson", ".jsonl"}, read_json_people},
                                          {"hl7", {".hl7", ".er7"}, read_hl7_people}};
  return all;
}

const Format& format_of(const std::string& path, const std::string& wanted) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (Format const& format : formats())
    if (wanted.empty() ? std::find(format.endings.begin(), format.endings.end(), ending) !=
                             format.endings.end()
                       : format.name == wanted)
      return format;
  return formats().front();
}

}  // namespace

std::vector<std::string> people_formats() {
  std::vector<std::string> names;
  for (Format const& format : formats()) names.emplace_back(format.name);
  return names;
}

Status read_csv_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, "cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  std::string const bytes = text.str();
  codes::DelimitedReader rows(bytes);
  if (!rows.next()) return fail(ErrorCode::bad_config, path + " is empty");
  std::vector<std::string> const columns(rows.fields().begin(), rows.fields().end());
  if (auto done = builder.begin(path, source, columns); !done) return done;
  while (rows.next()) {
    if (rows.is_bad() || rows.fields().size() != columns.size())
      return fail(ErrorCode::bad_config,
                  path + ", line " + std::to_string(rows.line()) + ": " +
                      std::to_string(rows.fields().size()) + " fields where the header has " +
                      std::to_string(columns.size()) + ", or a quote that is not closed");
    builder.add(rows.fields());
  }
  return {};
}

Status read_parquet_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder) {
  return adapters::read_parquet_rows(
      path,
      [&](const std::vector<std::string>& columns) { return builder.begin(path, source, columns); },
      [&](const std::vector<std::string_view>& fields) { builder.add(fields); });
}

Result<People, Failure> read_people(const std::vector<std::string>& files,
                                    const PeopleOptions& options) {
  People people;
  PeopleBuilder builder(options, people);
  for (std::size_t k = 0; k < files.size(); ++k) {
    Format const& format = format_of(files[k], options.format);
    if (auto done = format.read(files[k], static_cast<std::uint32_t>(k), builder); !done)
      return tl::unexpected<Failure>(done.error());
  }
  if (people.table.size() < 2)
    return fail(ErrorCode::bad_config, "there are less than two records to compare");
  return people;
}

}  // namespace hl7flow::cli
