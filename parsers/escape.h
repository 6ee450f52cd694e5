#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <hl7flow/parsers/buffer.h>
#include <hl7flow/parsers/charset.h>
#include <hl7flow/parsers/delimiters.h>
#include <hl7flow/parsers/error.h>

// Escape sequences of HL7 v2.9.1 2.6 (2.7 in older chapters), between the declared escape
// characters. A value is unescaped after it is split, and once: what an escape yields is never read
// again.
//
//   \F\ \S\ \T\ \R\ \E\   the delimiters; \T\ is & where no subcomponent separator is declared
//   \P\                   the truncation character, if one is declared
//   \H\ \N\               highlighting: dropped
//   \Xdd..\               bytes in the message's character set; adjacent sequences are joined
//   first,
//                         so that a character may be spread over them. Line breaks of any spelling
//                         (0D, 0A, 0D0A, 000D) become LF. In UTF-16 and UTF-32 messages: UTF-8
//   \.br\ \.sp<n>\        LF, n times LF; a component separator before \.sp\ is dropped (old form)
//   \.ce\                 LF, unless the text begins here
//   \.sk<n>\              n blanks
//   \.in<n>\ \.ti<n>\ \.fi\ \.nf\   layout that plain text has not: dropped
//   \Cxxyy\ \Mxxyyzz\     character set switches, up to the next switch or the end of the value
//   \Zdd..\               local: stays as sent
//
// After a switch, ASCII characters, delimiter sequences and \X..\ are bytes of the new set (pairs
// of them in \M2442\, JIS X 0208). Characters above ASCII were decoded in the message's set before
// they got here: where that is a single-byte set they are taken back to bytes and read anew; in
// other sets they stay.
namespace hl7flow {

/// What happens to sequences that are unknown, malformed or do not end, and to lone escape
/// characters.
enum class EscapePolicy : std::uint8_t {
  decode,  // they stay as sent, and are counted
  keep,    // nothing is decoded at all: the text stays as sent
  error,   // bad_escape; bytes of \Xdd..\ that do not decode are bad_charset
};

/// n of \.sp<n>\ and \.sk<n>\ may not be larger: such a sequence is malformed.
inline constexpr unsigned format_count_max = 200;

struct EscapeCounts {
  std::uint32_t unknown = 0;      // sequences and lone escape characters that stay as sent
  std::uint32_t undecodable = 0;  // U+FFFD that stand for bytes of \Xdd..\ or of switched text

  EscapeCounts& operator+=(const EscapeCounts& more) noexcept {
    unknown += more.unknown;
    undecodable += more.undecodable;
    return *this;
  }
};

/// True if `raw` has an escape character, so that its text may differ.
inline bool has_escape(std::string_view raw, const Delimiters& delimiters) noexcept {
  return delimiters.escape != '\0' && !raw.empty() &&
         std::memchr(raw.data(), delimiters.escape, raw.size()) != nullptr;
}

/// Appends the text of `raw`, a value in UTF-8 that is no part of `out`, to `out`.
/// `message_charset` is that of the message as received (MessageEntry::charset). Errors:
/// bad_escape, bad_charset, with the offset in `raw`; `out` then holds what came before.
/// Thread-safe.
Result<EscapeCounts> append_unescaped(std::string_view raw, const Delimiters& delimiters,
                                      Charset message_charset, EscapePolicy policy,
                                      Buffer<char>& out);

/// Appends text as a value may hold it: delimiters and the escape character as sequences, line
/// breaks as \.br\. Where no escape character is declared they become blanks. Thread-safe.
void append_escaped(std::string_view text, const Delimiters& delimiters, std::string& out);

/// The text of `raw`: `raw` itself if nothing is escaped, else a view of `scratch`, which is
/// cleared first; so the text dies with `raw` and at the next call with the same scratch. Adds to
/// `counts` if there are any. Otherwise as append_unescaped().
inline Result<std::string_view> unescape(std::string_view raw, const Delimiters& delimiters,
                                         Charset message_charset, EscapePolicy policy,
                                         Buffer<char>& scratch, EscapeCounts* counts = nullptr) {
  if (policy == EscapePolicy::keep || !has_escape(raw, delimiters)) return raw;
  scratch.clear();
  auto const found = append_unescaped(raw, delimiters, message_charset, policy, scratch);
  if (!found) return tl::unexpected<Error>(found.error());
  if (counts != nullptr) *counts += *found;
  return std::string_view(scratch.data(), scratch.size());
}

/// Appends `text` to `out` so that unescape() gives it back: delimiters as \F\ and so on, the
/// control characters that end segments or frames (CR, LF, VT, FS) as \X0D\ and so on. A CR comes
/// back as LF, for both mean a line break. Without a declared escape character such characters
/// cannot be expressed: each becomes a blank, and the result is how many did. Thread-safe.
std::size_t escape(std::string_view text, const Delimiters& delimiters, Buffer<char>& out);

}  // namespace hl7flow
