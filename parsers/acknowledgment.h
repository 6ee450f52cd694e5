#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <hl7flow/parsers/er7.h>

// What a message asks of its receiver, and how an acknowledgment points into it. HL7 v2.9.1 2.9
// (message processing), 2.10.1 (sequence numbers), 2.15.5 (ERR). Thread-safe, no allocation.
namespace hl7flow {

/// How a message is to be acknowledged.
enum class AckMode : std::uint8_t {
  original,  // MSH-15 and MSH-16 are both empty: one answer, from the application
  enhanced   // either is valued: an accept acknowledgment, and perhaps one of the application later
};
AckMode ack_mode(const MessageView& message) noexcept;

/// ERL, ERR-2: a place in the message that is acknowledged.
struct ErrorLocation {
  std::string_view segment;
  std::uint32_t occurrence = 0;  // of the segment in the whole message, whatever its group
  std::uint32_t field = 0;       // 0 here and below: not given, the whole of what stands above it
  std::uint32_t repetition = 0;
  std::uint32_t component = 0;
  std::uint32_t subcomponent = 0;
};
/// Reads one repetition of ERR-2. Errors: bad_value where a part is no number or no segment
/// identifier; its offset counts from the start of `value`. An occurrence that is left out is 1.
Result<ErrorLocation> read_error_location(const FieldView& value) noexcept;

/// Which occurrence in its message the segment at `position` (from 0) is: what ERR-2.2 counts.
std::uint32_t occurrence_of(const MessageView& message, std::size_t position) noexcept;

/// MSA-4: the answer to a message with sequence number `received` (MSH-13), where `last` was the
/// last one of the link, if it is known. 0 asks where the receiver stands: the next number, or -1
/// if it does not know. -1 begins anew: -1. Any other number is answered by itself.
constexpr std::int64_t sequence_answer(std::int64_t received,
                                       std::optional<std::int64_t> last) noexcept {
  if (received == 0) return last ? *last + 1 : -1;
  return received;
}

}  // namespace hl7flow
