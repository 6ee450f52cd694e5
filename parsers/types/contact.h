#pragma once

#include <hl7flow/parsers/types/parts.h>

namespace hl7flow::types {

/// XTN: how to reach somebody. A telephone number stands, by version and sender, in part 1, in
/// parts 5 to 11 or in part 12, and often in several of them; an e-mail address in part 4.
struct Xtn {
  FieldView number;        // withdrawn; the form of a TN
  FieldView use_code;      // "PRN" home, "WPN" work; table 0201
  FieldView equipment;     // "PH", "CP" mobile, "Internet"; table 0202
  FieldView address;       // e-mail or other
  FieldView country_code;  // SNM, "+1" or "1"
  FieldView area_code;     // SNM
  FieldView local_number;  // SNM
  FieldView extension;     // SNM
  FieldView any_text;
  FieldView extension_prefix;
  FieldView speed_dial;
  FieldView unformatted;        // ST, the number as a person writes it
  FieldView effective_date;     // DTM
  FieldView expiration_date;    // DTM
  FieldView expiration_reason;  // CWE
  FieldView protection_code;    // CWE
  FieldView shared_id;          // EI
  FieldView preference_order;

  /// The number as one text, part 12 or else part 1; empty if there is only a number in parts, or
  /// none.
  const FieldView& number_text() const noexcept {
    return unformatted.has_text() ? unformatted : number;
  }
  /// The address, if there is one and it is an e-mail address by its equipment type or its "@".
  FieldView email() const noexcept;
};
Xtn read_xtn(const FieldView& value, Depth depth = Depth::field) noexcept;

/// TN, and part 1 of an XTN: [NN] [(999)]999-9999[X99999][B99999][C any text]. Blanks around the
/// pieces are left off. What does not have this form is `local` whole, so that no digit is lost.
struct Tn {
  std::string_view country;
  std::string_view area;
  std::string_view local;
  std::string_view extension;
  std::string_view beeper;
  std::string_view comment;
};
Tn read_tn(std::string_view text) noexcept;

}  // namespace hl7flow::types
