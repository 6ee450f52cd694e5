#include <hl7flow/parsers/base64.h>

#include <array>
#include <cstdint>

namespace hl7flow {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Values above 63 have the high bit: no digit.
constexpr std::uint8_t bad = 0x80, blank = 0x81, padding = 0x82;

constexpr std::array<std::uint8_t, 256> values = [] {
  std::array<std::uint8_t, 256> table{};
  for (auto& value : table) value = bad;
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  for (char const c : {' ', '\t', '\r', '\n'}) table[static_cast<unsigned char>(c)] = blank;
  table['='] = padding;
  return table;
}();

constexpr std::uint32_t value(char c) noexcept { return values[static_cast<unsigned char>(c)]; }

}  // namespace

Result<std::size_t> decode_base64(std::string_view text, Buffer<char>& out) {
  std::size_t const before = out.size();
  out.resize(before + text.size() / 4 * 3 + 3);
  char* to = out.data() + before;
  auto const refuse = [&](std::size_t offset) {
    out.resize(before);
    return fail(ErrorCode::bad_base64, offset);
  };

  std::uint32_t bits = 0;  // of digits not yet written
  std::size_t digits = 0;  // of the current four
  std::size_t paddings = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    if (digits == 0 && paddings == 0) {
      for (; at + 4 <= text.size(); at += 4) {
        std::uint32_t const a = value(text[at]), b = value(text[at + 1]);
        std::uint32_t const c = value(text[at + 2]), d = value(text[at + 3]);
        if (((a | b | c | d) & 0x80) != 0) break;
        std::uint32_t const group = a << 18 | b << 12 | c << 6 | d;
        *to++ = static_cast<char>(group >> 16);
        *to++ = static_cast<char>(group >> 8);
        *to++ = static_cast<char>(group);
      }
      if (at == text.size()) break;
    }
    std::uint32_t const digit = value(text[at]);
    if (digit == padding) {
      if (digits < 2 || digits + ++paddings > 4) return refuse(at);
    } else if (digit != blank) {
      if (digit == bad || paddings != 0) return refuse(at);
      bits = bits << 6 | digit;
      if (++digits == 4) {
        *to++ = static_cast<char>(bits >> 16);
        *to++ = static_cast<char>(bits >> 8);
        *to++ = static_cast<char>(bits);
        digits = 0;
      }
    }
    ++at;
  }
  if (digits == 1) return refuse(text.size());
  if (digits == 2) *to++ = static_cast<char>(bits >> 4);
  if (digits == 3) {
    *to++ = static_cast<char>(bits >> 10);
    *to++ = static_cast<char>(bits >> 2);
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
  return out.size() - before;
}

void encode_base64(std::string_view bytes, Buffer<char>& out) {
  std::size_t const before = out.size();
  out.resize(before + (bytes.size() + 2) / 3 * 4);
  char* to = out.data() + before;
  auto const byte = [bytes](std::size_t at) -> std::uint32_t {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
  };
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t const group = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    *to++ = alphabet[group >> 18];
    *to++ = alphabet[group >> 12 & 63];
    *to++ = at + 1 < bytes.size() ? alphabet[group >> 6 & 63] : '=';
    *to++ = at + 2 < bytes.size() ? alphabet[group & 63] : '=';
  }
}

}  // namespace hl7flow
