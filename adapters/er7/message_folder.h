#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <hl7flow/parsers/error.h>

namespace hl7flow::adapters {

/// A folder with one file a message, which appears whole or not at all: it is filled under a hidden
/// name, synced and renamed. Destroyed unfinished, it is removed.
class MessageFolder {
 public:
  /// Makes the hidden folder in `parent`, without what a killed run has left there. Failures:
  /// cannot_create.
  static Result<std::unique_ptr<MessageFolder>, Failure> create(const std::string& parent,
                                                                const std::string& name);
  ~MessageFolder();
  MessageFolder(const MessageFolder&) = delete;
  MessageFolder& operator=(const MessageFolder&) = delete;

  /// Writes a file. Thread-safe for different names. A failure shows at finish().
  void add(std::string_view name, std::string_view bytes);
  std::uint64_t file_count() const noexcept { return files_.load(std::memory_order_relaxed); }
  std::uint64_t size() const noexcept { return bytes_.load(std::memory_order_relaxed); }
  /// Makes all files durable and gives the folder its name. Failures: io.
  Status finish();

 private:
  MessageFolder(std::string parent, const std::string& name, std::string hidden);

  std::string const parent_, place_, hidden_;
  std::atomic<std::uint64_t> files_{0}, bytes_{0};
  std::atomic<int> error_{0};  // errno of a failure
  bool finished_ = false;
};

}  // namespace hl7flow::adapters
