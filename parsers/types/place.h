#pragma once

#include <hl7flow/parsers/types/identifier.h>

namespace hl7flow::types {

/// SAD: a street address. `line` is the whole of it, also from senders that know no other part.
struct Sad {
  FieldView line;
  FieldView street_name;
  FieldView dwelling_number;
};
Sad read_sad(const FieldView& value, Depth depth = Depth::component) noexcept;

/// XAD: an address. Reads the AD of older versions too, whose parts are its first eight.
struct Xad {
  Sad street;
  FieldView other_designation;  // the second line
  FieldView city;
  FieldView state;
  FieldView postal_code;
  FieldView country;    // "USA"; table 0399
  FieldView type_code;  // "H" home, "M" mailing; table 0190
  FieldView other_geographic;
  FieldView county;        // CWE; a code in older versions
  FieldView census_tract;  // CWE
  FieldView representation_code;
  FieldView validity_range;     // withdrawn; DR
  FieldView effective_date;     // DTM
  FieldView expiration_date;    // DTM
  FieldView expiration_reason;  // CWE
  FieldView is_temporary;       // ID, Y or N
  FieldView is_bad;             // ID, Y or N
  FieldView usage;
  FieldView addressee;
  FieldView comment;
  FieldView preference_order;
  FieldView protection_code;  // CWE
  FieldView address_id;       // EI
};
Xad read_xad(const FieldView& value, Depth depth = Depth::field) noexcept;

/// PL: a place in an institution, from ward to bed.
struct Pl {
  Hd point_of_care;
  Hd room;
  Hd bed;
  Hd facility;
  FieldView location_status;
  FieldView person_location_type;  // "N" nursing unit, "C" clinic; table 0305
  Hd building;
  Hd floor;
  FieldView description;
  FieldView comprehensive_id;     // EI
  FieldView assigning_authority;  // HD
};
Pl read_pl(const FieldView& value, Depth depth = Depth::field) noexcept;

}  // namespace hl7flow::types
