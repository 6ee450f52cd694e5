#include <hl7flow/pipeline/json.h>

#include <cstdio>
#include <cstring>

#include <hl7flow/parsers/charset.h>

namespace hl7flow {
namespace {

constexpr std::uint64_t every_byte = 0x0101010101010101ull;
constexpr std::uint64_t high_bits = every_byte * 0x80;

bool has_high_bit(std::string_view text) noexcept {
  std::uint64_t seen = 0;
  for (; text.size() >= sizeof seen; text.remove_prefix(sizeof seen)) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), sizeof word);
    seen |= word;
  }
  for (char const c : text) seen |= static_cast<unsigned char>(c);
  return (seen & high_bits) != 0;
}

/// High bits of the bytes that are zero, exact up to the first.
constexpr std::uint64_t zero_bytes(std::uint64_t word) noexcept {
  return (word - every_byte) & ~word & high_bits;
}

constexpr bool is_escaped(unsigned char c) noexcept { return c < 0x20 || c == '"' || c == '\\'; }

/// How many bytes `text` begins with that JSON takes as they are.
std::size_t plain_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    std::uint64_t const controls = (word - every_byte * 0x20) & ~word & high_bits;
    if ((controls | zero_bytes(word ^ every_byte * '"') | zero_bytes(word ^ every_byte * '\\')) !=
        0)
      break;
  }
  while (at < text.size() && !is_escaped(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

void append_escape(Buffer<char>& out, char c) {
  char code[8] = {'\\', c};
  std::size_t size = 2;
  switch (c) {
    case '"':
    case '\\':
      break;
    case '\n':
      code[1] = 'n';
      break;
    case '\r':
      code[1] = 'r';
      break;
    case '\t':
      code[1] = 't';
      break;
    default:
      size = static_cast<std::size_t>(
          std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c)));
  }
  out.append(code, size);
}

}  // namespace

void append_json_string(Buffer<char>& out, std::string_view text) {
  Buffer<char> converted;
  if (has_high_bit(text) && !is_utf8(text)) {
    // Never fails with this policy; what does not decode is replaced.
    if (to_utf8(text, Charset::utf8, CharsetPolicy::OnError::replace, converted))
      text = {converted.data(), converted.size()};
  }
  out.push_back('"');
  for (;;) {
    std::size_t const plain = plain_prefix(text);
    out.append(text.data(), plain);
    if (plain == text.size()) break;
    append_escape(out, text[plain]);
    text.remove_prefix(plain + 1);
  }
  out.push_back('"');
}

void append_json_string(std::string& out, std::string_view text) {
  Buffer<char> quoted;
  append_json_string(quoted, text);
  out.append(quoted.data(), quoted.size());
}

void JsonObject::begin(std::string_view key) {
  if (text_.size() > 1) text_ += ", ";
  append_json_string(text_, key);
  text_ += ": ";
}

JsonObject& JsonObject::add(std::string_view key, std::string_view value) {
  begin(key);
  append_json_string(text_, value);
  return *this;
}

JsonObject& JsonObject::add(std::string_view key, std::uint64_t value) {
  begin(key);
  text_ += std::to_string(value);
  return *this;
}

JsonObject& JsonObject::add(std::string_view key, double value) {
  begin(key);
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  text_ += text;
  return *this;
}

JsonObject& JsonObject::add(std::string_view key, bool value) {
  begin(key);
  text_ += value ? "true" : "false";
  return *this;
}

JsonObject& JsonObject::add_json(std::string_view key, std::string_view json) {
  begin(key);
  text_ += json;
  return *this;
}

}  // namespace hl7flow
