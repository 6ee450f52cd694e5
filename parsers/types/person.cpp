#include <hl7flow/parsers/types/person.h>

namespace hl7flow::types {
namespace {

/// XCN and PPN; PPN's time is taken out on the way.
Xcn read_person(Parts& parts, FieldView* performed_at) noexcept {
  Xcn person{.id = parts.next(),
             .family = read_fn(parts.next(), parts.inner()),
             .given = parts.next(),
             .further_given = parts.next(),
             .suffix = parts.next(),
             .prefix = parts.next(),
             .degree = parts.next(),
             .source_table = parts.next(),
             .assigning_authority = read_hd(parts.next(), parts.inner()),
             .name_type_code = parts.next(),
             .check_digit = parts.next(),
             .check_digit_scheme = parts.next(),
             .id_type_code = parts.next(),
             .assigning_facility = read_hd(parts.next(), parts.inner()),
             .representation_code = {},
             .context = {},
             .validity_range = {},
             .assembly_order = {},
             .effective_date = {},
             .expiration_date = {},
             .professional_suffix = {},
             .assigning_jurisdiction = {},
             .assigning_agency = {},
             .security_check = {},
             .security_check_scheme = {}};
  if (performed_at != nullptr) *performed_at = parts.next();
  person.representation_code = parts.next();
  person.context = parts.next();
  person.validity_range = parts.next();
  person.assembly_order = parts.next();
  person.effective_date = parts.next();
  person.expiration_date = parts.next();
  person.professional_suffix = parts.next();
  person.assigning_jurisdiction = parts.next();
  person.assigning_agency = parts.next();
  person.security_check = parts.next();
  person.security_check_scheme = parts.next();
  return person;
}

}  // namespace

Fn read_fn(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.surname = parts.next(),
          .own_surname_prefix = parts.next(),
          .own_surname = parts.next(),
          .partner_surname_prefix = parts.next(),
          .partner_surname = parts.next()};
}

Xpn read_xpn(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.family = read_fn(parts.next(), parts.inner()),
          .given = parts.next(),
          .further_given = parts.next(),
          .suffix = parts.next(),
          .prefix = parts.next(),
          .degree = parts.next(),
          .type_code = parts.next(),
          .representation_code = parts.next(),
          .context = parts.next(),
          .validity_range = parts.next(),
          .assembly_order = parts.next(),
          .effective_date = parts.next(),
          .expiration_date = parts.next(),
          .professional_suffix = parts.next(),
          .called_by = parts.next()};
}

Xcn read_xcn(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return read_person(parts, nullptr);
}

Ppn read_ppn(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  Ppn out;
  out.person = read_person(parts, &out.performed_at);
  return out;
}

}  // namespace hl7flow::types
