#include <hl7flow/adapters/codes/release_text.h>

#include <algorithm>

#include <hl7flow/parsers/charset.h>
#include <hl7flow/parsers/utf8.h>

namespace hl7flow::adapters {

namespace {

constexpr std::uint64_t rows_between_progress = 4096;
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::uint32_t number(std::string_view digits) {
  std::uint32_t value = 0;
  for (char const c : digits) value = value * 10 + static_cast<std::uint32_t>(c - '0');
  return value;
}

void count(codes::LoadReport& report, RowOutcome outcome, std::uint64_t line) {
  ++report.rows_read;
  if (outcome.kind == RowOutcome::Kind::loaded)
    ++report.rows_loaded;
  else if (outcome.kind == RowOutcome::Kind::skipped)
    ++report.rows_skipped;
  else
    report.bad(line, outcome.why);
}

Status whole(const ReleaseText& file, bool last_is_bad) {
  if (!last_is_bad || file.text.ends_with('\n')) return {};
  return file.refuse("is cut off in the middle of a row");
}

/// Windows-1252 as publishers write it: a text with few characters beyond ASCII, all of which the
/// set has, and no control characters.
bool looks_like_windows_1252(std::string_view text) {
  std::size_t beyond_ascii = 0;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') return false;
    // 0x81, 0x8D, 0x8F, 0x90 and 0x9D stand for nothing.
    if (byte == 0x7F || byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 ||
        byte == 0x9D)
      return false;
    if (byte >= 0x80) ++beyond_ascii;
  }
  return beyond_ascii * 20 <= text.size();
}

Status judge(const ReleaseText& file) {
  codes::LoadReport const& report = file.report;
  bool const too_many_bad = report.rows_bad > 10 && report.rows_bad * 100 > report.rows_read;
  if (report.rows_loaded > 0 && !too_many_bad) return {};
  std::string why = report.rows_loaded == 0
                        ? "has no row that could be used"
                        : "has " + std::to_string(report.rows_bad) + " bad rows of " +
                              std::to_string(report.rows_read);
  if (!report.first_problem.empty()) why += "; the first is " + report.first_problem;
  return file.refuse(why);
}

}  // namespace

Status take_rows(ReleaseText& file, codes::DelimitedTable& table,
                 const std::function<RowOutcome()>& take) {
  bool last_is_bad = false;
  while (table.next()) {
    last_is_bad = table.is_bad();
    count(file.report, last_is_bad ? bad_row("quotes or number of fields") : take(), table.line());
    if (file.report.rows_read % rows_between_progress == 0) file.advance(table.consumed());
  }
  return whole(file, last_is_bad);
}

Status take_lines(ReleaseText& file, const std::function<RowOutcome(std::string_view)>& take) {
  bool last_is_bad = false;
  std::uint64_t number = 0;
  for (std::size_t next = 0; next < file.text.size();) {
    std::size_t const end = std::min(file.text.find('\n', next), file.text.size());
    std::string_view line = file.text.substr(next, end - next);
    if (number++ == 0 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    if (line.ends_with('\r')) line.remove_suffix(1);
    next = end + 1;
    // Some published files end in a DOS end-of-file mark.
    if (line.find_first_not_of(" \t\x1a") == std::string_view::npos) continue;
    RowOutcome const outcome = take(line);
    last_is_bad = outcome.kind == RowOutcome::Kind::bad;
    count(file.report, outcome, number);
    if (file.report.rows_read % rows_between_progress == 0) file.advance(next);
  }
  return whole(file, last_is_bad);
}

Status read_release_text(codes::StoreBuilder& builder, ReleaseText file, Encoding encoding,
                         const ReadText& read) {
  Buffer<char> decoded;
  if (!codes::is_plain_text(file.text)) {
    if (encoding != Encoding::utf8_or_windows_1252 || !looks_like_windows_1252(file.text))
      return file.refuse("is no text in UTF-8");
    auto const done =
        to_utf8(file.text, Charset::windows_1252, CharsetPolicy::OnError::error, decoded);
    if (!done) return file.refuse("is text neither in UTF-8 nor in Windows-1252");
    file.text = {decoded.data(), decoded.size()};
  }
  file.report.file = file.name;
  if (auto done = read(builder, file); !done) return done;
  if (auto done = judge(file); !done) return done;
  file.advance(file.text.size());
  builder.report(std::move(file.report));
  return {};
}

Status read_release_file(codes::StoreBuilder& builder, const Release& release,
                         const std::string& file, std::string_view kind, Encoding encoding,
                         const ReadText& read) {
  auto const bytes = release.read(file);
  if (!bytes) return tl::unexpected<Failure>(bytes.error());
  ReleaseText text;
  text.text = *bytes;
  text.name = file;
  text.place = release.describe(file);
  text.report.kind = kind;
  text.release = &release;
  return read_release_text(builder, std::move(text), encoding, read);
}

std::string_view plain_name(std::string_view file) noexcept {
  std::string_view name = file.substr(file.rfind('/') + 1);
  for (std::string_view const ending : {".gz", ".zst", ".xz"})
    if (name.size() > ending.size() && name.ends_with(ending)) name.remove_suffix(ending.size());
  return name;
}

std::vector<std::string> matching_files(const Release& release,
                                        std::initializer_list<std::string_view> patterns,
                                        std::initializer_list<std::string_view> not_these) {
  std::vector<std::string> files;
  for (std::string const& file : release.files()) {
    auto const matches = [&](std::string_view pattern) {
      return matches_pattern(plain_name(file), pattern);
    };
    if (std::any_of(patterns.begin(), patterns.end(), matches) &&
        std::none_of(not_these.begin(), not_these.end(), matches))
      files.push_back(file);
  }
  return files;
}

tl::unexpected<Failure> none_found(const Release& release, std::string_view looked_for) {
  return fail(ErrorCode::not_found,
              "there is no " + std::string(looked_for) + " in " + release.describe(""));
}

std::uint32_t year_in(std::string_view name) noexcept {
  for (std::size_t begin = 0; begin < name.size();) {
    std::size_t end = begin;
    while (end < name.size() && is_digit(name[end])) ++end;
    if (end - begin == 4) {
      std::uint32_t const year = number(name.substr(begin, 4));
      if (year >= 1990 && year <= 2099) return year;
    }
    begin = std::max(end, begin + 1);
  }
  return 0;
}

std::uint32_t day_of(std::string_view text) noexcept {
  if (text.size() != 8 || !std::all_of(text.begin(), text.end(), is_digit)) return 0;
  std::uint32_t const day = number(text);
  std::uint32_t const month = day / 100 % 100;
  bool const is_day =
      day / 10000 > 0 && month >= 1 && month <= 12 && day % 100 >= 1 && day % 100 <= 31;
  return is_day ? day : 0;
}

std::string_view in_columns(std::string_view line, std::size_t first, std::size_t last) noexcept {
  std::size_t begin = first - 1, end = last;
  if (!is_ascii(line)) {
    begin = end = line.size();
    std::size_t column = 1;
    for (std::size_t at = 0; at < line.size(); ++column) {
      if (column == first) begin = at;
      at += std::max<std::size_t>(1, utf8_length(line.substr(at)));
      if (column == last) {
        end = at;
        break;
      }
    }
  }
  if (begin >= line.size()) return {};
  return trimmed(line.substr(begin, end - begin));
}

FormedCode formed_code(codes::Family family, std::string_view text) noexcept {
  FormedCode code;
  if (codes::normal_form(family, text, code.text))
    code.form = codes::check_form(family, code.text.view());
  return code;
}

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    std::size_t const end = std::min(text.find(separator), text.size());
    std::string_view const part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace hl7flow::adapters
