#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/linkage/person_registry.h>

namespace hl7flow::stages {

/// How a site wants persons to be found. A state remembers all but `records`: other persons would
/// come out of the same statements.
struct PersonOptions {
  double link = 0.99, review = 0.5;  // probabilities
  std::vector<std::string> rules;    // "identifier+birth_date"
  std::uint64_t records = 4'000'000;
  std::optional<linkage::AspectWeights> weights = {};  // learned ones; else default_weights()

  /// Failures: bad_option, saying which.
  Result<linkage::RegistryOptions, Failure> compiled() const;
  /// Which of what a state remembers is another there: "review, weights"; empty if nothing is.
  std::string differences(const PersonOptions& other) const;
  /// A line each, as a state keeps them.
  std::string text() const;
  /// Failures: io if that is no text().
  static Result<PersonOptions, Failure> read(std::string_view text);
};

}  // namespace hl7flow::stages
