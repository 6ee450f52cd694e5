#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <hl7flow/pipeline/pipeline.h>

// Internal to the pipeline: what the two ways of running share.
namespace hl7flow {

struct Pipeline::Parts {
  std::unique_ptr<Source> source;
  std::vector<std::unique_ptr<Stage>> stages;
  std::vector<std::unique_ptr<Sink>> sinks;
  std::optional<Failure> failure;  // of a component that could not be made
  std::function<Status(const Commit&)> on_commit;
  std::function<void(const std::string&)> on_notice;
  Progress* progress = nullptr;
  Account earlier;  // of the run that this one continues
  bool states_open = false;
};

namespace detail {

/// What is left to do for the sinks when the last stage is done with a batch.
void measure_tables(Batch& batch) noexcept;

/// The end of the line: sinks, account, commits and settlement, in the order of reading.
class Delivery {
 public:
  explicit Delivery(Pipeline::Parts& parts)
      : parts_(parts), account_(parts.earlier), sink_nanoseconds_(parts.sinks.size()) {}

  Status deliver(Batch& batch, Executor& executor);
  /// The last commit, after the last batch.
  Status finish(Executor& executor);
  void abort() noexcept;
  Account& account() noexcept { return account_; }
  std::vector<StageMetrics> metrics() const;

 private:
  Status commit(Executor& executor);

  Pipeline::Parts& parts_;
  Account account_;
  Position end_;
  std::uint64_t last_sequence_ = 0;
  bool has_uncommitted_ = false;
  std::vector<std::uint64_t> sink_nanoseconds_;
};

/// Makes the batch that ends a run for stages that keep messages, and says if there is to be one.
class LastBatch {
 public:
  explicit LastBatch(const Pipeline::Parts& parts);
  /// Called for every batch that was read.
  void see(const Batch& batch) {
    position_ = {batch.position.input, batch.position.offset + batch.raw_size};
    input_name_ = batch.input_name;
    any_ = true;
  }
  /// Fills a cleared batch; false if nobody needs it.
  bool fill(Batch& batch) const;

 private:
  bool wanted_ = false, any_ = false;
  Position position_;
  std::string input_name_;
};

/// Bytes of input that may be in flight. The reader waits while they are over the limit, unless
/// nothing is in flight: one huge message always gets through, alone.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t limit) : limit_(limit) {}
  void wait_for_room();
  void take(std::uint64_t bytes);
  void give(std::uint64_t bytes);

 private:
  std::mutex mutex_;
  std::condition_variable room_;
  std::uint64_t const limit_;
  std::uint64_t taken_ = 0;
};

/// Nanoseconds on a clock that never goes back.
inline std::uint64_t now_nanoseconds() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

Result<RunReport, Failure> run_on_graph(Pipeline::Parts& parts, const RunOptions& options);
Result<RunReport, Failure> run_on_this_thread(Pipeline::Parts& parts, const RunOptions& options);

}  // namespace detail
}  // namespace hl7flow
