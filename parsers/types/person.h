#pragma once

#include <hl7flow/parsers/types/identifier.h>

namespace hl7flow::types {

/// FN: a family name. `surname` is the whole of it, also from senders that know no other part.
struct Fn {
  FieldView surname;
  FieldView own_surname_prefix;  // "van"
  FieldView own_surname;
  FieldView partner_surname_prefix;
  FieldView partner_surname;
};
Fn read_fn(const FieldView& value, Depth depth = Depth::component) noexcept;

/// XPN: a person's name. Reads the PN of v2.1 to 2.2 too, whose parts are its first six.
struct Xpn {
  Fn family;
  FieldView given;
  FieldView further_given;  // second and further names or initials
  FieldView suffix;         // "JR"
  FieldView prefix;         // "DR"
  FieldView degree;         // withdrawn
  FieldView type_code;      // "L" legal, "M" maiden; table 0200
  FieldView representation_code;
  FieldView context;         // CWE
  FieldView validity_range;  // withdrawn; DR
  FieldView assembly_order;
  FieldView effective_date;   // DTM
  FieldView expiration_date;  // DTM
  FieldView professional_suffix;
  FieldView called_by;
};
Xpn read_xpn(const FieldView& value, Depth depth = Depth::field) noexcept;

/// XCN: a person with an identifier, usually a clinician. Reads the CN of v2.1 to 2.2 too, whose
/// parts are its first eight.
struct Xcn {
  FieldView id;
  Fn family;
  FieldView given;
  FieldView further_given;
  FieldView suffix;
  FieldView prefix;
  FieldView degree;
  FieldView source_table;
  Hd assigning_authority;
  FieldView name_type_code;
  FieldView check_digit;
  FieldView check_digit_scheme;
  FieldView id_type_code;  // "NPI"; table 0203
  Hd assigning_facility;
  FieldView representation_code;
  FieldView context;         // CWE
  FieldView validity_range;  // withdrawn; DR
  FieldView assembly_order;
  FieldView effective_date;   // DTM
  FieldView expiration_date;  // DTM
  FieldView professional_suffix;
  FieldView assigning_jurisdiction;  // CWE
  FieldView assigning_agency;        // CWE
  FieldView security_check;
  FieldView security_check_scheme;
};
Xcn read_xcn(const FieldView& value, Depth depth = Depth::field) noexcept;

/// PPN: who did something, and when: an XCN with a time before its 15th part.
struct Ppn {
  Xcn person;
  FieldView performed_at;  // DTM
};
Ppn read_ppn(const FieldView& value, Depth depth = Depth::field) noexcept;

}  // namespace hl7flow::types
