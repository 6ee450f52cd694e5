#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Rows of delimited text: CSV (RFC 4180), the tab files of OMOP and SNOMED CT, RxNorm's RRF.
namespace hl7flow::codes {

/// How a format writes rows.
struct Dialect {
  char separator = ',';
  bool quoted = true;                // "a ""b""" stands for a "b"; else a quote is a character
  bool ends_with_separator = false;  // RRF: every field is followed by one
};
inline constexpr Dialect csv_dialect{};
inline constexpr Dialect tab_dialect{'\t', false, false};
inline constexpr Dialect rrf_dialect{'|', false, true};

/// Reads rows of a text that outlives it. Lines end with LF or CRLF, a byte order mark is skipped,
/// lines without any character are passed over. Fields are valid until the next row. Not
/// thread-safe.
class DelimitedReader {
 public:
  explicit DelimitedReader(std::string_view text, Dialect dialect = csv_dialect);

  /// False at the end of the text.
  bool next();
  const std::vector<std::string_view>& fields() const noexcept { return fields_; }
  /// Number of the line on which the row begins, from 1.
  std::uint64_t line() const noexcept { return row_line_; }
  /// The row has a quote that is never closed, or text behind a closed one, and its fields are not
  /// to be trusted.
  bool is_bad() const noexcept { return bad_; }
  /// Bytes read so far.
  std::size_t consumed() const noexcept { return next_; }

 private:
  std::string_view quoted_field();

  std::string_view text_;
  Dialect dialect_;
  std::size_t next_ = 0;
  std::uint64_t line_ = 1, row_line_ = 0;
  bool bad_ = false;
  std::vector<std::string_view> fields_;
  std::deque<std::string> unquoted_;  // fields with doubled quotes
};

/// A text whose first row names its columns.
class DelimitedTable {
 public:
  explicit DelimitedTable(std::string_view text, Dialect dialect = csv_dialect);

  /// The column of the first of these names that the header has; case, blanks and underscores do
  /// not count. nullopt if there is none.
  std::optional<std::size_t> column(std::initializer_list<std::string_view> names) const;
  bool next() { return reader_.next(); }
  /// The field of a column, without blanks around it; empty if the row is too short.
  std::string_view field(std::optional<std::size_t> column) const;
  /// The row is no row of this table: bad quotes, or fewer fields than there are columns.
  bool is_bad() const { return reader_.is_bad() || reader_.fields().size() < header_.size(); }
  std::uint64_t line() const noexcept { return reader_.line(); }
  std::size_t consumed() const noexcept { return reader_.consumed(); }
  const std::vector<std::string>& header() const noexcept { return header_; }

 private:
  DelimitedReader reader_;
  std::vector<std::string> header_;  // as written
};

/// True if the text is UTF-8 without NUL: anything else is no release file, or one of another
/// encoding.
bool is_plain_text(std::string_view text) noexcept;

}  // namespace hl7flow::codes
