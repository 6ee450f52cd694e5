#pragma once

#include <hl7flow/adapters/file/byte_reader.h>

namespace hl7flow::adapters {

/// A stream of UTF-16 or UTF-32 as UTF-8, and any other stream as it is. Framing looks for bytes,
/// so this must come before it; all other character sets are the parser's. Recognised by the byte
/// order mark, which stays as UTF-8's, or by the NUL bytes around a first ASCII character. What is
/// no character becomes U+FFFD.
Result<std::unique_ptr<ByteReader>, Failure> as_utf8(std::unique_ptr<PeekReader> stream);

}  // namespace hl7flow::adapters
