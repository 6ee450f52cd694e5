#pragma once

#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

struct GemDirection {
  std::string_view source, target;  // systems: "ICD-9-CM", "ICD-10-CM"
  std::string_view map;             // "GEM 9 to 10"
};

/// One file of mappings: source, target and five flags. A scenario becomes an alternative, a choice
/// list a group: the answer of a combination is one target of each group of one alternative.
Status read_gem(codes::StoreBuilder& builder, ReleaseText& file, const GemDirection& direction,
                std::string_view version);

}  // namespace hl7flow::adapters
