#pragma once

#include <cstddef>
#include <functional>

namespace hl7flow::linkage {

/// Calls work(0) … work(count - 1), each once, perhaps at the same time; returns when all have
/// returned.
using ParallelFor = std::function<void(std::size_t count, const std::function<void(std::size_t)>&)>;

/// One after the other.
inline void in_turn(std::size_t count, const std::function<void(std::size_t)>& work) {
  for (std::size_t k = 0; k < count; ++k) work(k);
}

}  // namespace hl7flow::linkage
