#include <hl7flow/parsers/number.h>

#include <charconv>
#include <limits>
#include <system_error>

namespace hl7flow {
namespace {

constexpr std::size_t scale_max = 18;
constexpr std::uint64_t exact_in_double = std::uint64_t{1} << 53;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// A number that has been found to be well-formed, in one pass.
struct Scanned {
  std::uint64_t digits = 0;  // all digits as one number, the point left out
  std::size_t begin = 0;     // of the first digit or the point, behind the sign
  std::size_t end = 0;
  std::size_t point = 0;  // `end` if there is none
  bool negative = false;
  bool fits = true;  // `digits` did not overflow

  std::size_t scale() const { return point == end ? 0 : end - point - 1; }
};

Result<Scanned> scan(std::string_view text) noexcept {
  Scanned out;
  std::size_t at = 0;
  while (at < text.size() && text[at] == ' ') ++at;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) out.negative = text[at++] == '-';
  out.begin = at;
  std::size_t point = std::string_view::npos;
  std::size_t digit_count = 0;
  constexpr std::uint64_t near_limit = (std::numeric_limits<std::uint64_t>::max() - 9) / 10;
  for (; at < text.size(); ++at) {
    char const c = text[at];
    if (is_digit(c)) {
      ++digit_count;
      if (out.digits > near_limit)
        out.fits = false;
      else
        out.digits = out.digits * 10 + static_cast<std::uint64_t>(c - '0');
    } else if (c == '.' && point == std::string_view::npos) {
      point = at;
    } else {
      break;
    }
  }
  if (digit_count == 0) return fail(ErrorCode::bad_number, at);
  out.end = at;
  out.point = point == std::string_view::npos ? at : point;
  while (at < text.size() && text[at] == ' ') ++at;
  if (at != text.size()) return fail(ErrorCode::bad_number, at);
  return out;
}

Result<std::int64_t> with_sign(const Scanned& number) noexcept {
  constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!number.fits || number.digits > max + (number.negative ? 1 : 0))
    return fail(ErrorCode::value_out_of_range, number.begin);
  // Negating as unsigned is defined for the lowest value too.
  return static_cast<std::int64_t>(number.negative ? 0 - number.digits : number.digits);
}

}  // namespace

Result<double> parse_double(std::string_view text) noexcept {
  auto const number = scan(text);
  if (!number) return tl::unexpected<Error>(number.error());
  // Both operands are exact, so the division rounds once, to the nearest double (Clinger, 1990).
  constexpr double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                              1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
  if (number->fits && number->digits <= exact_in_double && number->scale() <= scale_max) {
    double const value =
        static_cast<double>(static_cast<std::int64_t>(number->digits)) / power[number->scale()];
    return number->negative ? -value : value;
  }
  double value = 0;
  auto const [stop, error] = std::from_chars(text.data() + number->begin, text.data() + number->end,
                                             value, std::chars_format::fixed);
  if (error == std::errc::result_out_of_range) {
    std::string_view const whole = text.substr(number->begin, number->point - number->begin);
    if (whole.find_first_not_of('0') != std::string_view::npos)
      return fail(ErrorCode::value_out_of_range, number->begin);
    value = 0;
  }
  return number->negative ? -value : value;
}

Result<std::int64_t> parse_integer(std::string_view text) noexcept {
  auto number = scan(text);
  if (!number) return tl::unexpected<Error>(number.error());
  if (number->scale() == 0) return with_sign(*number);
  std::size_t const fraction =
      text.substr(0, number->end).find_first_not_of('0', number->point + 1);
  if (fraction != std::string_view::npos) return fail(ErrorCode::bad_number, fraction);
  if (number->point == number->begin) return std::int64_t{0};
  // Zeros behind the point say nothing here, and must not make a number look too long.
  return parse_integer(text.substr(0, number->point));
}

Result<Decimal> parse_decimal(std::string_view text) noexcept {
  auto const number = scan(text);
  if (!number) return tl::unexpected<Error>(number.error());
  if (number->scale() > scale_max) return fail(ErrorCode::value_out_of_range, number->begin);
  return with_sign(*number).map([&](std::int64_t unscaled) {
    return Decimal{unscaled, static_cast<std::int8_t>(number->scale())};
  });
}

}  // namespace hl7flow
