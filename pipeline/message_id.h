#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hl7flow {

/// A message's identity in every table: 128 bits of XXH3 over its bytes as received, in
/// hexadecimal. The same message has the same id in every run, file and batch, so loads are
/// idempotent.
using MessageId = std::array<char, 32>;
MessageId message_id(std::string_view raw) noexcept;
/// The same of the two halves of the hash.
MessageId message_id(std::uint64_t high, std::uint64_t low) noexcept;

}  // namespace hl7flow
