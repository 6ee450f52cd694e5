#include <algorithm>

#include <hl7flow/adapters/codes/icd10.h>
#include <hl7flow/adapters/codes/loaders.h>

// Source: CMS, "ICD-10-CM/PCS order file" (icd10OrderFiles.pdf): columns 1-5 order number, 7-13
// code without point, 15 header (0) or code to be used (1), 17-76 short title, 78- long title.
// Checked against icd10cm-order-Jan-2021.txt.

namespace hl7flow::adapters {

namespace {

constexpr std::size_t long_title_column = 78;

codes::SystemId system_of(codes::StoreBuilder& builder, std::string_view name,
                          std::string version = {}) {
  codes::SystemFacts facts;
  facts.name = name;
  facts.version = std::move(version);
  return builder.system(facts);
}

struct OrderRow {
  std::string_view code, short_title, long_title;
  bool is_selectable = false;
};

bool is_order_row(std::string_view line) {
  auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return line.size() >= long_title_column &&
         std::all_of(line.begin(), line.begin() + 5, is_digit) && line[5] == ' ' &&
         line[13] == ' ' && (line[14] == '0' || line[14] == '1') && line[15] == ' ';
}

OrderRow order_row(std::string_view line) {
  OrderRow row;
  row.code = in_columns(line, 7, 13);
  row.is_selectable = line[14] == '1';
  row.short_title = in_columns(line, 17, 76);
  row.long_title = in_columns(line, long_title_column, line.size());
  return row;
}

/// Headers of ICD-10-PCS are shorter than its codes; those of ICD-10-CM look like codes.
bool has_form(codes::Family family, const FormedCode& code, const OrderRow& row) {
  if (family != codes::Family::icd10pcs || row.is_selectable) return code.is_good();
  return !code.view().empty() && code.view().size() < 7;
}

using Known = std::pair<std::string, OrderFiles::Entry>;  // by code, without points

bool is_before(const Known& known, std::string_view code) { return known.first < code; }

const OrderFiles::Entry* entry_of(const std::vector<Known>& codes, std::string_view code) {
  auto const place = std::lower_bound(codes.begin(), codes.end(), code, is_before);
  return place != codes.end() && place->first == code ? &place->second : nullptr;
}

std::uint32_t find(const codes::StoreBuilder& builder, codes::SystemId system, codes::Family family,
                   std::string_view code) {
  codes::CodeText normal;
  return codes::normal_form(family, code, normal) ? builder.find(system, normal.view())
                                                  : codes::no_concept;
}

void set_parents(codes::StoreBuilder& builder, codes::SystemId system, codes::Family family,
                 const std::vector<Known>& codes) {
  for (auto const& [code, entry] : codes)
    for (std::size_t size = code.size() - 1; size >= 3; --size) {
      std::string_view const prefix = std::string_view(code).substr(0, size);
      if (entry_of(codes, prefix) == nullptr) continue;
      builder.set_parent(find(builder, system, family, code),
                         find(builder, system, family, prefix));
      break;
    }
}

/// Both sorted; of what both have, the newer entry.
std::vector<Known> merged(std::vector<Known> older, std::vector<Known> newer) {
  std::vector<Known> all;
  all.reserve(std::max(older.size(), newer.size()));
  std::set_union(newer.begin(), newer.end(), older.begin(), older.end(), std::back_inserter(all),
                 [](const Known& a, const Known& b) { return a.first < b.first; });
  return all;
}

std::uint32_t day_before(std::uint32_t first_of_month) {
  std::uint32_t const year = first_of_month / 10000, month = first_of_month / 100 % 100;
  // The files of a year begin in January, April or October.
  if (month == 1) return (year - 1) * 10000 + 1231;
  return year * 10000 + (month == 4 ? 331 : 930);
}

Status load_order_files(codes::StoreBuilder& builder, const Release& release, OrderFiles& files,
                        std::vector<std::string> names) {
  auto const day = [](const std::string& name) { return effective_day(plain_name(name)); };
  std::stable_sort(names.begin(), names.end(),
                   [&](const std::string& a, const std::string& b) { return day(a) < day(b); });
  for (std::string const& name : names) {
    auto const read = read_release_file(builder, release, name, files.system + " order file",
                                        Encoding::utf8_or_windows_1252,
                                        [&](codes::StoreBuilder& into, ReleaseText& file) {
                                          return read_icd10_order(into, file, files, day(name));
                                        });
    if (!read) return read;
  }
  retire_missing(builder, files);
  return {};
}

}  // namespace

std::uint32_t effective_day(std::string_view name) {
  std::uint32_t const year = year_in(name);
  if (year == 0) return 0;
  if (matches_pattern(name, "*apr*")) return year * 10000 + 401;
  if (matches_pattern(name, "*jan*")) return year * 10000 + 101;
  return (year - 1) * 10000 + 1001;
}

Status read_icd10_order(codes::StoreBuilder& builder, ReleaseText& file, OrderFiles& files,
                        std::uint32_t effective) {
  std::uint32_t const year = effective / 10000 + (effective % 10000 == 1001 ? 1 : 0);
  codes::SystemId const system =
      system_of(builder, files.system, effective == 0 ? "" : std::to_string(year));
  auto const number = static_cast<std::uint32_t>(files.effective.size());
  files.effective.push_back(effective);
  std::vector<Known> codes;
  auto const read = take_lines(file, [&](std::string_view line) {
    if (!is_order_row(line)) return bad_row("not in the columns of an order file");
    OrderRow const row = order_row(line);
    FormedCode const code = formed_code(files.family, row.code);
    if (!has_form(files.family, code, row)) return bad_row("no code of the system");
    if (row.long_title.empty()) return bad_row("without a title");
    codes::ConceptFacts facts;
    facts.code = code.view();
    facts.display = row.long_title;
    facts.selectable = row.is_selectable;
    const OrderFiles::Entry* const known = entry_of(files.codes, row.code);
    if (number > 0 && known == nullptr) facts.valid_from = effective;
    std::uint32_t const subject = builder.add(system, facts);
    std::string const short_title(row.short_title == row.long_title ? "" : row.short_title);
    if (known == nullptr || known->short_title != short_title)
      builder.add_name(subject, codes::NameKind::short_name, short_title);
    codes.push_back({std::string(row.code), {number, row.is_selectable, short_title}});
    return row_loaded;
  });
  if (!read) return read;
  std::stable_sort(codes.begin(), codes.end(),
                   [](const Known& a, const Known& b) { return a.first < b.first; });
  set_parents(builder, system, files.family, codes);
  files.codes = merged(std::move(files.codes), std::move(codes));
  return {};
}

void retire_missing(codes::StoreBuilder& builder, const OrderFiles& files) {
  if (files.effective.size() < 2) return;
  codes::SystemId const system = system_of(builder, files.system);
  auto const newest = static_cast<std::uint32_t>(files.effective.size() - 1);
  for (auto const& [code, entry] : files.codes) {
    if (entry.last_file == newest) continue;
    codes::CodeText normal;
    if (!codes::normal_form(files.family, code, normal)) continue;
    codes::ConceptFacts facts;
    facts.code = normal.view();
    facts.selectable = entry.is_selectable;
    std::uint32_t const next = files.effective[entry.last_file + 1];
    if (next != 0)
      facts.valid_to = day_before(next);
    else
      facts.status = codes::CodeStatus::retired;
    builder.add(system, facts);
  }
}

Status load_icd10cm(codes::StoreBuilder& builder, const Release& release) {
  auto names = matching_files(release, {"icd10cm*order*.txt"}, {"*addenda*"});
  auto tabular = matching_files(release, {"icd10cm*tabular*.xml"}, {"*addenda*"});
  if (names.empty() && tabular.empty() && release.files().size() == 1) names = release.files();
  if (names.empty()) return none_found(release, "icd10cm_order_YYYY.txt");
  OrderFiles files;
  files.system = "ICD-10-CM";
  files.family = codes::Family::icd10cm;
  if (auto read = load_order_files(builder, release, files, std::move(names)); !read) return read;
  if (tabular.empty()) return {};
  // Of several years the newest list says where a category belongs.
  std::stable_sort(tabular.begin(), tabular.end(), [](const auto& a, const auto& b) {
    return year_in(plain_name(a)) < year_in(plain_name(b));
  });
  return read_release_file(builder, release, tabular.back(), "ICD-10-CM tabular list",
                           Encoding::utf8, read_icd10cm_tabular);
}

Status load_icd10pcs(codes::StoreBuilder& builder, const Release& release) {
  auto names = matching_files(release, {"icd10pcs*order*.txt"}, {"*addenda*"});
  if (names.empty() && release.files().size() == 1) names = release.files();
  if (names.empty()) return none_found(release, "icd10pcs_order_YYYY.txt");
  OrderFiles files;
  files.system = "ICD-10-PCS";
  files.family = codes::Family::icd10pcs;
  return load_order_files(builder, release, files, std::move(names));
}

}  // namespace hl7flow::adapters
