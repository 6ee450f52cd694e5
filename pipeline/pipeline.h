#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <type_traits>
#include <vector>

#include <hl7flow/pipeline/account.h>
#include <hl7flow/pipeline/stage.h>

namespace hl7flow {

/// Bounds of a run.
struct RunOptions {
  std::uint32_t threads = 0;                    // 0: as many as the machine (or its cgroup) has
  std::uint32_t batches_in_flight = 0;          // 0: two a thread, and two more
  std::uint64_t batch_memory_max = 384u << 20;  // bytes of input text in flight
  std::stop_token stop;                         // asks the run to end; it then returns `cancelled`
};

/// What a component cost: metrics of a stage or a sink.
struct StageMetrics {
  std::string name;
  std::uint64_t batches = 0;
  std::uint64_t nanoseconds = 0;  // summed over threads
};

/// Counters that another thread may read while a run goes on: for a progress line.
struct Progress {
  std::atomic<std::uint64_t> bytes{0}, messages{0};
  std::atomic<std::uint64_t> source_bytes{0};  // of Source::size_hint(), read so far
};

struct RunReport {
  Account account;  // of this run and of those that it continued
  Account earlier;  // of those that it continued
  std::vector<StageMetrics> stages;
};

/// A commit: all that was read up to `last` is durable in `files`.
struct Commit {
  Position end;                     // input and offset that follow the last committed byte
  const Account& account;           // up to here
  std::vector<OutputFile> files;    // new in this commit, of all sinks
  std::vector<std::string> states;  // marks of the stages that have state, in order
};

/// One source, any number of stages, one or more sinks: each sink sees each batch. Holds the
/// components and knows nothing of what they do; how it runs them on oneTBB is graph.cpp's.
///
///   Pipeline pipeline;
///   pipeline.from(make_source("files", {{"path", "day.hl7"}}))
///       .through(make_stage("parse"))
///       .through([](Message& message) { … })
///       .into(make_sink("er7", {{"path", "out"}}));
///   auto report = pipeline.run();
///
/// A component that could not be made may be handed over as the Failure it is: run() returns the
/// first of them.
class Pipeline {
 public:
  Pipeline();
  ~Pipeline();
  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) noexcept;

  Pipeline& from(Result<std::unique_ptr<Source>, Failure> source);
  Pipeline& through(Result<std::unique_ptr<Stage>, Failure> stage);
  Pipeline& into(Result<std::unique_ptr<Sink>, Failure> sink);
  /// A function called for each message: it may reject or filter it, on all threads at once.
  template <class Visit>
  requires std::is_invocable_v<Visit&, Message&> Pipeline& through(Visit visit) {
    return through(std::unique_ptr<Stage>(std::make_unique<MessageStage<Visit>>(std::move(visit))));
  }
  /// Called after each commit, before the source is settled; a Failure ends the run.
  Pipeline& on_commit(std::function<Status(const Commit&)> notify);
  /// Called for each notice of a stage (Batch::notices), in the order of reading.
  Pipeline& on_notice(std::function<void(const std::string&)> notify);
  Pipeline& report_progress(Progress& progress);
  /// Counts on from an earlier run's account, which this run continues.
  Pipeline& resume_account(Account account);
  /// Opens the state of the stages that have one; `marks` of the commit that the run goes on from,
  /// or none for a new run. Gives the marks at which they stand. run() does it where it was not
  /// called.
  Result<std::vector<std::string>, Failure> open_states(const std::vector<std::string>& marks);
  /// Where those states were saved last, by whatever run: Stage::saved_mark.
  Result<std::vector<std::string>, Failure> saved_marks() const;
  /// The run is committed and over: see Stage::complete.
  void complete() noexcept;

  /// What is wrong with it as it was put together, without running it: a component that could not
  /// be made, no source, tables wanted and none made. run() asks too.
  Status check() const;
  /// Runs on all threads until the source ends, a component fails, or `stop` is requested. Output
  /// bytes do not depend on the number of threads. Can be called once.
  Result<RunReport, Failure> run(const RunOptions& options = {});
  /// The same on the calling thread alone: the oracle that run() is tested against, and what a
  /// fuzzer, a debugger and a sanitizer use.
  Result<RunReport, Failure> run_inline(const RunOptions& options = {});

  struct Parts;  // internal: run.h

 private:
  void keep_failure(const Failure& failure);
  Status make_ready();

  std::unique_ptr<Parts> parts_;
};

}  // namespace hl7flow
