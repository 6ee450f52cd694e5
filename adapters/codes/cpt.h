#pragma once

#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

/// A file of CPT: a table with a column of codes and one of descriptions, or lines that begin with
/// a code. Lines before the first of these, which hold the notice of copyright, are skipped.
/// Descriptions become the display if they are the long ones, else the short name.
Status read_cpt(codes::StoreBuilder& builder, ReleaseText& file, bool is_long);

}  // namespace hl7flow::adapters
