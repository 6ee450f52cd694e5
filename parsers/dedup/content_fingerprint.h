#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/dedup/message_identity.h>
#include <hl7flow/parsers/er7.h>

// What makes two messages the same one sent twice.
namespace hl7flow {

/// Identity and content of a message, as 64 and 128 bits of XXH3.
struct ContentFingerprint {
  std::uint64_t id = 0;  // MessageIdentity::of()
  std::uint64_t content_high = 0, content_low = 0;
  std::uint64_t bytes_high = 0, bytes_low = 0;  // of the message as received
  std::int64_t sent_at = no_time;  // MSH-7 in seconds since 1970, UTC where no zone is given
  std::uint32_t feed = 0;          // which of the policies applies; the fingerprinter leaves it

  static constexpr std::int64_t no_time = INT64_MIN;
  bool has_id() const noexcept { return id != 0; }
  bool same_content(const ContentFingerprint& other) const noexcept {
    return content_high == other.content_high && content_low == other.content_low;
  }
};

/// A field that says nothing of what a message is about.
struct VolatileField {
  std::uint32_t segment = 0;  // simd::pack'ed
  std::uint16_t field = 0;
};

/// Takes fingerprints. The content is all segments in order, without their terminators, without the
/// separators that end a segment, and without volatile fields: MSH-7, MSH-10, MSH-13, EVN-2 and
/// those given. How a message was delimited and its encoding are content. Keeps memory from message
/// to message; one caller's own, not thread-safe.
class Fingerprinter {
 public:
  explicit Fingerprinter(const std::vector<VolatileField>& more = {},
                         MessageIdentity identity = MessageIdentity());
  /// `source`: the input that the message came from, where its identity needs_source().
  ContentFingerprint take(const MessageView& message, std::string_view source = {});
  bool needs_source() const noexcept { return identity_.needs_source(); }

 private:
  void append(const SegmentView& segment);
  void append_without(const SegmentView& segment);
  bool is_volatile(std::uint32_t segment, std::size_t field) const noexcept;

  MessageIdentity identity_;
  std::vector<VolatileField> volatile_;
  std::vector<std::uint32_t> segments_;  // that have volatile fields
  std::vector<char> content_;
  char field_separator_ = '|';
};

}  // namespace hl7flow
