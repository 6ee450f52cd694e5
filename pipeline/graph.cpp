// How a pipeline becomes a oneTBB flow graph. The only file that includes oneTBB.
//
//   reader thread ── pool ──> [stage] ─> … ─> sequencer ─> [ordered stage] ─> … ─> sequencer ─>
//   delivery ─┐
//                     ^ │ └──────────────────────────── a lock-free queue of free batches
//                     ──────────────────┘
//
// The reader thread takes a free batch, fills it and puts it into the graph; delivery gives it
// back. The pool is the memory bound and the back-pressure at once: no free batch, no read. Three
// facts of oneTBB decide the form: serial function nodes do not keep order, so each ordered step
// has a sequencer before it; node queues are unbounded, so only the pool bounds them; and workers
// must not block, so reading has a thread of its own.

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <list>
#include <thread>

#include <hl7flow/pipeline/happens_before.h>
#include <hl7flow/pipeline/queue.h>
#include <hl7flow/pipeline/run.h>

namespace hl7flow::detail {
namespace {

namespace flow = oneapi::tbb::flow;

class GraphExecutor final : public Executor {
 public:
  explicit GraphExecutor(std::size_t threads) : threads_(threads) {}

  void parallel_for(std::size_t count, const std::function<void(std::size_t)>& work) override {
    Pieces const pieces{count, work};
    happens_before(&pieces);
    // Isolated: while it waits, the thread must not pick up another batch's long stage.
    oneapi::tbb::this_task_arena::isolate([&] {
      oneapi::tbb::parallel_for(std::size_t{0}, std::min(count, threads_), pieces,
                                oneapi::tbb::simple_partitioner());
    });
    happens_after(&pieces);
  }

 private:
  /// Pieces differ much in size, and a thread that is busy with a stage comes late: each takes the
  /// next piece when it has done one, so that the end is waited for no longer than a piece takes.
  struct Pieces {
    std::size_t count;
    const std::function<void(std::size_t)>& work;
    mutable std::atomic<std::size_t> next{0};

    void operator()(std::size_t) const {
      happens_after(this);
      for (std::size_t k; (k = next.fetch_add(1, std::memory_order_relaxed)) < count;) work(k);
      happens_before(this);
    }
  };

  std::size_t threads_;
};

/// The first failure wins; after it, batches run through without being touched.
class Outcome {
 public:
  bool ok() const noexcept { return ok_.load(std::memory_order_acquire); }
  void record(Failure failure) {
    std::lock_guard const lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    ok_.store(false, std::memory_order_release);
  }
  const std::optional<Failure>& failure() const noexcept { return failure_; }

 private:
  std::atomic<bool> ok_{true};
  std::mutex mutex_;
  std::optional<Failure> failure_;
};

/// The data path throws nothing, but a lambda of a user's may, and memory may run out: that ends
/// the run in order, and not the process.
template <class Call>
auto guarded(Call&& call) -> decltype(call()) {
  try {
    return call();
  } catch (const std::exception& error) {
    return fail(ErrorCode::internal, std::string("an exception ended the run: ") + error.what());
  }
}

struct StageCounter {
  std::atomic<std::uint64_t> batches{0}, nanoseconds{0};
};

class Lowering {
 public:
  Lowering(Pipeline::Parts& parts, const RunOptions& options, std::size_t threads)
      : parts_(parts),
        options_(options),
        delivery_(parts),
        budget_(options.batch_memory_max),
        pool_(options.batches_in_flight != 0 ? options.batches_in_flight : 2 * threads + 2),
        free_(pool_.size()),
        counters_(parts.stages.size()),
        executor_(threads) {
    for (Batch& batch : pool_) free_.push(&batch);
  }

  Result<RunReport, Failure> run() {
    std::uint64_t const began = now_nanoseconds();
    build();
    graph_.reserve_wait();
    std::stop_callback const wake(options_.stop, [this] { parts_.source->interrupt(); });
    std::thread reader([&] {
      read_all();
      graph_.release_wait();
    });
    graph_.wait_for_all();
    reader.join();
    happens_after(&delivery_);
    for (StageCounter const& counter : counters_) happens_after(&counter);
    if (outcome_.ok() && options_.stop.stop_requested())
      outcome_.record({ErrorCode::cancelled, std::string(describe(ErrorCode::cancelled))});
    if (outcome_.ok())
      if (auto done = guarded([&] { return delivery_.finish(executor_); }); !done)
        outcome_.record(done.error());
    if (!outcome_.ok()) {
      delivery_.abort();
      return tl::unexpected<Failure>(*outcome_.failure());
    }
    delivery_.account().seconds = static_cast<double>(now_nanoseconds() - began) * 1e-9;
    return RunReport{delivery_.account(), parts_.earlier, metrics()};
  }

 private:
  using StageNode = flow::function_node<Batch*, Batch*>;
  using OrderNode = flow::sequencer_node<Batch*>;
  using DeliveryNode = flow::function_node<Batch*, flow::continue_msg>;

  void build() {
    flow::sender<Batch*>* last = nullptr;
    auto const connect = [&](auto& node) {
      if (last != nullptr)
        flow::make_edge(*last, node);
      else
        entry_ = &node;
      last = nullptr;
    };
    auto const in_order = [&] {
      OrderNode& order = orders_.emplace_back(graph_, [](Batch* batch) {
        happens_after(batch);
        return batch->sequence;
      });
      connect(order);
      last = &order;
    };
    for (std::size_t k = 0; k < parts_.stages.size(); ++k) {
      bool const ordered = parts_.stages[k]->order() == Stage::Order::arrival;
      if (parts_.stages[k]->prepares()) {
        StageNode& node =
            stages_.emplace_back(graph_, flow::unlimited, [self = this, k](Batch* batch) {
              happens_after(batch);
              return self->prepare(k, batch);
            });
        connect(node);
        last = &node;
      }
      if (ordered) in_order();
      StageNode& node = stages_.emplace_back(graph_, ordered ? flow::serial : flow::unlimited,
                                             [self = this, k, ordered](Batch* batch) {
                                               happens_after(batch);
                                               return self->process(k, ordered, batch);
                                             });
      connect(node);
      last = &node;
    }
    in_order();
    DeliveryNode& end = ends_.emplace_back(graph_, flow::serial, [self = this](Batch* batch) {
      happens_after(batch);
      self->deliver(batch);
      return flow::continue_msg{};
    });
    connect(end);
  }

  void read_all() {
    LastBatch last(parts_);
    for (std::uint64_t sequence = 0; outcome_.ok() && !options_.stop.stop_requested(); ++sequence) {
      Batch* batch = nullptr;
      budget_.wait_for_room();
      if (!free_.pop(batch)) return;
      batch->clear();
      auto const more = guarded([&] { return parts_.source->read(*batch); });
      if (!outcome_.ok() || options_.stop.stop_requested()) return;  // it may have been interrupted
      if (!more) return outcome_.record(more.error());
      if (*more)
        last.see(*batch);
      else if (!last.fill(*batch))
        return;
      if (parts_.progress != nullptr)
        parts_.progress->source_bytes.store(parts_.source->consumed(), std::memory_order_relaxed);
      batch->sequence = sequence;
      budget_.take(batch->raw_size);
      bool const ends_run = batch->ends_run;  // the batch is the graph's from here
      happens_before(batch);
      entry_->try_put(batch);
      if (ends_run) return;
    }
  }

  /// Ends the run: no more batches are read or touched.
  void give_up(Failure failure) {
    outcome_.record(std::move(failure));
    parts_.source->interrupt();
  }

  Batch* prepare(std::size_t k, Batch* batch) {
    if (!outcome_.ok()) return batch;
    std::uint64_t const began = now_nanoseconds();
    auto const done = guarded([&] { return parts_.stages[k]->prepare(*batch); });
    if (!done) give_up(done.error());
    counters_[k].nanoseconds.fetch_add(now_nanoseconds() - began, std::memory_order_relaxed);
    happens_before(batch);
    return batch;
  }

  Batch* process(std::size_t k, bool ordered, Batch* batch) {
    if (!outcome_.ok()) return batch;
    if (ordered) happens_after(&counters_[k]);
    std::uint64_t const began = now_nanoseconds();
    auto const done = guarded([&] { return parts_.stages[k]->process(*batch); });
    if (!done) give_up(done.error());
    if (k + 1 == parts_.stages.size()) measure_tables(*batch);
    counters_[k].nanoseconds.fetch_add(now_nanoseconds() - began, std::memory_order_relaxed);
    counters_[k].batches.fetch_add(1, std::memory_order_relaxed);
    if (ordered) happens_before(&counters_[k]);
    happens_before(batch);
    return batch;
  }

  void deliver(Batch* batch) {
    happens_after(&delivery_);
    if (outcome_.ok() && !options_.stop.stop_requested())
      if (auto done = guarded([&] { return delivery_.deliver(*batch, executor_); }); !done)
        give_up(done.error());
    happens_before(&delivery_);
    budget_.give(batch->raw_size);
    free_.push(batch);
  }

  std::vector<StageMetrics> metrics() const {
    std::vector<StageMetrics> rows;
    for (std::size_t k = 0; k < parts_.stages.size(); ++k)
      rows.push_back({std::string(parts_.stages[k]->name()), counters_[k].batches.load(),
                      counters_[k].nanoseconds.load()});
    for (StageMetrics const& row : delivery_.metrics()) rows.push_back(row);
    return rows;
  }

  Pipeline::Parts& parts_;
  const RunOptions& options_;
  Delivery delivery_;
  MemoryBudget budget_;
  std::vector<Batch> pool_;
  HandoverQueue<Batch*> free_;
  std::vector<StageCounter> counters_;
  GraphExecutor executor_;
  Outcome outcome_;
  flow::graph graph_;  // its nodes follow: they must go before it
  flow::receiver<Batch*>* entry_ = nullptr;
  std::list<OrderNode> orders_;
  std::list<StageNode> stages_;
  std::list<DeliveryNode> ends_;
};

}  // namespace

Result<RunReport, Failure> run_on_graph(Pipeline::Parts& parts, const RunOptions& options) {
  std::size_t const threads =
      options.threads != 0 ? options.threads
                           : static_cast<std::size_t>(oneapi::tbb::info::default_concurrency());
  oneapi::tbb::global_control const limit(oneapi::tbb::global_control::max_allowed_parallelism,
                                          threads);
  oneapi::tbb::task_arena arena(static_cast<int>(threads));
  return arena.execute([&] { return Lowering(parts, options, threads).run(); });
}

}  // namespace hl7flow::detail
