#pragma once

#include <hl7flow/parsers/types/parts.h>

namespace hl7flow::types {

/// HD: who issued an identifier, or which application or facility. Either the first part, a code of
/// local meaning, or the other two, a world-wide one; often all three.
struct Hd {
  FieldView namespace_id;
  FieldView universal_id;
  FieldView universal_id_type;  // "ISO": an OID; table 0301
  bool has_text() const noexcept { return namespace_id.has_text() || universal_id.has_text(); }
};
Hd read_hd(const FieldView& value, Depth depth = Depth::field) noexcept;

/// EI: an identifier of a thing, for example an order number. Parts 2 to 4 are those of an HD.
struct Ei {
  FieldView id;
  Hd authority;
};
Ei read_ei(const FieldView& value, Depth depth = Depth::field) noexcept;

/// CX: an identifier of a person or an account, with check digit. Also reads the CK of v2.1 to 2.4.
struct Cx {
  FieldView id;
  FieldView check_digit;
  FieldView check_digit_scheme;  // table 0061
  Hd assigning_authority;
  FieldView type_code;  // "MR", "SS", "DL"; table 0203; required from v2.7
  Hd assigning_facility;
  FieldView effective_date;          // DT
  FieldView expiration_date;         // DT
  FieldView assigning_jurisdiction;  // CWE
  FieldView assigning_agency;        // CWE
  FieldView security_check;
  FieldView security_check_scheme;
};
Cx read_cx(const FieldView& value, Depth depth = Depth::field) noexcept;

/// XON: an organization. Its identifier moved from part 3, a number, to part 10 in v2.5.
struct Xon {
  FieldView name;
  FieldView name_type_code;
  FieldView id_number;  // withdrawn; NM
  FieldView check_digit;
  FieldView check_digit_scheme;
  Hd assigning_authority;
  FieldView id_type_code;
  Hd assigning_facility;
  FieldView name_representation_code;
  FieldView organization_id;
  /// Part 10, or part 3 of an older sender.
  const FieldView& id() const noexcept {
    return organization_id.has_text() ? organization_id : id_number;
  }
};
Xon read_xon(const FieldView& value, Depth depth = Depth::field) noexcept;

}  // namespace hl7flow::types
