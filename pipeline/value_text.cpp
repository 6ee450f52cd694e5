#include <hl7flow/pipeline/value_text.h>

#include <charconv>

namespace hl7flow {
namespace {

/// Longer than any integer or double that to_chars writes.
constexpr std::size_t number_size_max = 32;

constexpr std::int64_t micros_a_second = 1'000'000;
constexpr std::int64_t micros_a_day = 86'400 * micros_a_second;

template <class Number>
void append_number(Buffer<char>& out, Number value) {
  char text[number_size_max];
  auto const end = std::to_chars(text, text + number_size_max, value).ptr;
  out.append(text, static_cast<std::size_t>(end - text));
}

/// `value` in exactly `digits` digits.
void write_digits(char* at, std::uint64_t value, int digits) {
  for (int k = digits; k-- > 0; value /= 10) at[k] = static_cast<char>('0' + value % 10);
}

struct Civil {
  std::int64_t year;
  std::uint64_t month, day;
};

/// The date of a day of the proleptic Gregorian calendar: the inverse of days_from_civil, by
/// 400-year eras whose years begin in March.
Civil civil_from_days(std::int64_t days) {
  constexpr std::int64_t days_an_era = 146'097;
  days += 719'468;  // since 0000-03-01
  std::int64_t const era = (days >= 0 ? days : days - days_an_era + 1) / days_an_era;
  auto const day_of_era = static_cast<std::uint64_t>(days - era * days_an_era);
  std::uint64_t const year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  std::uint64_t const day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  std::uint64_t const month_from_march = (5 * day_of_year + 2) / 153;
  std::uint64_t const month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

void append_integer(Buffer<char>& out, std::int64_t value) { append_number(out, value); }
void append_real(Buffer<char>& out, double value) { append_number(out, value); }

void append_date(Buffer<char>& out, std::int64_t days) {
  Civil const date = civil_from_days(days);
  char text[10] = {'0', '0', '0', '0', '-', '0', '0', '-', '0', '0'};
  write_digits(text + 5, date.month, 2);
  write_digits(text + 8, date.day, 2);
  if (date.year >= 0 && date.year <= 9999) {
    write_digits(text, static_cast<std::uint64_t>(date.year), 4);
    return out.append(text, sizeof text);
  }
  if (date.year > 0) out.push_back('+');
  append_integer(out, date.year);
  out.append(text + 4, sizeof text - 4);
}

void append_timestamp(Buffer<char>& out, std::int64_t micros, char separator) {
  std::int64_t const days = floor_divide(micros, micros_a_day);
  auto const of_day = static_cast<std::uint64_t>(micros - days * micros_a_day);
  std::uint64_t const second = of_day / micros_a_second;
  append_date(out, days);
  char text[16] = {separator, '0', '0', ':', '0', '0', ':', '0',
                   '0',       '.', '0', '0', '0', '0', '0', '0'};
  write_digits(text + 1, second / 3600, 2);
  write_digits(text + 4, second / 60 % 60, 2);
  write_digits(text + 7, second % 60, 2);
  std::size_t size = 9;
  if (std::uint64_t const fraction = of_day % micros_a_second; fraction != 0) {
    write_digits(text + 10, fraction, 6);
    size = sizeof text;
    while (text[size - 1] == '0') --size;
  }
  out.append(text, size);
}

}  // namespace hl7flow
