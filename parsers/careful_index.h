#pragma once

#include <hl7flow/parsers/er7_index.h>
#include <hl7flow/parsers/simd/kernels.h>

// Internal to the parser: the two halves of index_er7.
namespace hl7flow::detail {

/// Appends the marks and segment starts of text[begin, end) to the index: one more start than there
/// are segments. Ids and messages are the caller's.
void scan_segments(const char* text, std::size_t begin, std::size_t end,
                   const simd::IndexRequest& request, Er7Index& index);

/// MLLP's frame, and the frame of characters that tools print which show a wire's messages.
inline constexpr char vertical_tab = '\v';
inline constexpr char file_separator = '\x1c';
inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
inline constexpr std::string_view printed_start = "[SOM]";
inline constexpr std::string_view printed_end = "[EOM]";

/// How many bytes stand before the header at the start of `text` and belong to no message: VT, the
/// byte order mark that each of several files brought when they were joined, or "[SOM]".
constexpr std::size_t header_prefix(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (text.front() == vertical_tab) return 1;
  if (text.front() == byte_order_mark.front())
    return text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  if (text.front() == printed_start.front())
    return text.starts_with(printed_start) ? printed_start.size() : 0;
  return 0;
}

/// Indexes a block message by message: each with its own delimiters, newline and character set,
/// with batch envelopes, MLLP framing, comments, stray lines, ADD segments and defects.
void index_carefully(TextBuffer& text, const Er7Options& options, Er7Index& index);

}  // namespace hl7flow::detail
