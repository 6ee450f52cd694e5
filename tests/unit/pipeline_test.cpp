// The contracts of the graph, with components made to provoke it: order, bounds, commits, failures
// and cancellation. All of it runs under ThreadSanitizer in CI.

#include <hl7flow/pipeline/pipeline.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace hl7flow {
namespace {

using namespace literals;
using namespace std::chrono_literals;

std::string message(std::uint64_t number) {
  return "MSH|^~\\&|A|B|||||ADT^A01|" + std::to_string(number) + "|P|2.5\rPID|1||" +
         std::to_string(number % 7) + "\r";
}

/// What happened, by the components' own account.
struct Log {
  std::mutex mutex;
  std::vector<std::uint64_t> written, settled;
  std::vector<std::string> ids;  // MSH-10 of accepted messages, as the sink saw them
  int commits = 0, aborts = 0;
  std::atomic<int> in_flight{0}, most_in_flight{0};
};

/// Batches of three messages, an epoch every four batches.
class Numbers final : public Source {
 public:
  Numbers(Log& log, std::uint64_t batches, std::uint64_t fails_at = ~0ull)
      : log_(log), batches_(batches), fails_at_(fails_at) {}
  Result<bool, Failure> read(Batch& batch) override {
    if (next_ == fails_at_) return fail(ErrorCode::io, "the source broke");
    if (next_ == batches_) return false;
    for (std::uint64_t k = 0; k < 3; ++k) batch.text.append(message(3 * next_ + k));
    batch.raw_size = batch.text.size();
    batch.position = {0, offset_};
    offset_ += batch.raw_size;
    batch.ends_epoch = next_ % 4 == 3;
    ++next_;
    int const now = ++log_.in_flight;
    int most = log_.most_in_flight;
    while (now > most && !log_.most_in_flight.compare_exchange_weak(most, now)) {
    }
    return true;
  }
  void settle(std::uint64_t sequence, const Position&) override {
    std::lock_guard const lock(log_.mutex);
    log_.settled.push_back(sequence);
  }

 private:
  Log& log_;
  std::uint64_t const batches_, fails_at_;
  std::uint64_t next_ = 0, offset_ = 0;
};

/// Indexes, and takes a different time for each batch.
class Parse final : public Stage {
 public:
  std::string_view name() const noexcept override { return "parse"; }
  Status process(Batch& batch) override {
    index_er7(batch.text, {}, batch.index);
    batch.fates.resize(batch.message_count());
    std::fill(batch.fates.begin(), batch.fates.end(), Fate::accepted);
    std::this_thread::sleep_for(std::chrono::microseconds(batch.sequence * 7919 % 300));
    return {};
  }
};

/// Keeps state without a lock: the graph must hand it one batch after the other.
class InOrder final : public Stage {
 public:
  explicit InOrder(std::vector<std::uint64_t>& seen) : seen_(seen) {}
  Order order() const noexcept override { return Order::arrival; }
  std::string_view name() const noexcept override { return "in order"; }
  Status process(Batch& batch) override {
    seen_.push_back(batch.sequence);
    return {};
  }

 private:
  std::vector<std::uint64_t>& seen_;
};

class Keep final : public Sink {
 public:
  explicit Keep(Log& log, std::uint64_t fails_at = ~0ull) : log_(log), fails_at_(fails_at) {}
  std::string_view name() const noexcept override { return "keep"; }
  Status write(const Batch& batch, Executor& executor) override {
    if (batch.sequence == fails_at_) return fail(ErrorCode::io, "the sink broke");
    std::vector<std::string> ids(batch.message_count());
    executor.parallel_for(batch.message_count(), [&](std::size_t k) {
      if (batch.is_accepted(k)) ids[k] = batch.message(k).at("MSH-10"_path).raw();
    });
    std::lock_guard const lock(log_.mutex);
    log_.written.push_back(batch.sequence);
    for (std::string const& id : ids)
      if (!id.empty()) log_.ids.push_back(id);
    --log_.in_flight;
    return {};
  }
  Result<std::vector<OutputFile>, Failure> commit(Executor&) override {
    std::lock_guard const lock(log_.mutex);
    ++log_.commits;
    return std::vector<OutputFile>{{"file-" + std::to_string(log_.commits), "t", 1, 1}};
  }
  void abort() noexcept override { ++log_.aborts; }

 private:
  Log& log_;
  std::uint64_t const fails_at_;
};

Pipeline pipeline_of(Log& log, std::uint64_t batches) {
  Pipeline pipeline;
  pipeline.from(std::make_unique<Numbers>(log, batches))
      .through(std::make_unique<Parse>())
      .through([](Message& message) {
        std::string_view const id = message.at("MSH-10"_path).raw();
        if (id.ends_with('5')) message.reject();
        if (id.ends_with('7')) message.filter();
      })
      .into(std::make_unique<Keep>(log));
  return pipeline;
}

std::vector<std::uint64_t> counted(std::uint64_t to) {
  std::vector<std::uint64_t> numbers(to);
  for (std::uint64_t k = 0; k < to; ++k) numbers[k] = k;
  return numbers;
}

TEST(Pipeline, DeliversInTheOrderOfReadingOnAnyNumberOfThreads) {
  Log expected;
  auto const inline_run = pipeline_of(expected, 150).run_inline();
  ASSERT_TRUE(inline_run);
  EXPECT_EQ(expected.written, counted(150));
  for (std::uint32_t const threads : {1u, 2u, 4u, 8u}) {
    Log log;
    RunOptions options;
    options.threads = threads;
    auto const run = pipeline_of(log, 150).run(options);
    ASSERT_TRUE(run);
    EXPECT_EQ(log.written, expected.written);
    EXPECT_EQ(log.ids, expected.ids);
    EXPECT_EQ(log.settled, expected.settled);
    EXPECT_EQ(log.commits, expected.commits);
    EXPECT_TRUE(run->account.closes());
    EXPECT_EQ(run->account.messages_in, 450u);
    EXPECT_EQ(run->account.rejected, 45u);
    EXPECT_EQ(run->account.filtered, 45u);
    EXPECT_EQ(run->account.written, inline_run->account.written);
    EXPECT_EQ(run->account.bytes_in, inline_run->account.bytes_in);
  }
}

TEST(Pipeline, OrderedStagesSeeOneBatchAfterTheOther) {
  Log log;
  std::vector<std::uint64_t> first, second;
  Pipeline pipeline;
  pipeline.from(std::make_unique<Numbers>(log, 200))
      .through(std::make_unique<InOrder>(first))
      .through(std::make_unique<Parse>())
      .through(std::make_unique<InOrder>(second))
      .into(std::make_unique<Keep>(log));
  RunOptions options;
  options.threads = 4;
  ASSERT_TRUE(pipeline.run(options));
  EXPECT_EQ(first, counted(200));
  EXPECT_EQ(second, counted(200));
}

TEST(Pipeline, BatchesInFlightAreBounded) {
  for (std::uint32_t const bound : {1u, 2u, 5u}) {
    Log log;
    RunOptions options;
    options.threads = 4;
    options.batches_in_flight = bound;
    ASSERT_TRUE(pipeline_of(log, 100).run(options));
    EXPECT_LE(log.most_in_flight, static_cast<int>(bound));
    EXPECT_EQ(log.written.size(), 100u);
  }
}

TEST(Pipeline, TheMemoryBoundLetsOneBatchThroughAtATime) {
  Log log;
  RunOptions options;
  options.threads = 4;
  options.batch_memory_max = 1;
  ASSERT_TRUE(pipeline_of(log, 50).run(options));
  EXPECT_EQ(log.written, counted(50));
  EXPECT_EQ(log.most_in_flight, 1);
}

TEST(Pipeline, SourcesAreSettledAfterTheCommitIsKnown) {
  Log log;
  std::vector<std::uint64_t> ends, settled_before;
  auto pipeline = pipeline_of(log, 10);
  pipeline.on_commit([&](const Commit& commit) -> Status {
    ends.push_back(commit.end.offset);
    settled_before.push_back(log.settled.size());
    EXPECT_EQ(commit.files.size(), 1u);
    EXPECT_TRUE(commit.account.closes());
    EXPECT_EQ(commit.account.bytes_in, commit.end.offset);
    return {};
  });
  ASSERT_TRUE(pipeline.run());
  EXPECT_EQ(log.settled, (std::vector<std::uint64_t>{3, 7, 9}));
  EXPECT_EQ(settled_before, (std::vector<std::uint64_t>{0, 1, 2}));
  ASSERT_EQ(ends.size(), 3u);
  EXPECT_TRUE(std::is_sorted(ends.begin(), ends.end()));
}

TEST(Pipeline, AFailedCommitIsNeverSettled) {
  Log log;
  auto pipeline = pipeline_of(log, 40);
  pipeline.on_commit([&](const Commit&) -> Status {
    if (log.commits < 3) return {};
    return fail(ErrorCode::io, "the manifest broke");
  });
  auto const run = pipeline.run();
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().text, "the manifest broke");
  EXPECT_EQ(log.settled, (std::vector<std::uint64_t>{3, 7}));
  EXPECT_EQ(log.aborts, 1);
}

TEST(Pipeline, TheFirstFailureEndsTheRun) {
  for (bool const in_source : {true, false}) {
    Log log;
    Pipeline pipeline;
    pipeline.from(std::make_unique<Numbers>(log, 100, in_source ? 30 : ~0ull))
        .through(std::make_unique<Parse>())
        .into(std::make_unique<Keep>(log, in_source ? ~0ull : 30));
    auto const run = pipeline.run();
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().code, ErrorCode::io);
    EXPECT_EQ(run.error().text, in_source ? "the source broke" : "the sink broke");
    EXPECT_EQ(log.aborts, 1);
    EXPECT_LE(log.written.size(), 30u);
    EXPECT_EQ(log.written, counted(log.written.size()));
  }
}

TEST(Pipeline, AnExceptionOfAUsersFunctionEndsTheRunAndNotTheProcess) {
  Log log;
  Pipeline pipeline;
  pipeline.from(std::make_unique<Numbers>(log, 100))
      .through(std::make_unique<Parse>())
      .through([](Message& message) {
        if (message.at("MSH-10"_path).raw() == "77") throw std::runtime_error("oh no");
      })
      .into(std::make_unique<Keep>(log));
  auto const run = pipeline.run();
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::internal);
  EXPECT_NE(run.error().text.find("oh no"), std::string::npos);
  EXPECT_EQ(log.aborts, 1);
}

TEST(Pipeline, AStopRequestEndsTheRun) {
  for (auto const delay : {0ms, 1ms, 5ms, 20ms}) {
    Log log;
    std::stop_source stop;
    RunOptions options;
    options.stop = stop.get_token();
    std::jthread const later([&] {
      std::this_thread::sleep_for(delay);
      stop.request_stop();
    });
    auto const run = pipeline_of(log, 1'000'000).run(options);
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().code, ErrorCode::cancelled);
    EXPECT_EQ(log.aborts, 1);
  }
}

/// Waits for bytes that never come, as a socket does.
class Silence final : public Source {
 public:
  Result<bool, Failure> read(Batch&) override {
    interrupted_.wait(false);
    return false;
  }
  void interrupt() noexcept override {
    interrupted_ = true;
    interrupted_.notify_all();
  }

 private:
  std::atomic<bool> interrupted_{false};
};

TEST(Pipeline, AStopRequestWakesASourceThatWaits) {
  Log log;
  std::stop_source stop;
  RunOptions options;
  options.stop = stop.get_token();
  Pipeline pipeline;
  pipeline.from(std::make_unique<Silence>()).into(std::make_unique<Keep>(log));
  std::jthread const later([&] {
    std::this_thread::sleep_for(5ms);
    stop.request_stop();
  });
  auto const run = pipeline.run(options);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::cancelled);
}

TEST(Pipeline, AComponentThatCouldNotBeMadeIsTheRunsFailure) {
  Log log;
  Pipeline pipeline;
  pipeline.from(std::make_unique<Numbers>(log, 1))
      .through(Result<std::unique_ptr<Stage>, Failure>(fail(ErrorCode::bad_option, "no such")))
      .into(std::make_unique<Keep>(log));
  auto const run = pipeline.run();
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().text, "no such");
  Pipeline empty;
  EXPECT_FALSE(empty.run());
}

TEST(Pipeline, CountsOnFromAnEarlierRun) {
  Log log;
  Account earlier;
  earlier.messages_in = earlier.written = 100;
  auto pipeline = pipeline_of(log, 10);
  pipeline.resume_account(earlier);
  auto const run = pipeline.run();
  ASSERT_TRUE(run);
  EXPECT_EQ(run->account.messages_in, 130u);
  EXPECT_TRUE(run->account.closes());
}

}  // namespace
}  // namespace hl7flow
