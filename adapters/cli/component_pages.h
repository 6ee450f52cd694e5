#pragma once

#include <string>
#include <vector>

#include <hl7flow/pipeline/component.h>

// The table of components, as pages: all that is said here comes from the components' own files.
namespace hl7flow::cli {

using Components = std::vector<const Component*>;

std::string components_text(const Components& components, bool with_options);
std::string components_json(const Components& components);
/// docs/reference/components.md.
std::string components_markdown(const Components& components);
/// JSON Schema (draft-07) of a pipeline file: editors complete and check with it.
std::string pipeline_schema(const Components& components);

}  // namespace hl7flow::cli
