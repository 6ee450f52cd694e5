#include <hl7flow/adapters/cli/match/people.h>

#include <algorithm>
#include <filesystem>

#include <hl7flow/adapters/cli/match/people_builder.h>
#include <hl7flow/adapters/cli/match/threads.h>
#include <hl7flow/adapters/parquet/parquet_rows.h>

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

Status read_parquet_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder) {
  return adapters::read_parquet_rows(
      path,
      [&](const std::vector<std::string>& columns) { return builder.begin(path, source, columns); },
      [&](const std::vector<std::string_view>& fields) { builder.add(fields); });
}

Result<People, Failure> read_people(const std::vector<std::string>& files,
                                    const PeopleOptions& options, std::size_t threads) {
  People people;
  if (options.keeps_written) people.table.keep_written();
  PeopleBuilder builder(options, people, threads_of(threads));
  for (std::size_t k = 0; k < files.size(); ++k) {
    Format const& format = format_of(files[k], options.format);
    auto done = format.read(files[k], static_cast<std::uint32_t>(k), builder);
    if (done) done = builder.end(files[k]);
    if (!done) return tl::unexpected<Failure>(done.error());
  }
  if (people.table.size() < 2)
    return fail(ErrorCode::bad_config, "there are less than two records to compare");
  return people;
}

}  // namespace hl7flow::cli
