#pragma once

#include <string_view>
#include <vector>

#include <hl7flow/parsers/ucum/unit_table.h>

namespace hl7flow::adapters {

/// The definitions of ucum-essence.xml, as ucum.org publishes it (namespace
/// http://unitsofmeasure.org/ucum-essence, version 2.2). Failures: bad_store for XML that is cut
/// off or of another kind, with the unit that is incomplete.
Result<std::vector<ucum::Definition>, Failure> read_ucum_essence(std::string_view xml);

}  // namespace hl7flow::adapters
