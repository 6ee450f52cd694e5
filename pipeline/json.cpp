#include <hl7flow/pipeline/json.h>

#include <cstdio>

#include <hl7flow/parsers/charset.h>

namespace hl7flow {

void append_json_string(std::string& out, std::string_view text) {
  Buffer<char> converted;
  if (!is_utf8(text)) {
    // Never fails with this policy; what does not decode is replaced.
    if (to_utf8(text, Charset::utf8, CharsetPolicy::OnError::replace, converted))
      text = {converted.data(), converted.size()};
  }
  out += '"';
  for (char const c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char code[8];
          std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
          out += code;
        } else {
          out += c;
        }
    }
  }
  out += '"';
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
