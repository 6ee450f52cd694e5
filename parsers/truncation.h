#pragma once

#include <hl7flow/parsers/er7.h>
#include <hl7flow/parsers/schema/schema.h>

namespace hl7flow {

/// True if the sender cut `value`, a value that is not split further, and said so: from v2.7 by the
/// truncation character of MSH-2 as its last character (HL7 v2.9.1 2.5.5.2). In older versions, and
/// anywhere else in a value, the character is data; a data character in the last place is escaped
/// as \P\. Thread-safe.
inline bool is_truncated(const FieldView& value, schema::Version version) noexcept {
  char const mark = value.delimiters().truncation;
  return version >= schema::Version::v2_7 && mark != '\0' && value.raw().ends_with(mark);
}

}  // namespace hl7flow
