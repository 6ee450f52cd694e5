#pragma once

#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/error.h>

// Numbers, HL7 v2.9.1 chapter 2A: NM (an optional sign, digits, an optional point) and SI.
//
// Accepted beyond the standard: a point without digits on one side (".5", "5."), more than 16
// characters, and blanks around the number, which fixed-width senders leave. Not accepted, as by
// the standard: exponents, thousands separators, comparators ("<10" belongs in an SN), "inf" and
// "nan". Leading zeros do not count. Numbers do not depend on the locale. Thread-safe, no
// allocation.
//
// Errors: bad_number, at the first character that does not fit (the end, if digits are missing);
// value_out_of_range, at the start of the number. Offsets count from the start of `text`.
namespace hl7flow {

/// A number exactly as sent: unscaled / 10^scale. Zeros at the end of the fraction say how
/// precisely something was measured, so "1.00" is 100 with scale 2.
struct Decimal {
  std::int64_t unscaled = 0;
  std::int8_t scale = 0;  // 0 to 18
  friend constexpr bool operator==(Decimal, Decimal) = default;
};

/// NM to the nearest double. What is too small to represent is zero; over 1.8e308 is out of range.
Result<double> parse_double(std::string_view text) noexcept;

/// SI, or an NM that is a whole number: a fraction of zeros is let pass ("12.00" is 12).
Result<std::int64_t> parse_integer(std::string_view text) noexcept;

/// NM without loss; out of range if digits do not fit 64 bits or the fraction has more than 18.
Result<Decimal> parse_decimal(std::string_view text) noexcept;

}  // namespace hl7flow
