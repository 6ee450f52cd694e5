#pragma once

#include <string>
#include <string_view>

#include <hl7flow/parsers/ucum/unit_table.h>

namespace hl7flow::ucum {

/// How a unit of a feed was read.
enum class Spelling : std::uint8_t {
  none,   // nobody knows
  exact,  // it is UCUM
  local,  // it is a usual local spelling: "mg/dl", "K/uL", "10^3/ul"
};
std::string_view name(Spelling spelling) noexcept;

struct ReadUnit {
  Spelling spelling = Spelling::none;
  std::string code;  // in UCUM
  Unit unit;
};

/// The unit that a laboratory means. A local spelling is recognised as a whole, or part by part
/// around `/`, without regard to case; what looks like UCUM but never means that in a feed is taken
/// for what it does mean: "K/uL" is thousands, not kelvins, and "C" is no charge. `declared_ucum`:
/// the sender says that the text is UCUM (OBX-6.3), so it is taken by the letter first.
ReadUnit read_unit(const UnitTable& table, std::string_view text, bool declared_ucum = false);

}  // namespace hl7flow::ucum
