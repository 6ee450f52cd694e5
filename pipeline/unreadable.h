#pragma once

#include <string>

#include <hl7flow/parsers/error.h>

namespace hl7flow {

/// That a file cannot be read, and why: not_found.
tl::unexpected<Failure> unreadable(const std::string& path);

}  // namespace hl7flow
