#pragma once

#include <simdjson.h>

#include <string>
#include <vector>

#include <hl7flow/adapters/cli/match/matching.h>
#include <hl7flow/parsers/json_number.h>

// What the readers of models have in common; for their .cpp files.
namespace hl7flow::cli {

/// bad_config with the file's path.
tl::unexpected<Failure> bad_model(const std::string& path, const std::string& why);

/// A comparison of the table by name. Failures: bad_config if there is none of that name, or no
/// column for it.
Result<linkage::Comparison, Failure> comparison_named(const std::string& path,
                                                      const std::string& name,
                                                      const People& people);

/// The model of Splink's settings.
Result<linkage::LinkageModel, Failure> read_splink_model(const std::string& path,
                                                         simdjson::dom::object settings,
                                                         const People& people);

}  // namespace hl7flow::cli
