#pragma once

#include <array>
#include <string_view>

namespace hl7flow {

/// A message's identity in every table: 128 bits of XXH3 over its bytes as received, in
/// hexadecimal. The same message has the same id in every run, file and batch, so loads are
/// idempotent.
using MessageId = std::array<char, 32>;
MessageId message_id(std::string_view raw) noexcept;

}  // namespace hl7flow
