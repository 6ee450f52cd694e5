#pragma once

#include <compare>
#include <cstdint>

namespace hl7flow::linkage {

/// Two records of a table, the first the one with the smaller number.
struct RecordPair {
  std::uint32_t a, b;
  /// By the first record, then by the second.
  friend auto operator<=>(const RecordPair&, const RecordPair&) = default;
};

}  // namespace hl7flow::linkage
