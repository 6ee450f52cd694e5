#pragma once

#include <hl7flow/parsers/types/parts.h>

namespace hl7flow::types {

/// One code: what it is, what it means, and the system that defines it.
struct Coding {
  FieldView id;
  FieldView text;
  FieldView system;  // "LN", "SCT", "I10"; table 0396
  FieldView system_version;
  FieldView system_oid;
  FieldView value_set_oid;
  FieldView value_set_version;
  bool has_text() const noexcept { return id.has_text() || text.has_text(); }
};

/// CWE, a coded value: up to three codings of one meaning, and the words it was coded from. CNE has
/// the same parts, CE and CF the first six of them; an ID or IS is a CWE with nothing but the
/// first.
struct Cwe {
  Coding primary;
  Coding alternate;
  Coding second_alternate;
  FieldView original_text;

  /// The first coding whose system is `name` ("LN"); null if there is none.
  const Coding* with_system(std::string_view name) const noexcept;
};
Cwe read_cwe(const FieldView& value, Depth depth = Depth::field) noexcept;

}  // namespace hl7flow::types
