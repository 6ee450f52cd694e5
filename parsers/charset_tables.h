#pragma once

#include <cstdint>
#include <string_view>

#include <iconv.h>

#include <hl7flow/parsers/charset.h>

// What the C library knows of character sets, fetched once per thread and set: small sets as
// tables, large ones as iconv handles. References live as long as the thread.
namespace hl7flow {

/// In tables: no character stands here.
inline constexpr char16_t no_character = 0xFFFD;

/// True for the sets of one byte a character: the ISO 8859 family, windows-1252, JIS X 0201.
constexpr bool is_single_byte(Charset charset) noexcept {
  return charset >= Charset::windows_1252 && charset <= Charset::jis_x_0201;
}

/// True for the sets that iconv decodes run by run: shift_jis to big5.
constexpr bool is_multibyte(Charset charset) noexcept {
  return charset >= Charset::shift_jis && charset <= Charset::big5;
}

/// The characters of bytes 0x80 to 0xFF.
struct SingleByteTable {
  char16_t upper[128];
  bool available;  // false if the C library lacks the set
};

/// Requires is_single_byte(charset).
const SingleByteTable& single_byte_table(Charset charset);

/// The byte of `character` (above ASCII) in a single-byte set, or -1: the reverse of the table.
int byte_of(char32_t character, Charset charset);

/// Sets of 94 by 94 characters that ISO 2022 designates.
enum class DoubleByteSet : std::uint8_t { jis_x_0208, jis_x_0212, gb_2312, ks_x_1001 };

struct DoubleByteTable {
  char16_t cell[94 * 94];  // by row, then column
};

const DoubleByteTable& double_byte_table(DoubleByteSet set);

/// A handle from `charset` to UTF-8, in its initial state; null if the C library lacks the set.
/// Requires is_multibyte(charset).
iconv_t multibyte_handle(Charset charset);

}  // namespace hl7flow
