#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <hl7flow/parsers/error.h>

// Points in time, HL7 v2.9.1 chapter 2A: DTM (and TS, its older form), DT and TM.
//
//   DTM = YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]
//   DT  = YYYY[MM[DD]]
//   TM  = HH[MM[SS[.S[S[S[S]]]]]][+/-ZZZZ]
//
// The calendar is strict: 00 as month or day, 29 February of a common year, hour 24 and second 60
// are errors, and so are ISO 8601 forms ("2024-01-31T10:00"), blanks and the year 0000. A zone lies
// between -1400 and +1400. The standard allows four fraction digits; up to nine are accepted, for
// real senders give as many, and what is finer than a microsecond is cut off, never rounded up, so
// that a value stays within its second. Thread-safe; nothing here allocates.
namespace hl7flow {

/// The finest part that was given. HL7 says it by the number of digits; the second component of a
/// TS ("degree of precision", withdrawn) is not looked at here.
enum class Precision : std::uint8_t { year, month, day, hour, minute, second, fraction };

/// A date with or without a time. Parts that were not given have their lowest value, so that the
/// value is the first instant of the period it names.
struct DateTime {
  std::int16_t year = 1;  // 1 to 9999
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  Precision precision = Precision::year;
  std::uint32_t micros = 0;                  // of the second
  std::optional<std::int16_t> zone_minutes;  // east of UTC; "-0500" is -300
  friend constexpr bool operator==(const DateTime&, const DateTime&) = default;
};

/// A time of day, of no particular day.
struct TimeOfDay {
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  Precision precision = Precision::hour;
  std::uint32_t micros = 0;
  std::optional<std::int16_t> zone_minutes;
  friend constexpr bool operator==(const TimeOfDay&, const TimeOfDay&) = default;
};

/// Errors of all functions below: bad_datetime; the offset counts from the start of `text` and is
/// that of the first character that does not fit, or of a part that is out of range.
Result<DateTime> parse_datetime(std::string_view text) noexcept;  // DTM; TS.1
Result<DateTime> parse_date(std::string_view text) noexcept;      // DT: neither time nor zone
Result<TimeOfDay> parse_time(std::string_view text) noexcept;     // TM

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar, year 1 to 9999.
constexpr std::int32_t days_from_civil(std::uint32_t year, std::uint32_t month,
                                       std::uint32_t day) noexcept {
  // A year that begins in March has its leap day last, and its months' starts on a straight line
  // (Neri and Schneider, "Euclidean affine functions", 2022).
  bool const early = month <= 2;
  std::uint32_t const y = year - (early ? 1 : 0);
  std::uint32_t const m = month + (early ? 12 : 0);
  std::uint32_t const century = y / 100;
  std::uint32_t const days = 1461 * y / 4 - century + century / 4 + (979 * m - 2919) / 32 + day - 1;
  return static_cast<std::int32_t>(days) - 719468;
}

/// Microseconds from 1970-01-01T00:00Z. A value without a zone is taken to be in the default one,
/// minutes east of UTC: HL7 means the zone of MSH-7.
std::int64_t to_epoch_micros(const DateTime& value, int default_offset_minutes) noexcept;

/// Days from 1970-01-01 to the date as written: a birthday does not move with the zone.
std::int32_t to_epoch_days(const DateTime& value) noexcept;

/// Microseconds since midnight, as written.
std::int64_t to_day_micros(const TimeOfDay& value) noexcept;

/// The hot path: parse_datetime and to_epoch_micros in one. Stores the precision if asked to.
Result<std::int64_t> parse_epoch_micros(std::string_view text, int default_offset_minutes,
                                        Precision* precision = nullptr) noexcept;

/// The hot path: parse_datetime and to_epoch_days in one. Takes any DTM, not only a DT, because
/// fields that were TS in older versions (PID-7) carry times.
Result<std::int32_t> parse_epoch_days(std::string_view text,
                                      Precision* precision = nullptr) noexcept;

}  // namespace hl7flow
