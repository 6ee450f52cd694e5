#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/er7.h>
#include <hl7flow/parsers/path.h>

namespace hl7flow {

/// Which values name a message: two that agree in all of them are the same message to their sender.
/// Immutable; thread-safe.
class MessageIdentity {
 public:
  struct Part {
    bool is_source = false;  // the input that it came from, or
    Path path;               // the text at a place; a path without repetition and component means
                             // the whole field
  };

  /// MSH-3, MSH-4 and MSH-10.
  MessageIdentity();
  /// At least one part is_telling().
  explicit MessageIdentity(std::vector<Part> parts);

  /// Whether the part tells a sender's messages apart: the source and MSH-3 to MSH-6 only say whose
  /// they are.
  static bool is_telling(const Part& part) noexcept;
  bool needs_source() const noexcept { return needs_source_; }
  /// 64 bits of XXH3 of the values; 0 if those that tell messages apart are all empty. Of other
  /// parts, other hashes.
  std::uint64_t of(const MessageView& message, std::string_view source) const noexcept;

 private:
  std::vector<Part> parts_;
  bool needs_source_ = false;
  std::uint64_t seed_ = 0;
};

}  // namespace hl7flow
