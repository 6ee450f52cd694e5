#pragma once

#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

/// The contractor record of 320 columns, or a table of the same fields between commas, semicolons
/// or tabs. Codes of level I belong to the AMA and are skipped.
Status read_hcpcs(codes::StoreBuilder& builder, ReleaseText& file);

}  // namespace hl7flow::adapters
