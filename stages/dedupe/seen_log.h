#pragma once

#include <cstddef>

#include <hl7flow/parsers/dedup/content_fingerprint.h>
#include <hl7flow/pipeline/record_log.h>

namespace hl7flow::stages {

/// A message that was passed on: what a hit of the RecentIndex is confirmed from.
struct SeenRecord {
  std::uint64_t id, content_high, content_low, bytes_high, bytes_low;
  std::int64_t sent_at;
};
using SeenLog = RecordLog<SeenRecord>;

/// A fingerprint begins as its record does: the log takes it in one piece.
inline const std::byte* record_of(const ContentFingerprint& one) noexcept {
  static_assert(offsetof(ContentFingerprint, id) == offsetof(SeenRecord, id) &&
                offsetof(ContentFingerprint, content_low) == offsetof(SeenRecord, content_low) &&
                offsetof(ContentFingerprint, sent_at) == offsetof(SeenRecord, sent_at));
  return reinterpret_cast<const std::byte*>(&one);
}

}  // namespace hl7flow::stages
