#pragma once

#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstddef>
#include <cstdint>

// The hand-over between an I/O thread and the graph, in either direction.
namespace hl7flow {

/// A bounded queue of one producer and one consumer at a time; lock-free while it is neither empty
/// nor full, and otherwise waits in the kernel instead of spinning. The producer may be a different
/// thread each time if those threads are synchronised with each other (a serial graph node is).
template <class T>
class HandoverQueue {
 public:
  explicit HandoverQueue(std::size_t capacity) : queue_(capacity) {}

  /// Waits for room; false if the queue is closed.
  bool push(const T& value) {
    for (;;) {
      std::uint32_t const seen = popped_.load(std::memory_order_acquire);
      if (closed_.load(std::memory_order_acquire)) return false;
      if (queue_.push(value)) break;
      popped_.wait(seen, std::memory_order_acquire);
    }
    pushed_.fetch_add(1, std::memory_order_release);
    pushed_.notify_one();
    return true;
  }

  /// Waits for a value; false if the queue is closed and empty.
  bool pop(T& value) {
    for (;;) {
      std::uint32_t const seen = pushed_.load(std::memory_order_acquire);
      if (queue_.pop(value)) break;
      if (closed_.load(std::memory_order_acquire)) return queue_.pop(value);
      pushed_.wait(seen, std::memory_order_acquire);
    }
    popped_.fetch_add(1, std::memory_order_release);
    popped_.notify_one();
    return true;
  }

  /// No more values come; wakes both sides. Thread-safe.
  void close() {
    closed_.store(true, std::memory_order_release);
    pushed_.fetch_add(1, std::memory_order_release);
    pushed_.notify_all();
    popped_.fetch_add(1, std::memory_order_release);
    popped_.notify_all();
  }

 private:
  boost::lockfree::spsc_queue<T> queue_;
  alignas(64) std::atomic<std::uint32_t> pushed_{0};
  alignas(64) std::atomic<std::uint32_t> popped_{0};
  std::atomic<bool> closed_{false};
};

}  // namespace hl7flow
