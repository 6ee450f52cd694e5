#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <hl7flow/parsers/buffer.h>
#include <hl7flow/parsers/charset.h>

// ISO 2022: escape sequences that say which characters the bytes 0x21-0x7E (left) and 0xA1-0xFE
// (right) stand for. Japanese messages hold them as control characters (MSH-18 ISO IR87, ISO
// IR159); HL7's own \Cxxyy\ and \Mxxyyzz\ spell the same sequences in hexadecimal (HL7 v2.9.1 2.6).
namespace hl7flow::iso_2022 {

/// JIS X 0201 romaji counts as ascii: its yen sign and overline stand where HL7 has delimiters.
enum class GraphicSet : std::uint8_t {
  ascii,
  kana,  // JIS X 0201 katakana
  jis_x_0208,
  jis_x_0212,
  gb_2312,
  ks_x_1001,
  upper_half,  // of an ISO 8859 set
};

/// One escape sequence, without its ESC.
struct Designation {
  GraphicSet set = GraphicSet::ascii;
  bool right = false;                  // designates the right half
  Charset upper_half = Charset::utf8;  // which one, if set is upper_half
  std::uint8_t length = 0;             // bytes after the ESC
};

/// Reads the designation that `text` begins with, the bytes after an ESC: "(B", "$B", "$(D", "-A".
std::optional<Designation> read_designation(std::string_view text) noexcept;

/// What the two halves stand for. The default is what a segment begins with.
struct State {
  Designation left;
  Designation right{GraphicSet::kana, true, Charset::utf8, 0};
};

/// Appends `bytes` to `out` as UTF-8, following escape sequences. CR and LF return to the default
/// state (ISO 2022 allows no designation to outlive a segment). Result and errors as to_utf8().
Result<std::size_t> append(std::string_view bytes, State state, CharsetPolicy::OnError on_error,
                           Buffer<char>& out);

}  // namespace hl7flow::iso_2022
