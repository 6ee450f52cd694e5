#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <hl7flow/parsers/buffer.h>
#include <hl7flow/parsers/error.h>

namespace hl7flow {

// Character sets of messages: MSH-18 (HL7 v2.9.1 2.13.9.18, table 0211) and the bytes themselves.
// Everything here is thread-safe.

/// Character sets of HL7 table 0211 and what practice adds. windows_1252 stands for ISO 8859-1 too:
/// it is a superset in all that text uses, and what senders mean.
enum class Charset : std::uint8_t {
  utf8,  // and US-ASCII, its subset
  windows_1252,
  iso_8859_2,
  iso_8859_3,
  iso_8859_4,
  iso_8859_5,
  iso_8859_6,
  iso_8859_7,
  iso_8859_8,
  iso_8859_9,
  iso_8859_15,
  jis_x_0201,   // ISO IR14: katakana above ASCII; 0x5C and 0x7E stay \ and ~, no yen and overline
  iso_2022_jp,  // ISO IR87 and ISO IR159 by ISO 2022 escapes
  shift_jis,
  euc_jp,
  gb_18030,
  euc_kr,  // with the CP949 additions; shift_jis likewise with those of CP932
  euc_tw,
  big5,
  utf_16,  // only by byte order mark or NUL sniffing: withdrawn from HL7 2.9
  utf_32,
  unknown,
};

/// The name users write and read: "utf-8", "windows-1252", "iso-2022-jp".
std::string_view name(Charset charset) noexcept;

/// MSH-18's first repetition, or a user's spelling, to a character set: case, blanks, dots, hyphens
/// and underscores do not matter ("8859/1", "ISO IR87", "ISOIR87", "UNICODE UTF-8", "UTF-8").
/// Empty and ASCII are utf8. `unknown` for anything else.
Charset charset_from_name(std::string_view name) noexcept;

/// MSH-18 whole ("~ISO IR87", "ISO IR6~ISO IR87", "UNICODE UTF-8") to the set that decodes the
/// message: the first repetition that names more than ASCII, but iso_2022_jp if JIS X 0201 is
/// followed by it. An unknown name counts only in the first repetition: the later ones are
/// alternates.
Charset charset_of_message(std::string_view msh_18, char repetition_separator) noexcept;

/// True if `bytes` of this set and their UTF-8 are the same bytes, so that to_utf8() would only
/// copy.
bool reads_as_utf8(std::string_view bytes, Charset charset) noexcept;

/// True if bytes of this set that are not ASCII characters may equal ASCII delimiters or letters,
/// so that text must become UTF-8 before it is scanned.
bool needs_transcoding_before_scan(Charset charset) noexcept;

/// How a message's character set is decided.
struct CharsetPolicy {
  enum class Source : std::uint8_t {
    automatic,  // MSH-18, unless the bytes contradict it: see choose_charset()
    declared,   // MSH-18 alone
    fixed       // always `fixed`
  };
  enum class OnError : std::uint8_t {
    replace,  // undecodable bytes become U+FFFD; counted
    error     // the message is rejected: bad_charset or unknown_charset
  };
  Source source = Source::automatic;
  OnError on_error = OnError::replace;
  Charset fixed = Charset::utf8;
  Charset fallback =
      Charset::windows_1252;  // for non-ASCII bytes that are neither declared nor UTF-8
};

/// True if all of `text` is valid UTF-8.
bool is_utf8(std::string_view text) noexcept;
/// True if all of `text` is ASCII.
bool is_ascii(std::string_view text) noexcept;

/// The set to decode a message with, by policy. `text` is the whole message, `msh_18` its field.
/// `automatic` believes, in this order: a byte order mark or NUL bytes (UTF-16, UTF-32); text that
/// is valid UTF-8 beyond ASCII, except that characters of two bytes alone do not outvote a declared
/// East Asian set, whose pairs may look like them; the declared set; JIS designations (ESC $ B)
/// where nothing is declared; UTF-8 if most of the text is that, a cut character aside;
/// policy.fallback. A declared UTF-16 or UTF-32 without NUL bytes counts as UTF-8 in every policy
/// but `fixed`. With OnError::error an unknown name is unknown_charset, its offset that of `msh_18`
/// if it is part of `text`, and text that MSH-18 wrongly declares to be UTF-8 stays utf8, for
/// to_utf8() to refuse.
Result<Charset> choose_charset(std::string_view text, std::string_view msh_18,
                               char repetition_separator, const CharsetPolicy& policy) noexcept;

/// Appends `bytes` of `charset` to `out` as UTF-8; `unknown` is read as utf8. Undecodable bytes
/// become one U+FFFD each (a pair or UTF-16 unit that is whole but unassigned, one) and are counted
/// in the result, or with OnError::error end the call with bad_charset at their offset. Delimiters
/// and terminators after a broken character survive. A byte order mark of UTF-16 and UTF-32 is
/// dropped. unknown_charset, whatever on_error says, if the C library of this machine lacks the
/// set. Thread-safe; keeps one iconv handle or table per thread and set.
Result<std::size_t> to_utf8(std::string_view bytes, Charset charset,
                            CharsetPolicy::OnError on_error, Buffer<char>& out);

/// Where in `bytes` of `charset` the character begins, or a shift before it, that stands at
/// `offset` of their UTF-8: for the place of an error in what was received. Decodes the text
/// several times; thread-safe.
std::size_t offset_before_utf8(std::string_view bytes, Charset charset, std::size_t offset);

}  // namespace hl7flow
