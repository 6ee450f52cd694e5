#pragma once

#include <hl7flow/pipeline/record_log.h>

namespace hl7flow::stages {

/// A message that was passed on: what a hit of the RecentIndex is confirmed from.
struct SeenRecord {
  std::uint64_t id, content_high, content_low, bytes_high, bytes_low;
  std::int64_t sent_at;
};
using SeenLog = RecordLog<SeenRecord>;

}  // namespace hl7flow::stages
