#include <hl7flow/pipeline/repeated_order.h>

namespace hl7flow {

FieldView patient_identifier(const SegmentView& pid) noexcept {
  FieldView const identifiers = pid.field(3);
  for (std::string_view const type : {"MR", "PI"})
    for (std::size_t k = 1; k <= identifiers.repetition_count(); ++k)
      if (identifiers.repetition(k).component(5).raw() == type) return identifiers.repetition(k);
  return identifiers.repetition(1);
}

}  // namespace hl7flow
