#pragma once

#include <hl7flow/parsers/er7_index.h>
#include <hl7flow/parsers/simd/kernels.h>

// Internal to the parser: the two halves of index_er7.
namespace hl7flow::detail {

/// Appends the marks and segment starts of text[begin, end) to the index: one more start than there
/// are segments. Ids and messages are the caller's.
void scan_segments(const char* text, std::size_t begin, std::size_t end,
                   const simd::IndexRequest& request, Er7Index& index);

/// Indexes a block message by message: each with its own delimiters, newline and character set,
/// with batch envelopes, MLLP framing, comments, stray lines, ADD segments and defects.
void index_carefully(TextBuffer& text, const Er7Options& options, Er7Index& index);

}  // namespace hl7flow::detail
