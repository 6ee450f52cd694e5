// CVX and MVX of the CDC, vaccines and their makers: cvx.txt and mvx.txt, rows parted by vertical
// bars without column names, or CSV with them. Source: CDC, "IIS: HL7 standard code set CVX /
// MVX", column order from memory: code | short | full name | notes | status | nonvaccine | date,
// and code | name | notes | status | date.

#include <algorithm>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

namespace {

/// Where the columns of one of the two files stand.
struct Layout {
  std::string_view system;
  codes::Family family;
  std::size_t code, name, status, column_count;
};
constexpr Layout cvx_layout = {"CVX", codes::Family::cvx, 0, 1, 4, 6};
constexpr Layout mvx_layout = {"MVX", codes::Family::mvx, 0, 1, 3, 4};

std::optional<codes::CodeStatus> status_of(std::string_view text) {
  if (matches_pattern(text, "active") || matches_pattern(text, "pending*"))
    return codes::CodeStatus::active;
  if (matches_pattern(text, "never*") || matches_pattern(text, "non-us"))
    return codes::CodeStatus::discouraged;
  if (matches_pattern(text, "inactive")) return codes::CodeStatus::retired;
  return std::nullopt;
}

RowOutcome take_row(codes::StoreBuilder& builder, codes::SystemId system, const Layout& layout,
                    std::string_view code, std::string_view name, std::string_view status) {
  FormedCode const formed = formed_code(layout.family, code);
  if (!formed.is_good()) return bad_row("the code is none of its system");
  auto const known = status_of(status);
  if (!known) return bad_row("the status is none that is known");
  codes::ConceptFacts facts;
  facts.code = formed.view();
  facts.display = name;
  facts.status = *known;
  builder.add(system, facts);
  return row_loaded;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Status read_file(codes::StoreBuilder& builder, ReleaseText& file, const Layout& layout) {
  codes::SystemFacts facts;
  facts.name = layout.system;
  codes::SystemId const system = builder.system(facts);
  std::string_view const first_line = file.text.substr(0, file.text.find('\n'));
  if (first_line.find('|') == std::string_view::npos) {
    codes::DelimitedTable table(file.text);
    auto const code = table.column({"CVX Code", "MVX Code", "MVX_CODE", "CVX_CODE", "Code"});
    auto const name =
        table.column({"Short Description", "Manufacturer Name", "manufacturer_name", "Name"});
    auto const status = table.column({"Vaccine Status", "VaccineStatus", "Status"});
    if (!code || !name || !status) return file.refuse("has no columns of code, name and status");
    return take_rows(file, table, [&] {
      if (table.is_bad()) return bad_row("quotes or number of fields");
      return take_row(builder, system, layout, table.field(code), table.field(name),
                      table.field(status));
    });
  }
  return take_lines(file, [&](std::string_view line) {
    std::vector<std::string_view> cells;
    for (std::size_t begin = 0; begin <= line.size();) {
      std::size_t const end = std::min(line.find('|', begin), line.size());
      cells.push_back(trimmed(line.substr(begin, end - begin)));
      begin = end + 1;
    }
    if (cells.size() < layout.column_count) return bad_row("has too few fields");
    return take_row(builder, system, layout, cells[layout.code], cells[layout.name],
                    cells[layout.status]);
  });
}

Status load_files(codes::StoreBuilder& builder, const Release& release, const Layout& layout,
                  std::initializer_list<std::string_view> patterns, std::string_view wanted) {
  auto const files = matching_files(release, patterns);
  if (files.empty()) return none_found(release, wanted);
  for (std::string const& file : files) {
    auto const read =
        read_release_file(builder, release, file, layout.system, Encoding::utf8_or_windows_1252,
                          [&](codes::StoreBuilder& into, ReleaseText& text) {
                            return read_file(into, text, layout);
                          });
    if (!read) return read;
  }
  return {};
}

}  // namespace

Status load_cvx(codes::StoreBuilder& builder, const Release& release) {
  return load_files(builder, release, cvx_layout, {"*cvx*.txt", "*cvx*.csv"}, "cvx.txt");
}

Status load_mvx(codes::StoreBuilder& builder, const Release& release) {
  return load_files(builder, release, mvx_layout, {"*mvx*.txt", "*mvx*.csv"}, "mvx.txt");
}

}  // namespace hl7flow::adapters
