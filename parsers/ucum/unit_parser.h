#pragma once

#include <string_view>

#include <hl7flow/parsers/ucum/unit_table.h>

// Internal to parsers/ucum.
namespace hl7flow::ucum {

/// Reads one expression by UCUM's grammar (UCUM 5 to 12; the case-sensitive codes):
///
///   main-term  = "/" term | term
///   term       = component { ("." | "/") component }        from left to right
///   component  = "(" term ")" | annotation | number | symbol [exponent]; then [annotation]
///   annotation = "{" printable ASCII without braces "}"     means nothing
class UnitParser {
 public:
  UnitParser(const UnitTable& table, std::string_view text) : table_(table), text_(text) {}
  Result<Unit> parse();

 private:
  static constexpr int depth_max = 32;

  Result<Unit> term(int depth, bool first_divides = false);
  Result<Unit> component(int depth);
  Result<Unit> number();
  Result<Unit> symbol();
  Result<Unit> nested(int depth);
  /// Skips an annotation if one is there; false if it is malformed.
  bool annotation();
  int exponent();
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  tl::unexpected<Error> bad() const { return fail(ErrorCode::bad_value, at_); }

  const UnitTable& table_;
  std::string_view text_;
  std::size_t at_ = 0;
};

/// The product of two units. Errors: bad_value, if a special unit is multiplied by one that is not
/// a number, an exponent leaves its range, or more than two arbitrary units come together.
Result<Unit> product(const Unit& a, const Unit& b);
Result<Unit> power(const Unit& unit, int exponent);

}  // namespace hl7flow::ucum
