#pragma once

#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/error.h>

namespace hl7flow {

/// The characters that MSH-1 and MSH-2 (FHS, BHS likewise) declare, HL7 v2.9.1 chapter 2.5.4.
/// A character that is not declared is NUL, and NUL never matches: a sender may declare only "^~".
struct Delimiters {
  char field = '|';
  char component = '^';
  char repetition = '~';
  char escape = '\\';
  char subcomponent = '&';
  char truncation = '\0';  // from v2.7; means something only as the last character of a value
  friend constexpr bool operator==(const Delimiters&, const Delimiters&) = default;
};

/// Reads the delimiters at the start of a header segment ("MSH|^~\&|..."; FHS and BHS likewise).
/// A doubled backslash (^~\\&), as exports for Java and JSON leave it, is taken for one.
/// `text` may be longer than the segment. Errors: header_truncated, bad_delimiters; the offset is
/// that of the offending character.
Result<Delimiters> read_delimiters(std::string_view text) noexcept;

/// True for what may be a delimiter: printable ASCII that is neither a letter, a digit nor space.
constexpr bool may_delimit(char c) noexcept {
  return (c > ' ' && c < '0') || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') ||
         (c > 'z' && c < '\x7f');
}

}  // namespace hl7flow
