#pragma once

#include <cstdint>
#include <optional>

#include <hl7flow/parsers/er7.h>

namespace hl7flow {

/// SN, structured numeric, HL7 v2.9.1 chapter 2A: comparator ^ number 1 ^ separator ^ number 2.
///
///   ">^100"        greater than 100
///   "^100^-^200"   100 to 200, both included
///   "^1^:^128"     a ratio, 1 to 128 (a titre)
///   "^2^+"         a category: two plus
struct StructuredNumeric {
  enum class Comparator : std::uint8_t {
    equal,  // also when none is given
    not_equal,
    greater,
    greater_or_equal,
    less,
    less_or_equal
  };
  enum class Separator : std::uint8_t {
    none,      // number 1 stands alone
    range,     // "-": from number 1 to number 2, both included
    ratio,     // ":"
    fraction,  // "/"
    plus,      // "+": categorical
    point      // ".": deprecated in v2.9, and never given a meaning
  };
  Comparator comparator = Comparator::equal;
  Separator separator = Separator::none;
  double number_1 = 0;
  std::optional<double> number_2;
  FieldView text_1;  // the numbers as sent
  FieldView text_2;
};

/// Reads the first repetition of `field`. Number 1 is required; number 2 is required after every
/// separator but "+" and must not come without one. Blanks around a part are let pass.
/// Errors: bad_structured_numeric, or value_out_of_range for a number over what a double holds; the
/// offset counts from the start of `field`. Thread-safe, no allocation.
Result<StructuredNumeric> read_structured_numeric(const FieldView& field) noexcept;

}  // namespace hl7flow
