#include <hl7flow/parsers/types/place.h>

namespace hl7flow::types {

Sad read_sad(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.line = parts.next(), .street_name = parts.next(), .dwelling_number = parts.next()};
}

Xad read_xad(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.street = read_sad(parts.next(), parts.inner()),
          .other_designation = parts.next(),
          .city = parts.next(),
          .state = parts.next(),
          .postal_code = parts.next(),
          .country = parts.next(),
          .type_code = parts.next(),
          .other_geographic = parts.next(),
          .county = parts.next(),
          .census_tract = parts.next(),
          .representation_code = parts.next(),
          .validity_range = parts.next(),
          .effective_date = parts.next(),
          .expiration_date = parts.next(),
          .expiration_reason = parts.next(),
          .is_temporary = parts.next(),
          .is_bad = parts.next(),
          .usage = parts.next(),
          .addressee = parts.next(),
          .comment = parts.next(),
          .preference_order = parts.next(),
          .protection_code = parts.next(),
          .address_id = parts.next()};
}

Pl read_pl(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.point_of_care = read_hd(parts.next(), parts.inner()),
          .room = read_hd(parts.next(), parts.inner()),
          .bed = read_hd(parts.next(), parts.inner()),
          .facility = read_hd(parts.next(), parts.inner()),
          .location_status = parts.next(),
          .person_location_type = parts.next(),
          .building = read_hd(parts.next(), parts.inner()),
          .floor = read_hd(parts.next(), parts.inner()),
          .description = parts.next(),
          .comprehensive_id = parts.next(),
          .assigning_authority = parts.next()};
}

}  // namespace hl7flow::types
