#pragma once

#include <cstdint>
#include <string_view>

#include <hl7flow/pipeline/message_id.h>

namespace hl7flow {

/// How a message repeats an earlier one.
enum class Repeat : std::uint8_t {
  resend,          // the same control id and the same content
  duplicate_send,  // the same content under another control id
  id_reuse,        // another content under the same control id
};
constexpr std::string_view name(Repeat repeat) noexcept {
  constexpr std::string_view names[] = {"resend", "duplicate_send", "id_reuse"};
  return names[static_cast<std::size_t>(repeat)];
}

/// A message of a batch that repeats an earlier one: a row of `duplicates`.
struct Repetition {
  std::uint32_t message = 0;  // ordinal in the batch
  Repeat repeat = Repeat::resend;
  bool dropped = false;
  bool has_times = false;
  std::int64_t seconds_apart = 0;    // of the two MSH-7, if both have one
  std::uint64_t messages_apart = 0;  // messages that came since the first, this one included
  MessageId first{};                 // the earlier one's message_id
};

}  // namespace hl7flow
