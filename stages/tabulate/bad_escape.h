#pragma once

#include <hl7flow/parsers/er7.h>

namespace hl7flow::stages {

/// The first escape sequence of a message that EscapePolicy::error refuses: bad_escape, or
/// bad_charset for bytes of \Xdd..\ that do not decode, with its offset in the indexed text of the
/// message; ErrorCode::none if there is none. Every value counts, whether a column reads it or not,
/// so that what is rejected does not depend on the tables. Thread-safe; `scratch` is the caller's.
Error find_bad_escape(const MessageView& message, Buffer<char>& scratch);

}  // namespace hl7flow::stages
