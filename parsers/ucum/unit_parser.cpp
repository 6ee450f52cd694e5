#include <hl7flow/parsers/ucum/unit_parser.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace hl7flow::ucum {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(const Unit& unit) {
  return unit.dimension == Dimension{} && unit.arbitrary[0] == 0 && unit.scale == Scale::ratio;
}

bool fits(int exponent) { return exponent >= -127 && exponent <= 127; }

/// Adds an arbitrary unit to a product; false if there is no room.
bool add_arbitrary(Unit& unit, std::uint16_t number, int exponent) {
  if (number == 0) return true;
  for (std::size_t k = 0; k < unit.arbitrary.size(); ++k) {
    if (unit.arbitrary[k] != 0 && unit.arbitrary[k] != number) continue;
    int const sum = unit.arbitrary_exponent[k] + exponent;
    if (!fits(sum)) return false;
    unit.arbitrary[k] = number;
    unit.arbitrary_exponent[k] = static_cast<std::int8_t>(sum);
    return true;
  }
  return false;
}

/// Arbitrary units in one order, without those that cancelled out.
void settle(Unit& unit) {
  for (std::size_t k = 0; k < unit.arbitrary.size(); ++k)
    if (unit.arbitrary_exponent[k] == 0) unit.arbitrary[k] = 0;
  bool const swapped =
      unit.arbitrary[1] != 0 && (unit.arbitrary[0] == 0 || unit.arbitrary[0] > unit.arbitrary[1]);
  if (!swapped) return;
  std::swap(unit.arbitrary[0], unit.arbitrary[1]);
  std::swap(unit.arbitrary_exponent[0], unit.arbitrary_exponent[1]);
}

}  // namespace

Result<Unit> product(const Unit& a, const Unit& b) {
  if (a.scale != Scale::ratio || b.scale != Scale::ratio) {
    // A number scales a special unit as a prefix does; anything else has no meaning.
    Unit special = a.scale != Scale::ratio ? a : b;
    Unit const& other = a.scale != Scale::ratio ? b : a;
    if (!is_number(other)) return fail(ErrorCode::bad_value, 0);
    special.scale_factor *= other.magnitude;
    return special;
  }
  Unit made = a;
  made.magnitude *= b.magnitude;
  for (std::size_t k = 0; k < made.dimension.size(); ++k) {
    int const sum = a.dimension[k] + b.dimension[k];
    if (!fits(sum)) return fail(ErrorCode::bad_value, 0);
    made.dimension[k] = static_cast<std::int8_t>(sum);
  }
  for (std::size_t k = 0; k < b.arbitrary.size(); ++k)
    if (!add_arbitrary(made, b.arbitrary[k], b.arbitrary_exponent[k]))
      return fail(ErrorCode::bad_value, 0);
  settle(made);
  return made;
}

Result<Unit> power(const Unit& unit, int exponent) {
  if (unit.scale != Scale::ratio && exponent != 1) return fail(ErrorCode::bad_value, 0);
  Unit made = unit;
  if (exponent == 1) return made;
  made.magnitude = std::pow(unit.magnitude, exponent);
  for (std::int8_t& one : made.dimension) {
    if (!fits(one * exponent)) return fail(ErrorCode::bad_value, 0);
    one = static_cast<std::int8_t>(one * exponent);
  }
  for (std::int8_t& one : made.arbitrary_exponent) {
    if (!fits(one * exponent)) return fail(ErrorCode::bad_value, 0);
    one = static_cast<std::int8_t>(one * exponent);
  }
  settle(made);
  return made;
}

Result<Unit> UnitParser::parse() {
  if (text_.empty()) return bad();
  bool const divides = next() == '/';
  if (divides) ++at_;
  auto const made = term(0, divides);
  if (!made) return fail(ErrorCode::bad_value, std::min(at_, text_.size()));
  if (at_ != text_.size()) return bad();
  return made;
}

Result<Unit> UnitParser::term(int depth, bool first_divides) {
  auto left = component(depth);
  if (left && first_divides) left = power(*left, -1);
  while (left && (next() == '.' || next() == '/')) {
    bool const divides = next() == '/';
    ++at_;
    auto right = component(depth);
    if (right && divides) right = power(*right, -1);
    if (!right) return right;
    left = product(*left, *right);
  }
  return left;
}

Result<Unit> UnitParser::component(int depth) {
  if (next() == '{') {
    if (!annotation()) return bad();
    return Unit{};
  }
  auto made = next() == '(' ? nested(depth) : is_digit(next()) ? number() : symbol();
  if (made && next() == '{' && !annotation()) return bad();
  return made;
}

Result<Unit> UnitParser::nested(int depth) {
  if (depth == depth_max) return bad();
  ++at_;
  auto made = term(depth + 1);
  if (!made) return made;
  if (next() != ')') return bad();
  ++at_;
  return made;
}

Result<Unit> UnitParser::number() {
  std::string_view const rest = text_.substr(at_);
  if (rest.starts_with("10*") || rest.starts_with("10^")) return symbol();
  std::size_t size = 0;
  while (size < rest.size() && is_digit(rest[size])) ++size;
  // UCUM has whole numbers only, and a point is an operator.
  std::uint64_t whole = 0;
  auto const read = std::from_chars(rest.data(), rest.data() + size, whole);
  if (read.ec != std::errc{} || whole == 0) return bad();
  Unit made;
  made.magnitude = static_cast<double>(whole);
  at_ += size;
  return made;
}

Result<Unit> UnitParser::symbol() {
  std::size_t const begin = at_;
  std::string_view const rest = text_.substr(at_);
  if (rest.starts_with("10*") || rest.starts_with("10^")) {
    at_ += 3;
  } else {
    while (at_ < text_.size()) {
      char const c = text_[at_];
      if (c == '[') {
        std::size_t const close = text_.find(']', at_);
        if (close == std::string_view::npos) return bad();
        at_ = close + 1;
        continue;
      }
      bool const ends = c == '.' || c == '/' || c == '(' || c == ')' || c == '{' || c == '}' ||
                        c == '+' || c == '-' || is_digit(c) || c <= ' ' || c > '~';
      if (ends) break;
      ++at_;
    }
  }
  UnitTable::Symbol const found = table_.find(text_.substr(begin, at_ - begin));
  if (found.atom == nullptr) {
    at_ = begin;
    return bad();
  }
  Unit unit = found.atom->unit;
  if (found.prefix != nullptr) {
    if (unit.scale == Scale::ratio)
      unit.magnitude *= found.prefix->value;
    else
      unit.scale_factor *= found.prefix->value;
  }
  std::size_t const before = at_;
  int const times = exponent();
  if (times == 0) {
    at_ = before;
    return bad();
  }
  return power(unit, times);
}

int UnitParser::exponent() {
  bool const negative = next() == '-';
  bool const has_sign = negative || next() == '+';
  if (!has_sign && !is_digit(next())) return 1;
  if (has_sign) ++at_;
  int value = 0;
  std::size_t digits = 0;
  while (is_digit(next()) && digits < 3) {
    value = value * 10 + (next() - '0');
    ++at_;
    ++digits;
  }
  if (digits == 0 || is_digit(next())) return 0;
  return negative ? -value : value;
}

bool UnitParser::annotation() {
  for (++at_; at_ < text_.size(); ++at_) {
    char const c = text_[at_];
    if (c == '}') {
      ++at_;
      return true;
    }
    if (c == '{' || c < '!' || c > '~') return false;
  }
  return false;
}

}  // namespace hl7flow::ucum
