#pragma once

#include <string>
#include <string_view>

#include <hl7flow/parsers/error.h>
#include <hl7flow/parsers/linkage/aspect_training.h>

// Weights of packed persons as a file.
namespace hl7flow::linkage {

/// JSON, for a reader as well: m, u and bits of each aspect and level, and what it was learned
/// from.
std::string weights_json(const LearnedWeights& learned);

/// The weights of such a text: from m, u and household; bits are for a reader. Every aspect and
/// level must be there once, and nothing else. Failures: bad_config, saying what is wrong.
Result<AspectWeights, Failure> read_weights(std::string_view text);

}  // namespace hl7flow::linkage
