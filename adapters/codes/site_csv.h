#pragma once

#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

/// One of a site's own tables: see parsers/codes/code_csv.h.
Status read_site_csv(codes::StoreBuilder& builder, ReleaseText& file);

}  // namespace hl7flow::adapters
