#include <hl7flow/parsers/acknowledgment.h>

#include <charconv>

namespace hl7flow {
namespace {

/// A number, or `missing` where the part is empty. False if it is neither.
bool read_count(std::string_view text, std::uint32_t missing, std::uint32_t& out) noexcept {
  out = missing;
  if (text.empty()) return true;
  auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && stop == text.data() + text.size();
}

}  // namespace

AckMode ack_mode(const MessageView& message) noexcept {
  SegmentView const header = message.segment(0);
  bool const asks = header.field(15).has_text() || header.field(16).has_text();
  return asks ? AckMode::enhanced : AckMode::original;
}

Result<ErrorLocation> read_error_location(const FieldView& value) noexcept {
  ErrorLocation place;
  place.segment = value.component(1).subcomponent(1).raw();
  if (place.segment.size() != 3) return fail(ErrorCode::bad_value, 0);
  std::uint32_t* const parts[] = {&place.occurrence, &place.field, &place.repetition,
                                  &place.component, &place.subcomponent};
  std::size_t number = 2;
  for (std::uint32_t* const part : parts) {
    std::string_view const text = value.component(number).subcomponent(1).raw();
    if (!read_count(text, number == 2 ? 1 : 0, *part))
      return fail(ErrorCode::bad_value, static_cast<std::size_t>(text.data() - value.raw().data()));
    ++number;
  }
  return place;
}

std::uint32_t occurrence_of(const MessageView& message, std::size_t position) noexcept {
  std::uint32_t const id = message.segment(position).packed_id();
  std::uint32_t count = 0;
  for (std::size_t at = 0; at <= position; ++at)
    count += message.segment(at).packed_id() == id ? 1 : 0;
  return count;
}

}  // namespace hl7flow
