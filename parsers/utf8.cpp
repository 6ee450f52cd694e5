#include <hl7flow/parsers/utf8.h>

#include <bit>
#include <cstdint>

namespace hl7flow {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080;

std::uint64_t word(const char* at) noexcept {
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

constexpr unsigned byte(char c) noexcept { return static_cast<unsigned char>(c); }
constexpr bool is_continuation(char c) noexcept { return (byte(c) & 0xC0) == 0x80; }

}  // namespace

std::size_t ascii_prefix(std::string_view text) noexcept {
  const char* const data = text.data();
  std::size_t at = 0;
  for (; at + 32 <= text.size(); at += 32) {
    std::uint64_t const all =
        word(data + at) | word(data + at + 8) | word(data + at + 16) | word(data + at + 24);
    if ((all & high_bits) != 0) break;
  }
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t const high = word(data + at) & high_bits;
    if (high == 0) continue;
    if constexpr (std::endian::native == std::endian::little)
      return at + static_cast<std::size_t>(std::countr_zero(high)) / 8;
    else
      return at + static_cast<std::size_t>(std::countl_zero(high)) / 8;
  }
  while (at < text.size() && byte(data[at]) < 0x80) ++at;
  return at;
}

std::size_t utf8_length(std::string_view text) noexcept {
  if (text.empty()) return 0;
  unsigned const lead = byte(text[0]);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  std::size_t const length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(text[i])) return 0;
  unsigned const second = byte(text[1]);
  bool const overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  bool const surrogate = lead == 0xED && second > 0x9F;
  bool const too_large = lead == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

char32_t utf8_character(std::string_view sequence) noexcept {
  unsigned const lead = byte(sequence[0]);
  if (sequence.size() == 1) return lead;
  char32_t character = lead & (0xFFu >> (sequence.size() + 1));
  for (char const c : sequence.substr(1)) character = (character << 6) | (byte(c) & 0x3F);
  return character;
}

void append_utf8(char32_t character, Buffer<char>& out) {
  char sequence[4];
  std::size_t length = 0;
  auto const put = [&](char32_t value) { sequence[length++] = static_cast<char>(value); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0 | (character >> 6));
    put(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    put(0xE0 | (character >> 12));
    put(0x80 | ((character >> 6) & 0x3F));
    put(0x80 | (character & 0x3F));
  } else {
    put(0xF0 | (character >> 18));
    put(0x80 | ((character >> 12) & 0x3F));
    put(0x80 | ((character >> 6) & 0x3F));
    put(0x80 | (character & 0x3F));
  }
  out.append(sequence, length);
}

}  // namespace hl7flow
