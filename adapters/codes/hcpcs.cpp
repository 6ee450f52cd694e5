#include <hl7flow/adapters/codes/hcpcs.h>

#include <algorithm>
#include <array>

#include <hl7flow/adapters/codes/loaders.h>

// Source: CMS, HCPCS2016_recordlayout.txt ("HCPCS Contractor Record", 320 columns, unchanged in the
// layout of 2024): 1-5 code (a modifier stands in 4-5), 6-10 sequence, 11 record (3 and 7 begin a
// procedure and a modifier, 4 and 8 continue its long title), 12-91 long title, 92-119 short title,
// 205-229 five codes to use instead, 269-276 added, 277-284 effective, 285-292 last day. Checked
// against HCPC2016_CONTR_ANWEB.txt. The names of a table's columns are those of the CSV of 2015 and
// of the spreadsheets that CMS publishes beside the records.

namespace hl7flow::adapters {

namespace {

/// What one code has, gathered over its records.
struct Item {
  std::string code, long_title, short_title;
  std::vector<std::string> instead;
  std::uint32_t added = 0, last_day = 0;
};

class Items {
 public:
  Items(codes::StoreBuilder& builder, std::uint32_t year) : builder_(builder) {
    codes::SystemFacts facts;
    facts.name = "HCPCS";
    if (year != 0) facts.version = std::to_string(year);
    system_ = builder.system(facts);
    codes::MapFacts map;
    map.name = "HCPCS cross-references";
    map.source = map.target = system_;
    map.kind = codes::MapKind::successor;
    map_ = builder.map(map);
  }

  void begin(Item item) {
    end();
    item_ = std::move(item);
  }
  /// False if the item that is being gathered is another one.
  bool continue_title(std::string_view code, std::string_view title) {
    if (item_.code != code || code.empty()) return false;
    if (!title.empty()) item_.long_title.append(" ").append(title);
    return true;
  }
  void end() {
    if (item_.code.empty()) return;
    codes::ConceptFacts facts;
    facts.code = item_.code;
    facts.display = item_.long_title.empty() ? item_.short_title : item_.long_title;
    facts.valid_from = item_.added;
    facts.valid_to = item_.last_day;
    std::uint32_t const subject = builder_.add(system_, facts);
    builder_.add_name(subject, codes::NameKind::short_name, item_.short_title);
    // A code that may still be used has cross-references of other kinds.
    if (item_.last_day != 0)
      for (std::string const& code : item_.instead)
        builder_.add_target(map_, subject, builder_.mention(system_, code), {});
    item_ = {};
  }

 private:
  codes::StoreBuilder& builder_;
  codes::SystemId system_;
  codes::MapId map_;
  Item item_;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_level_1(std::string_view code) { return code.size() == 5 && is_digit(code[0]); }

bool is_modifier(std::string_view code) {
  return code.size() == 2 && std::all_of(code.begin(), code.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || is_digit(c);
         });
}

void add_instead(Item& item, std::string_view code) {
  FormedCode const formed = formed_code(codes::Family::hcpcs, code);
  if (formed.is_good()) item.instead.emplace_back(formed.view());
}

/// False for a text that is there and is no day.
bool read_day(std::string_view text, std::uint32_t& day) {
  day = day_of(text);
  return day != 0 || text.empty();
}

/// The same for both forms: what a first record or a row has become.
RowOutcome take_item(Items& items, Item item, bool may_be_modifier) {
  FormedCode const code = formed_code(codes::Family::hcpcs, item.code);
  if (is_level_1(code.view())) {
    items.end();
    return row_skipped;
  }
  if (!code.is_good() && !(may_be_modifier && is_modifier(code.view())))
    return bad_row("no code of HCPCS level II");
  if (item.long_title.empty() && item.short_title.empty()) return bad_row("without a title");
  item.code = code.view();
  items.begin(std::move(item));
  return row_loaded;
}

/// Year and month of "HCPC2024_JUL_ANWEB.txt": of several files the newest is loaded, which has the
/// codes that have ended too.
std::uint32_t quarter_of(std::string_view name) {
  std::uint32_t month = 1;
  if (matches_pattern(name, "*apr*")) month = 4;
  if (matches_pattern(name, "*jul*")) month = 7;
  if (matches_pattern(name, "*oct*")) month = 10;
  return year_in(name) * 100 + month;
}

char separator_of(std::string_view header) {
  char best = ',';
  for (char const c : {',', ';', '\t'})
    if (std::count(header.begin(), header.end(), c) >
        std::count(header.begin(), header.end(), best))
      best = c;
  return best;
}

Status read_records(codes::StoreBuilder& builder, ReleaseText& file) {
  Items items(builder, year_in(plain_name(file.name)));
  auto const read = take_lines(file, [&](std::string_view line) {
    std::string_view const record = in_columns(line, 11, 11);
    if (line.size() < 12 || record.find_first_of("3478") != 0)
      return bad_row("not in the columns of a contractor record");
    std::string_view const code = in_columns(line, 1, 5);
    std::string_view const title = in_columns(line, 12, 91);
    if (record == "4" || record == "8") {
      if (is_level_1(code)) return row_skipped;
      return items.continue_title(code, title) ? row_loaded
                                               : bad_row("continues another code's title");
    }
    Item item;
    item.code = code;
    item.long_title = title;
    item.short_title = in_columns(line, 92, 119);
    bool const has_days = read_day(in_columns(line, 269, 276), item.added) &&
                          read_day(in_columns(line, 285, 292), item.last_day);
    if (!has_days || line.size() < 284) return bad_row("without its days");
    for (std::size_t column = 205; column < 230; column += 5)
      add_instead(item, in_columns(line, column, column + 4));
    return take_item(items, std::move(item), record == "7");
  });
  if (read) items.end();
  return read;
}

Status read_table(codes::StoreBuilder& builder, ReleaseText& file) {
  codes::Dialect dialect;
  dialect.separator = separator_of(file.text.substr(0, file.text.find('\n')));
  codes::DelimitedTable table(file.text, dialect);
  auto const code = table.column({"HCPC", "HCPCS", "HCPCS Code", "code"});
  auto const record = table.column({"RECID"});
  auto const long_title = table.column({"LONG DESCRIPTION", "description"});
  auto const short_title = table.column({"SHORT DESCRIPTION"});
  auto const added = table.column({"ADD DT", "ADD DATE"});
  auto const last_day = table.column({"TERM DT", "TERM DATE"});
  std::array<std::optional<std::size_t>, 5> const instead = {
      table.column({"XREF1"}), table.column({"XREF2"}), table.column({"XREF3"}),
      table.column({"XREF4"}), table.column({"XREF5"})};
  if (!code || !long_title)
    return file.refuse("has no columns HCPC and LONG DESCRIPTION, and is no contractor record");
  Items items(builder, year_in(plain_name(file.name)));
  auto const read = take_rows(file, table, [&] {
    std::string_view const kind = table.field(record);
    if (kind == "4" || kind == "8") {
      if (is_level_1(table.field(code))) return row_skipped;
      return items.continue_title(table.field(code), table.field(long_title))
                 ? row_loaded
                 : bad_row("continues another code's title");
    }
    Item item;
    item.code = table.field(code);
    item.long_title = table.field(long_title);
    item.short_title = table.field(short_title);
    if (!read_day(table.field(added), item.added) ||
        !read_day(table.field(last_day), item.last_day))
      return bad_row("a day is not written as yyyymmdd");
    for (auto const column : instead) add_instead(item, table.field(column));
    return take_item(items, std::move(item), true);
  });
  if (read) items.end();
  return read;
}

}  // namespace

Status read_hcpcs(codes::StoreBuilder& builder, ReleaseText& file) {
  std::string_view const sequence = file.text.substr(std::min<std::size_t>(5, file.text.size()), 5);
  bool const is_record = sequence.size() == 5 && std::all_of(sequence.begin(), sequence.end(),
                                                             [](char c) { return is_digit(c); });
  return is_record ? read_records(builder, file) : read_table(builder, file);
}

Status load_hcpcs(codes::StoreBuilder& builder, const Release& release) {
  auto files = matching_files(release, {"HCPC*ANWEB*.txt"});
  if (files.empty()) files = matching_files(release, {"HCPC*ANWEB*.csv"});
  if (files.empty())
    files = matching_files(release, {"*hcpc*.csv", "*hcpc*.txt"},
                           {"*layout*", "*trans*", "*readme*", "*note*", "*correction*"});
  if (files.empty() && release.files().size() == 1) files = release.files();
  if (files.empty()) return none_found(release, "HCPC*ANWEB*.txt or .csv");
  std::stable_sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
    return quarter_of(plain_name(a)) < quarter_of(plain_name(b));
  });
  return read_release_file(builder, release, files.back(), "HCPCS level II",
                           Encoding::utf8_or_windows_1252, read_hcpcs);
}

}  // namespace hl7flow::adapters
