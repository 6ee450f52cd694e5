#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include <hl7flow/pipeline/numbered_state.h>
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

  /// Replays the statements before `at`, some at a time; gives those of the last block if it is not
  /// full. Failures: io if they are not all there, and those of `replay`.
  static Result<std::string, Failure> replay(const StateStore& store, const LogPosition& at,
                                             const Replay& replay);
  /// Removes the logs of other generations.
  static Status keep_only(StateStore& store, std::uint64_t generation);

  /// Goes on at `at`; `last` is what replay() gave. `store` may be null: then nothing is kept.
  StatementLog(std::shared_ptr<StateStore> store, const LogPosition& at, std::string last)
      : store_(std::move(store)), at_(at), block_(std::move(last)) {}

  const std::shared_ptr<StateStore>& store() const noexcept { return store_; }
  const LogPosition& at() const noexcept { return at_; }
  /// The mark of a state that ends before `next`.
  std::string mark(std::uint64_t next) const { return LogPosition{next, at_.generation}.text(); }
  /// Keeps save() out: to be held while append() is called.
  std::unique_lock<std::mutex> hold() { return std::unique_lock(mutex_); }
  Status append(std::string_view statement);
  /// Makes the statements before `next` durable.
  Status save(std::uint64_t next);

 private:
  Status write();

  std::shared_ptr<StateStore> const store_;
  std::mutex mutex_;  // of what follows
  LogPosition at_;
  std::string block_;  // the last one, which is not full
};

}  // namespace hl7flow::stages
