#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

// Two planes of failure. The data plane (one bad message among millions) carries a code and a
// place, eight bytes, no text and no heap. The control plane (start-up, configuration, I/O) carries
// a code and a sentence for a person. Nothing on the data path throws.
namespace hl7flow {

/// Why a message, a value or a call failed. The list is closed: a new code comes with a sentence in
/// error.cpp, a row in docs/reference/errors.md and a test that provokes it. Numbers are never
/// reused.
enum class ErrorCode : std::uint16_t {
  none = 0,
  // Messages: each of these sends the message to the reject sink.
  no_header = 1,           // segments without an MSH before them
  header_truncated = 2,    // ends before MSH-1 and MSH-2 are complete
  bad_delimiters = 3,      // MSH-1/MSH-2 declare no, repeated, alphanumeric or non-ASCII delimiters
  message_too_large = 4,   // over Limits::message_size_max
  too_many_segments = 5,   // over Limits::segment_count_max
  bad_segment_id = 6,      // a line is no segment, and the policy is to reject
  bad_charset = 7,         // bytes do not decode in the declared character set, policy `error`
  unknown_charset = 8,     // MSH-18 names no known character set, policy `error`
  bad_escape = 9,          // unknown or unterminated escape sequence, policy `error`
  frame_incomplete = 10,   // an MLLP frame that begins and never ends
  rejected_by_stage = 11,  // a stage of the user refused the message
  continuation_incomplete = 12,  // other parts of the message never came, policy `reject`
  // Values: the field's text does not fit its type.
  bad_datetime = 40,
  bad_number = 41,
  bad_structured_numeric = 42,
  bad_base64 = 43,
  value_out_of_range = 44,
  bad_value = 45,
  // Calls: configuration, usage, input and output.
  bad_path = 80,
  bad_option = 81,
  unknown_component = 82,
  bad_config = 83,
  usage = 84,
  not_found = 85,
  not_readable = 86,
  not_hl7 = 87,
  exists = 88,
  cannot_create = 89,
  io = 90,
  archive = 91,
  cancelled = 92,
  internal = 93,
  bad_store = 94,  // a code store, or a release to make one of, that is damaged or of another kind
  out_of_room = 95,  // what a stage has to remember is more than its options allow
};

/// The code's name as users see it in the rejects table and in docs/reference/errors.md:
/// "bad_delimiters".
std::string_view name(ErrorCode code) noexcept;

/// One sentence for a person, without message content (PHI).
std::string_view describe(ErrorCode code) noexcept;

/// Data plane: what, and where: a byte offset from the start of the message.
struct Error {
  ErrorCode code = ErrorCode::none;
  std::uint32_t offset = 0;
  friend constexpr bool operator==(Error, Error) = default;
};
static_assert(sizeof(Error) == 8);

/// Control plane: a person reads it; the run-time values stand at the end of the sentence.
struct Failure {
  ErrorCode code = ErrorCode::internal;
  std::string text;
};

/// A value, or the reason there is none. Becomes std::expected when the project moves to C++23.
template <class T, class E = Error>
using Result = tl::expected<T, E>;
using Status = Result<void, Failure>;

inline tl::unexpected<Failure> fail(ErrorCode code, std::string text) {
  return tl::unexpected<Failure>(Failure{code, std::move(text)});
}
constexpr tl::unexpected<Error> fail(ErrorCode code, std::size_t offset) {
  return tl::unexpected<Error>(Error{code, static_cast<std::uint32_t>(offset)});
}

}  // namespace hl7flow
