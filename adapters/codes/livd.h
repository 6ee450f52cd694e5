#pragma once

#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

/// A LIVD sheet as CSV. Each manufacturer is a code system, "LIVD " and its name; a model that only
/// one manufacturer has is another name of it. A code is the vendor's analyte code, or the
/// analyte's name where there is none, or the model where there is neither. An analyte that has
/// several LOINC terms, by specimen or model, has them all, each with the condition as the target's
/// rule.
Status read_livd(codes::StoreBuilder& builder, ReleaseText& file);

}  // namespace hl7flow::adapters
