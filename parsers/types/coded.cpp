#include <hl7flow/parsers/types/coded.h>

namespace hl7flow::types {
namespace {

/// The three parts that began as CE's triplets.
void read_triplet(Parts& parts, Coding& out) noexcept {
  out.id = parts.next();
  out.text = parts.next();
  out.system = parts.next();
}

void read_oids(Parts& parts, Coding& out) noexcept {
  out.system_oid = parts.next();
  out.value_set_oid = parts.next();
  out.value_set_version = parts.next();
}

}  // namespace

Cwe read_cwe(const FieldView& value, Depth depth) noexcept {
  // The order is that in which versions added parts: triplets to v2.3, versions and the original
  // text in v2.5, the third coding and the OIDs in v2.7.
  Parts parts(value, depth);
  Cwe out;
  read_triplet(parts, out.primary);
  read_triplet(parts, out.alternate);
  out.primary.system_version = parts.next();
  out.alternate.system_version = parts.next();
  out.original_text = parts.next();
  read_triplet(parts, out.second_alternate);
  out.second_alternate.system_version = parts.next();
  read_oids(parts, out.primary);
  read_oids(parts, out.alternate);
  read_oids(parts, out.second_alternate);
  return out;
}

const Coding* Cwe::with_system(std::string_view name) const noexcept {
  for (const Coding* coding : {&primary, &alternate, &second_alternate})
    if (coding->system.raw() == name) return coding;
  return nullptr;
}

}  // namespace hl7flow::types
