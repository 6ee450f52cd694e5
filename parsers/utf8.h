#pragma once

#include <cstddef>
#include <string_view>

#include <hl7flow/parsers/buffer.h>

// UTF-8 a character at a time, for what decodes text; whole texts are validated by is_utf8().
namespace hl7flow {

inline constexpr char32_t replacement_character = 0xFFFD;

/// How many ASCII bytes `text` begins with.
std::size_t ascii_prefix(std::string_view text) noexcept;

/// Length of the character that `text` begins with; 0 if that is no valid UTF-8 (RFC 3629: no
/// overlong forms, no surrogates, nothing above U+10FFFF), or if there is no text.
std::size_t utf8_length(std::string_view text) noexcept;

/// The character of a sequence that utf8_length() accepted.
char32_t utf8_character(std::string_view sequence) noexcept;

/// Appends `character`, which must be a Unicode scalar value.
void append_utf8(char32_t character, Buffer<char>& out);

}  // namespace hl7flow
