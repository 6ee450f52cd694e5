#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/adapters/codes/release.h>
#include <hl7flow/parsers/codes/code_form.h>
#include <hl7flow/parsers/codes/delimited.h>

// What loaders share: the text of one file of a release, the counting of its rows, and when a file
// is refused. Not thread-safe.
namespace hl7flow::adapters {

/// One file on its way into a builder. The text outlives the reading of it.
struct ReleaseText {
  std::string_view text;
  std::string name;   // within the release
  std::string place;  // for messages: the path as given, with the file
  codes::LoadReport report;
  const Release* release = nullptr;  // hears of progress, if it is there

  void advance(std::size_t consumed) const {
    if (release != nullptr) release->advance(name, consumed, text.size());
  }
  tl::unexpected<Failure> refuse(std::string_view why) const {
    return fail(ErrorCode::bad_store, place + ' ' + std::string(why));
  }
};

/// What became of a row. A reason says what is wrong with it, not what stands in it.
struct RowOutcome {
  enum class Kind : std::uint8_t { loaded, skipped, bad } kind = Kind::loaded;
  std::string_view why;
};
inline constexpr RowOutcome row_loaded{};
inline constexpr RowOutcome row_skipped{RowOutcome::Kind::skipped, {}};
constexpr RowOutcome bad_row(std::string_view why) { return {RowOutcome::Kind::bad, why}; }

/// Takes the rows of a table one by one and counts them. Failures: bad_store if the text ends in
/// the middle of a row.
Status take_rows(ReleaseText& file, codes::DelimitedTable& table,
                 const std::function<RowOutcome()>& take);
/// The same for lines without columns; `take` sees each line that is not blank, without its end.
Status take_lines(ReleaseText& file, const std::function<RowOutcome(std::string_view)>& take);

/// Titles that CMS publishes may be in Windows-1252; everything else is UTF-8.
enum class Encoding : std::uint8_t { utf8, utf8_or_windows_1252 };
using ReadText = std::function<Status(codes::StoreBuilder&, ReleaseText&)>;

/// Reads a text into the builder and reports what was read. Failures: bad_store for a text of
/// another encoding, without any row that is used, or where more than one row of a hundred, and
/// more than ten, are bad; and what `read` fails with.
Status read_release_text(codes::StoreBuilder& builder, ReleaseText file, Encoding encoding,
                         const ReadText& read);
/// The same for a file of a release. `kind` is what the report calls it: "LOINC terms".
Status read_release_file(codes::StoreBuilder& builder, const Release& release,
                         const std::string& file, std::string_view kind, Encoding encoding,
                         const ReadText& read);

/// The file's name without folders and without .gz, .zst or .xz.
std::string_view plain_name(std::string_view file) noexcept;
/// All files whose name matches one of the patterns and none of the others, in order of name.
std::vector<std::string> matching_files(const Release& release,
                                        std::initializer_list<std::string_view> patterns,
                                        std::initializer_list<std::string_view> not_these = {});
/// not_found: the release has none of the files that were looked for.
tl::unexpected<Failure> none_found(const Release& release, std::string_view looked_for);

/// The first number of four digits from 1990 to 2099 in a file's name, or 0.
std::uint32_t year_in(std::string_view name) noexcept;
/// yyyymmdd of eight digits that are a day, or 0.
std::uint32_t day_of(std::string_view text) noexcept;

/// The characters of a line from one column to another, counted from 1 and both included, without
/// blanks around them. A line of ASCII is cut by bytes, another by characters.
std::string_view in_columns(std::string_view line, std::size_t first, std::size_t last) noexcept;

/// A code brought to its family's form, and whether codes of the family look like that.
struct FormedCode {
  codes::CodeText text;
  codes::Form form = codes::Form::bad_form;
  std::string_view view() const noexcept { return text.view(); }
  bool is_good() const noexcept { return form == codes::Form::good; }
};
FormedCode formed_code(codes::Family family, std::string_view text) noexcept;

/// The parts of a list that are not blank, without blanks around them.
std::vector<std::string_view> parts_of(std::string_view text, char separator);

}  // namespace hl7flow::adapters
