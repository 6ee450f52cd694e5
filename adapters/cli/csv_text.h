#pragma once

#include <string>
#include <string_view>

namespace hl7flow::cli {

/// A field of CSV (RFC 4180) in quotation marks.
std::string csv_quoted(std::string_view text);
/// The same, with quotation marks only where it needs them.
std::string csv_field(std::string_view text);

}  // namespace hl7flow::cli
