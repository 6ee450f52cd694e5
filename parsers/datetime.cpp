#include <hl7flow/parsers/datetime.h>

#include <bit>
#include <cstring>

namespace hl7flow {
namespace {

constexpr std::size_t fraction_digits_max = 9;
constexpr std::size_t fraction_digits_kept = 6;
constexpr int zone_hours_max = 14;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// `century` and `year` are the upper and lower two digits of a year.
constexpr bool is_leap(std::uint32_t century, std::uint32_t year) noexcept {
  return ((year != 0 ? year : century) & 3) == 0;
}

constexpr std::uint32_t days_in_month(std::uint32_t month, bool leap) noexcept {
  if (month == 2) return leap ? 29 : 28;
  return 30 | (month ^ month >> 3);
}

/// The grammar, character by character: what is not among the common forms, and every error.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }

  bool date(DateTime& out) {
    std::uint8_t century = 0;
    std::uint8_t year = 0;
    if (!two_digits(0, 99, century) || !two_digits(0, 99, year)) return false;
    if (century == 0 && year == 0) return fail_at(0);
    out.year = static_cast<std::int16_t>(century * 100 + year);
    if (!digit_follows()) return true;
    if (!two_digits(1, 12, out.month)) return false;
    out.precision = Precision::month;
    if (!digit_follows()) return true;
    if (!two_digits(1, days_in_month(out.month, is_leap(century, year)), out.day)) return false;
    out.precision = Precision::day;
    return true;
  }

  template <class Value>
  bool time(Value& out) {
    if (!two_digits(0, 23, out.hour)) return false;
    out.precision = Precision::hour;
    if (!digit_follows()) return true;
    if (!two_digits(0, 59, out.minute)) return false;
    out.precision = Precision::minute;
    if (!digit_follows()) return true;
    if (!two_digits(0, 59, out.second)) return false;
    out.precision = Precision::second;
    if (at_end() || text_[at_] != '.') return true;
    ++at_;
    if (!fraction(out.micros)) return false;
    out.precision = Precision::fraction;
    return true;
  }

  bool zone(std::optional<std::int16_t>& out) {
    if (at_end() || (text_[at_] != '+' && text_[at_] != '-')) return true;
    bool const west = text_[at_++] == '-';
    std::uint8_t hours = 0;
    std::uint8_t minutes = 0;
    if (!two_digits(0, zone_hours_max, hours)) return false;
    if (!two_digits(0, hours == zone_hours_max ? 0 : 59, minutes)) return false;
    int const offset = hours * 60 + minutes;
    out = static_cast<std::int16_t>(west ? -offset : offset);
    return true;
  }

  bool digit_follows() const { return !at_end() && is_digit(text_[at_]); }

 private:
  bool fail_at(std::size_t at) {
    at_ = at;
    return false;
  }

  bool two_digits(std::uint32_t lowest, std::uint32_t highest, std::uint8_t& out) {
    std::size_t const begin = at_;
    std::uint32_t value = 0;
    for (; at_ < begin + 2; ++at_) {
      if (!digit_follows()) return false;
      value = value * 10 + static_cast<std::uint32_t>(text_[at_] - '0');
    }
    out = static_cast<std::uint8_t>(value);
    return (value >= lowest && value <= highest) || fail_at(begin);
  }

  bool fraction(std::uint32_t& micros) {
    std::size_t const begin = at_;
    for (; digit_follows() && at_ < begin + fraction_digits_max; ++at_)
      if (at_ < begin + fraction_digits_kept)
        micros = micros * 10 + static_cast<std::uint32_t>(text_[at_] - '0');
    if (at_ == begin) return false;
    for (std::size_t given = at_ - begin; given < fraction_digits_kept; ++given) micros *= 10;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// The common forms, eight digits at a time.

static_assert(std::endian::native == std::endian::little,
              "the first digit must be the lowest byte");

std::uint64_t load_eight(const char* text) noexcept {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  return bytes;
}

/// A byte is a digit if its high half is 3 and stays so when 6 is added.
bool all_digits(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t high = 0xf0f0'f0f0'f0f0'f0f0;
  return ((bytes & high) | ((bytes + 0x0606'0606'0606'0606) & high) >> 4) == 0x3333'3333'3333'3333;
}

/// Eight digits to four two-digit numbers in lanes of 16 bits, the first lowest.
std::uint64_t pairs(std::uint64_t bytes) noexcept {
  std::uint64_t const digits = bytes & 0x0f0f'0f0f'0f0f'0f0f;
  return (digits * 10 + (digits >> 8)) & 0x00ff'00ff'00ff'00ff;
}

constexpr std::uint32_t lane(std::uint64_t lanes, int number) noexcept {
  return static_cast<std::uint32_t>(lanes >> (16 * number)) & 0xff;
}

struct Instant {
  std::int32_t days = 0;
  std::uint32_t seconds = 0;
  std::uint32_t micros = 0;
  int zone_minutes = 0;
  Precision precision = Precision::day;
};

/// `count` digits, 8, 10, 12 or 14: YYYYMMDD[HH[MM[SS]]]. The last eight end with the date's day or
/// what follows it, so a shift puts the day in the lowest lane and zeros for what was not given.
bool read_digits(const char* text, std::size_t count, Instant& out) noexcept {
  std::uint64_t const first = load_eight(text);
  std::uint64_t const last = load_eight(text + count - 8);
  if (!all_digits(first) || !all_digits(last)) return false;
  std::uint64_t const date = pairs(first);
  std::uint64_t const time = pairs(last) >> (8 * (14 - count));
  // Each lane overflows into its top bit if hour, minute or second is over its limit.
  constexpr std::uint64_t limits = 0x7fc4'7fc4'7fe8'0000;
  if (((time + limits) & 0x8000'8000'8000'0000) != 0) return false;
  std::uint32_t const century = lane(date, 0);
  std::uint32_t const year = lane(date, 1);
  std::uint32_t const month = lane(date, 2);
  std::uint32_t const day = lane(date, 3);
  if ((century | year) == 0 || month - 1 >= 12) return false;
  if (day - 1 >= 28 && day - 1 >= days_in_month(month, is_leap(century, year))) return false;
  out.days = days_from_civil(century * 100 + year, month, day);
  out.seconds = (lane(time, 1) * 60 + lane(time, 2)) * 60 + lane(time, 3);
  out.precision = static_cast<Precision>((count - 8) / 2 + static_cast<int>(Precision::day));
  return true;
}

bool read_fraction(std::string_view digits, std::uint32_t& micros) noexcept {
  if (digits.empty() || digits.size() > fraction_digits_kept) return false;
  std::uint32_t value = 0;
  for (char const c : digits) {
    if (!is_digit(c)) return false;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  constexpr std::uint32_t scale[] = {1'000'000, 100'000, 10'000, 1000, 100, 10, 1};
  micros = value * scale[digits.size()];
  return true;
}

bool read_zone(const char* text, int& minutes) noexcept {
  std::uint32_t digits[4];
  for (int k = 0; k < 4; ++k) {
    digits[k] = static_cast<std::uint32_t>(text[k + 1]) - '0';
    if (digits[k] > 9) return false;
  }
  std::uint32_t const offset = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3];
  if (offset > zone_hours_max * 60 || digits[2] > 5) return false;
  minutes = text[0] == '-' ? -static_cast<int>(offset) : static_cast<int>(offset);
  return true;
}

/// A day or finer, with fraction and zone if there are any. False means "ask Reader", which knows
/// the other forms and what is wrong. `out.zone_minutes` stays as it is without a zone.
bool read_common(std::string_view text, Instant& out) noexcept {
  constexpr std::size_t to_second = 14;
  std::size_t size = text.size();
  if (size == to_second || size == 8) return read_digits(text.data(), size, out);
  if (size >= 8 + 5 && (text[size - 5] == '+' || text[size - 5] == '-')) {
    size -= 5;
    if (!read_zone(text.data() + size, out.zone_minutes)) return false;
  }
  if (size > to_second) {
    if (text[to_second] != '.') return false;
    std::string_view const digits = text.substr(to_second + 1, size - to_second - 1);
    if (!read_fraction(digits, out.micros)) return false;
    if (!read_digits(text.data(), to_second, out)) return false;
    out.precision = Precision::fraction;
    return true;
  }
  return size >= 8 && size % 2 == 0 && read_digits(text.data(), size, out);
}

constexpr std::int64_t epoch_micros(std::int64_t days, std::uint32_t seconds, std::uint32_t micros,
                                    int zone_minutes) noexcept {
  return (days * 86400 + seconds - std::int64_t{zone_minutes} * 60) * 1'000'000 + micros;
}

template <class Value>
constexpr std::uint32_t seconds_of_day(const Value& value) noexcept {
  return (value.hour * 60u + value.minute) * 60u + value.second;
}

}  // namespace

Result<DateTime> parse_datetime(std::string_view text) noexcept {
  Reader reader(text);
  DateTime value;
  bool const fits =
      reader.date(value) &&
      (value.precision != Precision::day || !reader.digit_follows() || reader.time(value)) &&
      reader.zone(value.zone_minutes) && reader.at_end();
  if (!fits) return fail(ErrorCode::bad_datetime, reader.at());
  return value;
}

Result<DateTime> parse_date(std::string_view text) noexcept {
  Reader reader(text);
  DateTime value;
  if (!reader.date(value) || !reader.at_end()) return fail(ErrorCode::bad_datetime, reader.at());
  return value;
}

Result<TimeOfDay> parse_time(std::string_view text) noexcept {
  Reader reader(text);
  TimeOfDay value;
  if (!reader.time(value) || !reader.zone(value.zone_minutes) || !reader.at_end())
    return fail(ErrorCode::bad_datetime, reader.at());
  return value;
}

std::int64_t to_epoch_micros(const DateTime& value, int default_offset_minutes) noexcept {
  return epoch_micros(to_epoch_days(value), seconds_of_day(value), value.micros,
                      value.zone_minutes.value_or(default_offset_minutes));
}

std::int32_t to_epoch_days(const DateTime& value) noexcept {
  return days_from_civil(static_cast<std::uint32_t>(value.year), value.month, value.day);
}

std::int64_t to_day_micros(const TimeOfDay& value) noexcept {
  return std::int64_t{seconds_of_day(value)} * 1'000'000 + value.micros;
}

Result<std::int64_t> parse_epoch_micros(std::string_view text, int default_offset_minutes,
                                        Precision* precision) noexcept {
  Instant instant;
  instant.zone_minutes = default_offset_minutes;
  if (read_common(text, instant)) {
    if (precision != nullptr) *precision = instant.precision;
    return epoch_micros(instant.days, instant.seconds, instant.micros, instant.zone_minutes);
  }
  auto const value = parse_datetime(text);
  if (!value) return tl::unexpected<Error>(value.error());
  if (precision != nullptr) *precision = value->precision;
  return to_epoch_micros(*value, default_offset_minutes);
}

Result<std::int32_t> parse_epoch_days(std::string_view text, Precision* precision) noexcept {
  Instant instant;
  if (read_common(text, instant)) {
    if (precision != nullptr) *precision = instant.precision;
    return instant.days;
  }
  auto const value = parse_datetime(text);
  if (!value) return tl::unexpected<Error>(value.error());
  if (precision != nullptr) *precision = value->precision;
  return to_epoch_days(*value);
}

}  // namespace hl7flow
