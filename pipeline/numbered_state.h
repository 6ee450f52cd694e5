#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <hl7flow/pipeline/state_store.h>

namespace hl7flow {

/// The state of an ordered stage that gives numbers to what it remembers: where it lies, and up to
/// which number it belongs to the output that is committed. The mark of such a state is the number
/// of what comes next.
class NumberedState {
 public:
  /// `folder` empty: in memory only. `keep` false: it serves to go on with a killed run, and goes
  /// when the run is complete.
  NumberedState(std::string stage, std::string folder, bool keep)
      : stage_(std::move(stage)), folder_(std::move(folder)), keep_(keep) {}

  struct Opened {
    std::unique_ptr<StateStore> store;  // null: in memory
    std::uint64_t next = 0;
  };
  /// For Stage::open_state().
  Result<Opened, Failure> open(std::string_view mark);
  /// A batch is done, and `next` comes behind it. With reached(), thread-safe.
  void note(std::uint64_t sequence, std::uint64_t next);
  /// What comes behind the batch of that number.
  std::uint64_t reached(std::uint64_t sequence);
  /// For Stage::complete(); the store is closed.
  void complete() noexcept;

 private:
  struct End {
    std::uint64_t sequence, next;
  };
  std::string const stage_, folder_;
  bool const keep_;
  std::mutex mutex_;
  std::deque<End> ends_;  // of batches that are not committed
  std::uint64_t reached_ = 0;
};

}  // namespace hl7flow
