#pragma once

#include <string>
#include <vector>

#include <hl7flow/parsers/error.h>

namespace hl7flow::stages {

/// Reads a CSV file of what people decided who looked at two records: columns decision (same,
/// different, or open: what was decided before does not count), assigning_authority_a,
/// identifier_a, assigning_authority_b and identifier_b, as the table person_reviews has them;
/// others do not matter. Gives a statement a row that has a decision. Failures: not_found,
/// bad_config with the line.
Result<std::vector<std::string>, Failure> read_decisions(const std::string& path);

}  // namespace hl7flow::stages
