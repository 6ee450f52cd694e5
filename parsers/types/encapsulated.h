#pragma once

#include <hl7flow/parsers/types/identifier.h>

namespace hl7flow::types {

/// ED: a document or picture inside a message. Read in this order: these parts, then the escapes of
/// `data`, then its encoding. `data` is as sent and may be many megabytes; nothing is copied.
struct Ed {
  /// Table 0299.
  enum class Encoding : std::uint8_t {
    none,  // "A", also "ASCII" and nothing at all: text
    hex,
    base64,
    unknown
  };
  Hd source;
  FieldView type;     // "TEXT", "IM", "AP", "application"; table 0191
  FieldView subtype;  // "PDF", "JPEG"; table 0291
  FieldView encoding_name;
  FieldView data;
  Encoding encoding = Encoding::none;

  /// True if `data` is a whole MIME package ("multipart"), whose parts name encodings of their own:
  /// by the standard such data has encoding "A".
  bool is_mime_package() const noexcept;
};

/// Reads an ED. Senders leave parts out: "^PDF^Base64^…" without a subtype, "TEXT^XML^Base64^…"
/// without a source, "PDF^Base64^…" without both. They are told by "Base64" or "Hex" standing
/// before its place.
Ed read_ed(const FieldView& value, Depth depth = Depth::field) noexcept;

/// RP: where such data is, instead of the data.
struct Rp {
  FieldView pointer;  // a URL or a local key
  Hd application;
  FieldView type;
  FieldView subtype;
};
Rp read_rp(const FieldView& value, Depth depth = Depth::field) noexcept;

}  // namespace hl7flow::types
