#pragma once

#include <cstddef>
#include <string_view>

#include <hl7flow/parsers/buffer.h>
#include <hl7flow/parsers/error.h>

// Base64 of ED values (HL7 v2.9.1 2A.2.24, RFC 4648 section 4), after they are unescaped.
// Thread-safe.
namespace hl7flow {

/// Appends the bytes of `text` to `out` and returns how many there are. Blanks, tabs and line
/// breaks may stand anywhere; padding may be missing, in part or whole; unused bits of the last
/// character are ignored. Error: bad_base64 at the first character that is none of Base64, that
/// follows padding, or at the end of a text that stops after one character of four; `out` then is
/// as it was.
Result<std::size_t> decode_base64(std::string_view text, Buffer<char>& out);

/// Appends `bytes` to `out` as Base64, padded, without line breaks.
void encode_base64(std::string_view bytes, Buffer<char>& out);

}  // namespace hl7flow
