#include <hl7flow/parsers/ucum/unit.h>

#include <cmath>

namespace hl7flow::ucum {

namespace {

constexpr double zero_celsius = 273.15, zero_fahrenheit = 459.67;
constexpr double avogadro = 6.02214076e23;  // the mole since 2019, in UCUM 2.2 too
constexpr std::size_t gram = 2;             // in Dimension

/// What a special unit's value stands for, in the function's own unit.
double straightened(Scale scale, double value) {
  switch (scale) {
    case Scale::ratio:
      return value;
    case Scale::celsius:
      return value + zero_celsius;
    case Scale::fahrenheit:
      return value + zero_fahrenheit;
    case Scale::reaumur:
      return value + zero_celsius / 1.25;
    case Scale::negative_lg:
      return std::pow(10, -value);
    case Scale::ln:
      return std::exp(value);
    case Scale::lg:
      return std::pow(10, value);
    case Scale::lg_times_2:
      return std::pow(10, value / 2);
    case Scale::ld:
      return std::exp2(value);
    case Scale::tan_times_100:
      return std::atan(value / 100);
    case Scale::square_root:
      return value * value;
    case Scale::negative_log_100:
      return std::pow(100, -value);
    case Scale::negative_log_1000:
      return std::pow(1000, -value);
    case Scale::negative_log_50000:
      return std::pow(50000, -value);
  }
  return value;
}

double bent(Scale scale, double value) {
  switch (scale) {
    case Scale::ratio:
      return value;
    case Scale::celsius:
      return value - zero_celsius;
    case Scale::fahrenheit:
      return value - zero_fahrenheit;
    case Scale::reaumur:
      return value - zero_celsius / 1.25;
    case Scale::negative_lg:
      return -std::log10(value);
    case Scale::ln:
      return std::log(value);
    case Scale::lg:
      return std::log10(value);
    case Scale::lg_times_2:
      return 2 * std::log10(value);
    case Scale::ld:
      return std::log2(value);
    case Scale::tan_times_100:
      return std::tan(value) * 100;
    case Scale::square_root:
      return std::sqrt(value);
    case Scale::negative_log_100:
      return -std::log(value) / std::log(100);
    case Scale::negative_log_1000:
      return -std::log(value) / std::log(1000);
    case Scale::negative_log_50000:
      return -std::log(value) / std::log(50000);
  }
  return value;
}

/// The only two dimensions between which a molar mass leads: those that differ by one gram.
int grams_more(const Unit& a, const Unit& b) {
  for (std::size_t k = 0; k < a.dimension.size(); ++k)
    if (k != gram && a.dimension[k] != b.dimension[k]) return 0;
  bool const same = a.arbitrary == b.arbitrary && a.arbitrary_exponent == b.arbitrary_exponent;
  return same ? a.dimension[gram] - b.dimension[gram] : 0;
}

}  // namespace

double to_base(const Unit& unit, double value) noexcept {
  if (unit.scale == Scale::ratio) return value * unit.magnitude;
  return straightened(unit.scale, value * unit.scale_factor) * unit.magnitude;
}

double from_base(const Unit& unit, double value) noexcept {
  if (unit.scale == Scale::ratio) return value / unit.magnitude;
  return bent(unit.scale, value / unit.magnitude) / unit.scale_factor;
}

Result<Conversion> Conversion::between(const Unit& from, const Unit& to, double molar_mass) {
  Conversion made;
  made.from_ = from;
  made.to_ = to;
  if (!from.is_commensurable(to)) {
    int const more = grams_more(from, to);
    if (molar_mass == 0 || (more != 1 && more != -1)) return fail(ErrorCode::bad_value, 0);
    made.factor_ = more == 1 ? avogadro / molar_mass : molar_mass / avogadro;
  }
  made.is_linear_ = from.scale == Scale::ratio && to.scale == Scale::ratio;
  if (made.is_linear_) made.factor_ = made.factor_ * from.magnitude / to.magnitude;
  return made;
}

}  // namespace hl7flow::ucum
