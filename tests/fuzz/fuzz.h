#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// What all fuzz targets share: how a broken promise stops them, and how they read their input.
namespace hl7flow::fuzz {

/// Stops the fuzzer, which keeps the input, unless `holds`. `promise` says what should have held.
inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

/// The fuzzer's bytes: a few that choose, then text.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  /// A number below `bound`, at most 256; 0 when there are no more bytes.
  std::size_t choose(std::size_t bound) {
    if (rest_.empty()) return 0;
    auto const byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte % bound;
  }
  /// The text up to the first `end`, or all that is left.
  std::string_view line(char end = '\n') {
    std::string_view const found = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(found.size() < rest_.size() ? found.size() + 1 : found.size());
    return found;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace hl7flow::fuzz
