#pragma once

#include <cstdint>

namespace hl7flow::linkage {

/// Two records of a table, the first the one with the smaller number.
struct RecordPair {
  std::uint32_t a, b;
  friend bool operator==(const RecordPair&, const RecordPair&) = default;
};

}  // namespace hl7flow::linkage
