#include <hl7flow/stages/tabulate/bad_escape.h>

#include <algorithm>

#include <hl7flow/parsers/escape.h>

namespace hl7flow::stages {
namespace {

/// The values of one field that have an escape character, one after another: each is unescaped
/// alone, as a column would do it.
Error check_field(std::string_view field, const MessageEntry& entry, Buffer<char>& scratch) {
  Delimiters const& delimiters = entry.delimiters;
  auto const separates = [&](char c) {
    return c != '\0' && (c == delimiters.component || c == delimiters.repetition ||
                         c == delimiters.subcomponent);
  };
  for (std::size_t at = field.find(delimiters.escape); at != std::string_view::npos;) {
    std::size_t begin = at, end = at;
    while (begin > 0 && !separates(field[begin - 1])) --begin;
    while (end < field.size() && !separates(field[end])) ++end;
    scratch.clear();
    auto const text = append_unescaped(field.substr(begin, end - begin), delimiters, entry.charset,
                                       EscapePolicy::error, scratch);
    if (!text) return {text.error().code, static_cast<std::uint32_t>(begin + text.error().offset)};
    at = field.find(delimiters.escape, end);
  }
  return {};
}

}  // namespace

Error find_bad_escape(const MessageView& message, Buffer<char>& scratch) {
  MessageEntry const& entry = message.entry();
  for (std::size_t position = 0; position < message.segment_count(); ++position) {
    SegmentView const segment = message.segment(position);
    if (!has_escape(segment.raw(), entry.delimiters)) continue;
    // MSH-2 declares the escape character and is never unescaped; MSH-1 is a delimiter.
    for (std::size_t number = position == 0 ? 3 : 1; number <= segment.field_count(); ++number) {
      std::string_view const field = segment.field(number).raw();
      if (!has_escape(field, entry.delimiters)) continue;
      Error error = check_field(field, entry, scratch);
      if (error.code == ErrorCode::none) continue;
      const char* const begin = message.segment(0).raw().data();
      error.offset += static_cast<std::uint32_t>(field.data() - begin);
      if (entry.rewritten)
        error.offset = static_cast<std::uint32_t>(
            offset_before_utf8(message.raw(), entry.charset, error.offset));
      return error;
    }
  }
  return {};
}

}  // namespace hl7flow::stages
