#include <hl7flow/parsers/iso_2022.h>

#include <hl7flow/parsers/charset_tables.h>
#include <hl7flow/parsers/utf8.h>

namespace hl7flow::iso_2022 {
namespace {

constexpr char esc = '\x1B';

/// Sets of one byte by final character, for "(" (left) and ")" (right).
std::optional<GraphicSet> single_set(char final_byte) noexcept {
  switch (final_byte) {
    case 'B':
    case 'H':  // wrong, but written by old software for J
    case 'J':
      return GraphicSet::ascii;
    case 'I':
      return GraphicSet::kana;
    default:
      return std::nullopt;
  }
}

std::optional<GraphicSet> double_set(char final_byte) noexcept {
  switch (final_byte) {
    case '@':  // JIS C 6226-1978, whose few differences are not worth a table
    case 'B':
      return GraphicSet::jis_x_0208;
    case 'A':
      return GraphicSet::gb_2312;
    case 'C':
      return GraphicSet::ks_x_1001;
    case 'D':
      return GraphicSet::jis_x_0212;
    default:
      return std::nullopt;
  }
}

Charset upper_half(char final_byte) noexcept {
  switch (final_byte) {
    case 'A':
      return Charset::windows_1252;
    case 'B':
      return Charset::iso_8859_2;
    case 'C':
      return Charset::iso_8859_3;
    case 'D':
      return Charset::iso_8859_4;
    case 'L':
      return Charset::iso_8859_5;
    case 'G':
      return Charset::iso_8859_6;
    case 'F':
      return Charset::iso_8859_7;
    case 'H':
      return Charset::iso_8859_8;
    case 'M':
      return Charset::iso_8859_9;
    case 'b':
      return Charset::iso_8859_15;
    default:
      return Charset::unknown;
  }
}

constexpr bool is_graphic(unsigned byte) noexcept { return byte >= 0x21 && byte <= 0x7E; }

struct Found {
  char32_t character;
  std::size_t length;
};

std::optional<DoubleByteSet> double_byte_set(GraphicSet set) noexcept {
  switch (set) {
    case GraphicSet::jis_x_0208:
      return DoubleByteSet::jis_x_0208;
    case GraphicSet::jis_x_0212:
      return DoubleByteSet::jis_x_0212;
    case GraphicSet::gb_2312:
      return DoubleByteSet::gb_2312;
    case GraphicSet::ks_x_1001:
      return DoubleByteSet::ks_x_1001;
    default:
      return std::nullopt;
  }
}

/// The character that a byte of this half begins, after `high` is taken off: 0x80 on the right.
Found decode(std::string_view bytes, const Designation& half, unsigned high) {
  unsigned const first = static_cast<unsigned char>(bytes[0]) - high;
  if (half.set == GraphicSet::upper_half) {  // these have 96 characters
    return {single_byte_table(half.upper_half).upper[first & 0x7F], 1};
  }
  if (half.set == GraphicSet::kana) {
    bool const kana = first >= 0x21 && first <= 0x5F;
    return {kana ? 0xFF61 + first - 0x21 : replacement_character, 1};
  }
  std::optional<DoubleByteSet> const set = double_byte_set(half.set);
  if (!set || bytes.size() < 2 || !is_graphic(first)) return {replacement_character, 1};
  unsigned const second = static_cast<unsigned char>(bytes[1]) - high;
  if (!is_graphic(second)) return {replacement_character, 1};
  return {double_byte_table(*set).cell[(first - 0x21) * 94 + second - 0x21], 2};
}

}  // namespace

std::optional<Designation> read_designation(std::string_view text) noexcept {
  if (text.size() < 2) return std::nullopt;
  auto const make = [](std::optional<GraphicSet> set, bool right,
                       std::uint8_t length) -> std::optional<Designation> {
    if (!set) return std::nullopt;
    return Designation{*set, right, Charset::utf8, length};
  };
  switch (text[0]) {
    case '(':
      return make(single_set(text[1]), false, 2);
    case ')':
      return make(single_set(text[1]), true, 2);
    case '-': {
      Charset const set = upper_half(text[1]);
      if (set == Charset::unknown) return std::nullopt;
      return Designation{GraphicSet::upper_half, true, set, 2};
    }
    case '$':
      if (text.size() >= 3 && (text[1] == '(' || text[1] == ')'))
        return make(double_set(text[2]), text[1] == ')', 3);
      return text[1] == 'B' || text[1] == '@' || text[1] == 'A'
                 ? make(double_set(text[1]), false, 2)
                 : std::nullopt;
    default:
      return std::nullopt;
  }
}

Result<std::size_t> append(std::string_view bytes, State state, CharsetPolicy::OnError on_error,
                           Buffer<char>& out) {
  std::size_t replaced = 0;
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::string_view const rest = bytes.substr(at);
    unsigned const byte = static_cast<unsigned char>(rest[0]);
    Found found{replacement_character, 1};
    if (rest[0] == esc) {
      if (auto const designation = read_designation(rest.substr(1))) {
        (designation->right ? state.right : state.left) = *designation;
        at += 1u + designation->length;
        continue;
      }
    } else if (rest[0] == '\r' || rest[0] == '\n') {
      state = State{};
      found.character = byte;
    } else if (byte >= 0x80) {
      found = decode(rest, state.right, 0x80);
    } else if (state.left.set == GraphicSet::ascii) {
      std::size_t length = 0;
      for (; length < rest.size(); ++length) {
        char const c = rest[length];
        if (c == esc || static_cast<unsigned char>(c) >= 0x80) break;
        if (c == '\r' || c == '\n') state = State{};
      }
      out.append(rest.data(), length);
      at += length;
      continue;
    } else if (is_graphic(byte)) {
      found = decode(rest, state.left, 0);
    } else {
      found.character = byte;  // blanks and controls belong to no set
    }
    if (found.character == replacement_character) {
      if (on_error == CharsetPolicy::OnError::error) return fail(ErrorCode::bad_charset, at);
      ++replaced;
    }
    append_utf8(found.character, out);
    at += found.length;
  }
  return replaced;
}

}  // namespace hl7flow::iso_2022
