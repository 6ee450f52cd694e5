#pragma once

#include <cstdint>
#include <string_view>

namespace hl7flow::linkage {

/// The number of the names that a given name, in its normal form, is used with: "bill", "billy" and
/// "william" have one number, and so have "alexander", "alexandra" and "alex", whom sex tells
/// apart. 0 if none is known. English names. Thread-safe.
std::uint16_t nickname_group(std::string_view given_name) noexcept;

}  // namespace hl7flow::linkage
