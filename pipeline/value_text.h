#pragma once

#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/buffer.h>

// Column values as text, for sinks that write text. Thread-safe; each appends to `out`.
namespace hl7flow {

inline void append_text(Buffer<char>& out, std::string_view text) {
  out.append(text.data(), text.size());
}

void append_integer(Buffer<char>& out, std::int64_t value);

/// The shortest text that reads back as the same double: "5.4", "1e+30". Not for NaN or infinity.
void append_real(Buffer<char>& out, double value);

/// Days since 1970-01-01 as "2024-01-31". Years outside 0000 to 9999 have a sign and as many digits
/// as they need.
void append_date(Buffer<char>& out, std::int64_t days);

/// Microseconds since 1970-01-01T00:00Z as "2024-01-31 10:00:00", with the separator given between
/// date and time, and ".5" or ".000001" behind it if there is a fraction.
void append_timestamp(Buffer<char>& out, std::int64_t micros, char separator);

}  // namespace hl7flow
