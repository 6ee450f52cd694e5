#pragma once

#include <string>

#include <hl7flow/parsers/error.h>

namespace hl7flow {

/// A whole file, for what is read at start-up. Failures: not_found, naming the path.
Result<std::string, Failure> read_text_file(const std::string& path);

}  // namespace hl7flow
