#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include <hl7flow/pipeline/state_store.h>

namespace hl7flow::stages {

/// All statements that counted, by number from 0, in the order in which they came: what a registry
/// of persons is made of again. Lies in a state store, or nowhere. append() comes from one thread
/// at a time; save() may come from another meanwhile.
class StatementLog {
 public:
  static constexpr std::uint64_t block_statements = 32;

  /// Called with bytes that begin with `count` statements; gives how many bytes these are.
  using Replay =
      std::function<Result<std::size_t, Failure>(std::string_view bytes, std::uint64_t count)>;

  /// `store` may be null: then nothing is kept. Replays the statements before `next`, some at a
  /// time, and goes on at `next`. Failures: io if they are not all there, and those of `replay`.
  static Result<std::unique_ptr<StatementLog>, Failure> open(std::unique_ptr<StateStore> store,
                                                             std::uint64_t next,
                                                             const Replay& replay);

  std::uint64_t next() const noexcept { return next_; }
  /// Keeps save() out: to be held while append() is called.
  std::unique_lock<std::mutex> hold() { return std::unique_lock(mutex_); }
  Status append(std::string_view statement);
  /// Makes the statements before `next` durable.
  Status save(std::uint64_t next);

 private:
  StatementLog(std::unique_ptr<StateStore> store, std::uint64_t next)
      : store_(std::move(store)), next_(next) {}
  Status write();

  std::unique_ptr<StateStore> const store_;
  std::mutex mutex_;  // of what follows
  std::uint64_t next_;
  std::string block_;  // the last one, which is not full
};

}  // namespace hl7flow::stages
