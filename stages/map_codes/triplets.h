#pragma once

#include <string>
#include <string_view>

#include <hl7flow/parsers/codes/code_resolver.h>
#include <hl7flow/parsers/er7.h>
#include <hl7flow/stages/map_codes/code_mapper.h>

namespace hl7flow::stages {

struct Standard {
  std::string_view code, name, system;  // the store's name of the system
};

/// A CWE value with a standard code beside what was sent (HL7 v2.9.1 2A.2.14: CWE-1 to 3 are the
/// primary triplet, 4 to 6 the alternate one, 10 to 12 the second alternate). Nothing that was sent
/// is lost: false, if no triplet is free, or the value has the code in its place already.
bool with_standard_code(const FieldView& value, const Standard& standard,
                        const codes::Answer& answer, Triplet triplet, std::string& out);

/// The name of a system in CWE-3 (HL7 table 0396); the given one where the table has none.
std::string_view hl7_name_of_system(std::string_view system) noexcept;

}  // namespace hl7flow::stages
