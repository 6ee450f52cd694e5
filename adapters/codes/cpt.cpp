#include <hl7flow/adapters/codes/cpt.h>

#include <hl7flow/adapters/codes/loaders.h>

// Source: LONGULT.txt and SHORTU.txt of the AMA's data files (a notice, then a code, a tab or a
// blank, a description) and the consolidated code list (a table between tabs with "CPT Code" and
// "Long"), from memory: the files are licensed, and none was at hand. CSV: a row of column names
// with code and description. CPT is never part of this project.

namespace hl7flow::adapters {

namespace {

constexpr std::size_t lines_of_notice_max = 200;

struct Columns {
  std::optional<std::size_t> code, text, short_text;
};

Columns columns_of(const codes::DelimitedTable& table) {
  return {table.column({"CPT Code", "CPT", "code"}),
          table.column({"Long", "long description", "long descriptor", "description", "display"}),
          table.column({"Short", "short description", "short descriptor"})};
}

/// Adds one code; the same for tables and lines.
class Cpt {
 public:
  Cpt(codes::StoreBuilder& builder, std::uint32_t year) : builder_(builder) {
    codes::SystemFacts facts;
    facts.name = "CPT";
    if (year != 0) facts.version = std::to_string(year);
    system_ = builder.system(facts);
  }
  RowOutcome take(std::string_view text, std::string_view long_title,
                  std::string_view short_title) {
    FormedCode const code = formed_code(codes::Family::cpt, text);
    if (!code.is_good()) return bad_row("no code of CPT");
    if (long_title.empty() && short_title.empty()) return bad_row("without a description");
    codes::ConceptFacts facts;
    facts.code = code.view();
    facts.display = long_title;
    std::uint32_t const subject = builder_.add(system_, facts);
    builder_.add_name(subject, codes::NameKind::short_name, short_title);
    builder_.mention(system_, code.view(), short_title);  // the display, if there is no other
    return row_loaded;
  }

 private:
  codes::StoreBuilder& builder_;
  codes::SystemId system_;
};

Status take_table(ReleaseText& file, codes::DelimitedTable& table, Cpt& cpt) {
  Columns const columns = columns_of(table);
  return take_rows(file, table, [&] {
    return cpt.take(table.field(columns.code), table.field(columns.text),
                    table.field(columns.short_text));
  });
}

}  // namespace

Status read_cpt(codes::StoreBuilder& builder, ReleaseText& file, bool is_long) {
  Cpt cpt(builder, year_in(plain_name(file.name)));
  // A table's column names may stand behind the notice.
  std::size_t begin = 0;
  for (std::size_t line = 0; line < lines_of_notice_max && begin < file.text.size(); ++line) {
    std::size_t const end = std::min(file.text.find('\n', begin), file.text.size());
    std::string_view const names = file.text.substr(begin, end - begin);
    codes::Dialect const dialect =
        names.find('\t') == std::string_view::npos ? codes::csv_dialect : codes::tab_dialect;
    if (Columns const found = columns_of(codes::DelimitedTable(names, dialect));
        found.code && (found.text || found.short_text)) {
      codes::DelimitedTable table(file.text.substr(begin), dialect);
      return take_table(file, table, cpt);
    }
    begin = end + 1;
  }
  bool begun = false;
  return take_lines(file, [&](std::string_view line) {
    std::size_t const end = std::min(line.find_first_of("\t "), line.size());
    std::string_view const title = in_columns(line.substr(end), 1, line.size());
    bool const is_code = formed_code(codes::Family::cpt, line.substr(0, end)).is_good();
    if (!begun && (!is_code || title.empty())) return row_skipped;
    begun = true;
    return is_long ? cpt.take(line.substr(0, end), title, {})
                   : cpt.take(line.substr(0, end), {}, title);
  });
}

Status load_cpt(codes::StoreBuilder& builder, const Release& release) {
  auto files = matching_files(release, {"LONGULT*.txt"});
  if (files.empty()) files = matching_files(release, {"*consolidated*.txt", "*cpt*.csv"});
  if (files.empty() && release.files().size() == 1) files = release.files();
  if (files.empty()) return none_found(release, "LONGULT.txt or *cpt*.csv");
  auto const read_file = [&](const std::string& file, bool is_long) {
    return read_release_file(builder, release, file, is_long ? "CPT" : "CPT short descriptions",
                             Encoding::utf8_or_windows_1252,
                             [&](codes::StoreBuilder& into, ReleaseText& text) {
                               return read_cpt(into, text, is_long);
                             });
  };
  if (auto read = read_file(files.front(), true); !read) return read;
  auto const short_ones = matching_files(release, {"SHORTU*.txt"});
  return short_ones.empty() || short_ones.front() == files.front()
             ? Status()
             : read_file(short_ones.front(), false);
}

}  // namespace hl7flow::adapters
