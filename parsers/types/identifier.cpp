#include <hl7flow/parsers/types/identifier.h>

// In all these files: a braced list is evaluated from left to right, so next() takes the parts in
// the order of the members.
namespace hl7flow::types {

Hd read_hd(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.namespace_id = parts.next(),
          .universal_id = parts.next(),
          .universal_id_type = parts.next()};
}

Ei read_ei(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.id = parts.next(),
          .authority = {.namespace_id = parts.next(),
                        .universal_id = parts.next(),
                        .universal_id_type = parts.next()}};
}

Cx read_cx(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.id = parts.next(),
          .check_digit = parts.next(),
          .check_digit_scheme = parts.next(),
          .assigning_authority = read_hd(parts.next(), parts.inner()),
          .type_code = parts.next(),
          .assigning_facility = read_hd(parts.next(), parts.inner()),
          .effective_date = parts.next(),
          .expiration_date = parts.next(),
          .assigning_jurisdiction = parts.next(),
          .assigning_agency = parts.next(),
          .security_check = parts.next(),
          .security_check_scheme = parts.next()};
}

Xon read_xon(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.name = parts.next(),
          .name_type_code = parts.next(),
          .id_number = parts.next(),
          .check_digit = parts.next(),
          .check_digit_scheme = parts.next(),
          .assigning_authority = read_hd(parts.next(), parts.inner()),
          .id_type_code = parts.next(),
          .assigning_facility = read_hd(parts.next(), parts.inner()),
          .name_representation_code = parts.next(),
          .organization_id = parts.next()};
}

}  // namespace hl7flow::types
