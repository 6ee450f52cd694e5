#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <hl7flow/parsers/error.h>

// Units of measure as the Unified Code for Units of Measure writes them (UCUM, ucum.org, version
// 2.2): what an expression means, and how to convert between two.
namespace hl7flow::ucum {

/// Exponents of UCUM's seven base units, in its order: m, s, g, rad, K, C, cd (UCUM table 1).
using Dimension = std::array<std::int8_t, 7>;

/// How a value on a scale that is no ratio becomes one (UCUM 21, 22: special units).
enum class Scale : std::uint8_t {
  ratio,
  celsius,
  fahrenheit,
  reaumur,
  negative_lg,       // pH, [hp'_X]
  ln,                // Np
  lg,                // B
  lg_times_2,        // B[V]
  ld,                // bit_s
  tan_times_100,     // [p'diop], %[slope]
  square_root,       // [m/s2/Hz^(1/2)]
  negative_log_100,  // [hp'_C]
  negative_log_1000,
  negative_log_50000,
};

/// The meaning of an expression. A value type; comparing dimensions says what may be converted.
struct Unit {
  double magnitude = 1;  // in base units; on a special scale: of what the function yields
  Dimension dimension{};
  Scale scale = Scale::ratio;
  double scale_factor = 1;  // a special unit's prefix: 0.1 for dB
  // Arbitrary units ([iU]) are like nothing but themselves: up to two, by their number in the
  // table, with exponents.
  std::array<std::uint16_t, 2> arbitrary{};
  std::array<std::int8_t, 2> arbitrary_exponent{};

  bool is_commensurable(const Unit& other) const noexcept {
    return dimension == other.dimension && arbitrary == other.arbitrary &&
           arbitrary_exponent == other.arbitrary_exponent;
  }
};

/// A value in base units, and back.
double to_base(const Unit& unit, double value) noexcept;
double from_base(const Unit& unit, double value) noexcept;

/// From one unit to another, worked out once. Thread-safe, no allocation.
class Conversion {
 public:
  /// Failures: none; not commensurable gives nothing. `molar_mass` (grams a mole), if not 0, leads
  /// between amounts of substance and masses, which UCUM alone does not: a mole is a number to it.
  static Result<Conversion> between(const Unit& from, const Unit& to, double molar_mass = 0);
  double operator()(double value) const noexcept {
    return is_linear_ ? value * factor_ : from_base(to_, to_base(from_, value) * factor_);
  }

 private:
  Unit from_, to_;
  double factor_ = 1;
  bool is_linear_ = true;
};

}  // namespace hl7flow::ucum
