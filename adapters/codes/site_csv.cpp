#include <hl7flow/adapters/codes/site_csv.h>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/parsers/codes/code_csv.h>

namespace hl7flow::adapters {

namespace {

bool is_cut_off(std::string_view text) {
  if (text.ends_with('\n')) return false;
  codes::DelimitedTable table(text);
  bool last_is_bad = false;
  while (table.next()) last_is_bad = table.is_bad();
  return last_is_bad;
}

}  // namespace

Status read_site_csv(codes::StoreBuilder& builder, ReleaseText& file) {
  if (is_cut_off(file.text)) return file.refuse("is cut off in the middle of a row");
  // A map without a name is called after its file, wherever that lies.
  auto report = codes::load_csv(builder, file.text, file.name);
  if (!report)
    return fail(report.error().code, file.place + report.error().text.substr(file.name.size()));
  file.report = std::move(*report);
  return {};
}

Status load_site_csv(codes::StoreBuilder& builder, const Release& release) {
  auto files = matching_files(release, {"*.csv"});
  if (files.empty() && release.files().size() == 1) files = release.files();
  if (files.empty()) return none_found(release, "*.csv");
  for (std::string const& file : files) {
    auto const read =
        read_release_file(builder, release, file, "codes", Encoding::utf8, read_site_csv);
    if (!read) return read;
  }
  return {};
}

}  // namespace hl7flow::adapters
