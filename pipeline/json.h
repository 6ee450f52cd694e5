#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <hl7flow/parsers/buffer.h>

namespace hl7flow {

/// Appends `text` as a JSON string: quotes, control characters escaped; bytes that are not UTF-8
/// become U+FFFD.
void append_json_string(Buffer<char>& out, std::string_view text);
void append_json_string(std::string& out, std::string_view text);

/// A small writer of JSON objects for reports and the manifest: keys in the order they are added.
class JsonObject {
 public:
  JsonObject& add(std::string_view key, std::string_view value);
  JsonObject& add(std::string_view key, const char* value) {
    return add(key, std::string_view(value));
  }
  JsonObject& add(std::string_view key, std::uint64_t value);
  JsonObject& add(std::string_view key, double value);
  JsonObject& add(std::string_view key, bool value);
  /// A value that is JSON already.
  JsonObject& add_json(std::string_view key, std::string_view json);
  std::string text() const { return text_ + "}"; }

 private:
  void begin(std::string_view key);
  std::string text_ = "{";
};

}  // namespace hl7flow
