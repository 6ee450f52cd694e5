#pragma once

#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

/// Loinc.csv, or LoincTableCore.csv, which lacks related names and units.
Status read_loinc_terms(codes::StoreBuilder& builder, ReleaseText& file);
/// MapTo.csv: what takes the place of deprecated terms. Several targets are all kept, so that
/// nobody is sent to one of them by chance.
Status read_loinc_successors(codes::StoreBuilder& builder, ReleaseText& file);

}  // namespace hl7flow::adapters
