#pragma once

#include <cstdint>
#include <tuple>

namespace hl7flow::linkage {

/// Two records of a table, the first the one with the smaller number.
struct RecordPair {
  std::uint32_t a, b;
  friend bool operator==(const RecordPair&, const RecordPair&) = default;
  /// By the first record, then by the second.
  friend bool operator<(const RecordPair& left, const RecordPair& right) {
    return std::tie(left.a, left.b) < std::tie(right.a, right.b);
  }
};

}  // namespace hl7flow::linkage
