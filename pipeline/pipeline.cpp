#include <hl7flow/pipeline/pipeline.h>

#include <hl7flow/pipeline/run.h>

namespace hl7flow {

Pipeline::Pipeline() : parts_(std::make_unique<Parts>()) {}
Pipeline::~Pipeline() = default;
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;

Pipeline& Pipeline::from(Result<std::unique_ptr<Source>, Failure> source) {
  if (source)
    parts_->source = std::move(*source);
  else
    keep_failure(source.error());
  return *this;
}
Pipeline& Pipeline::through(Result<std::unique_ptr<Stage>, Failure> stage) {
  if (stage)
    parts_->stages.push_back(std::move(*stage));
  else
    keep_failure(stage.error());
  return *this;
}
Pipeline& Pipeline::into(Result<std::unique_ptr<Sink>, Failure> sink) {
  if (sink)
    parts_->sinks.push_back(std::move(*sink));
  else
    keep_failure(sink.error());
  return *this;
}
void Pipeline::keep_failure(const Failure& failure) {
  if (!parts_->failure) parts_->failure = failure;
}

Pipeline& Pipeline::on_notice(std::function<void(const std::string&)> notify) {
  parts_->on_notice = std::move(notify);
  return *this;
}

Pipeline& Pipeline::on_commit(std::function<Status(const Commit&)> notify) {
  parts_->on_commit = std::move(notify);
  return *this;
}
Pipeline& Pipeline::report_progress(Progress& progress) {
  parts_->progress = &progress;
  return *this;
}

Pipeline& Pipeline::resume_account(Account account) {
  parts_->earlier = std::move(account);
  return *this;
}

Result<std::vector<std::string>, Failure> Pipeline::open_states(
    const std::vector<std::string>& marks) {
  std::vector<std::string> opened;
  for (auto const& stage : parts_->stages) {
    if (!stage->has_state()) continue;
    auto mark =
        stage->open_state(opened.size() < marks.size() ? marks[opened.size()] : std::string());
    if (!mark) return tl::unexpected<Failure>(mark.error());
    opened.push_back(std::move(*mark));
  }
  parts_->states_open = true;
  return opened;
}

Result<std::vector<std::string>, Failure> Pipeline::saved_marks() const {
  std::vector<std::string> saved;
  for (auto const& stage : parts_->stages) {
    if (!stage->has_state()) continue;
    auto mark = stage->saved_mark();
    if (!mark) return tl::unexpected<Failure>(mark.error());
    saved.push_back(std::move(*mark));
  }
  return saved;
}

void Pipeline::complete() noexcept {
  for (auto const& stage : parts_->stages) stage->complete();
}

Status Pipeline::check() const {
  if (parts_->failure) return tl::unexpected<Failure>(*parts_->failure);
  if (!parts_->source) return fail(ErrorCode::bad_config, "the pipeline has no source");
  bool made = false;
  for (auto const& stage : parts_->stages) made |= stage->makes_tables();
  for (auto const& sink : parts_->sinks)
    if (sink->takes_tables() && !made)
      return fail(ErrorCode::bad_config,
                  "the sink " + std::string(sink->name()) +
                      " writes tables, and no stage makes any: add the stage tabulate");
  return {};
}

Status Pipeline::make_ready() {
  if (auto ready = check(); !ready) return ready;
  if (parts_->states_open) return {};
  auto const opened = open_states({});
  return opened ? Status{} : tl::unexpected<Failure>(opened.error());
}

Result<RunReport, Failure> Pipeline::run(const RunOptions& options) {
  if (auto ready = make_ready(); !ready) return tl::unexpected<Failure>(ready.error());
  return detail::run_on_graph(*parts_, options);
}

Result<RunReport, Failure> Pipeline::run_inline(const RunOptions& options) {
  if (auto ready = make_ready(); !ready) return tl::unexpected<Failure>(ready.error());
  return detail::run_on_this_thread(*parts_, options);
}

namespace detail {

void measure_tables(Batch& batch) noexcept {
  for (TableRows& table : batch.tables) table.measure();
}

namespace {

class InlineExecutor final : public Executor {
 public:
  void parallel_for(std::size_t count, const std::function<void(std::size_t)>& work) override {
    for (std::size_t k = 0; k < count; ++k) work(k);
  }
};

}  // namespace

LastBatch::LastBatch(const Pipeline::Parts& parts) {
  for (auto const& stage : parts.stages) wanted_ |= stage->keeps_messages();
}

bool LastBatch::fill(Batch& batch) const {
  if (!wanted_ || !any_) return false;
  batch.position = position_;
  batch.input_name = input_name_;
  batch.ends_run = true;
  return true;
}

Status Delivery::deliver(Batch& batch, Executor& executor) {
  // Without messages the last batch leaves no trace: not in the account, nor by a commit.
  if (batch.ends_run && batch.message_count() == 0) return {};
  for (std::size_t k = 0; k < parts_.sinks.size(); ++k) {
    std::uint64_t const began = now_nanoseconds();
    if (auto done = parts_.sinks[k]->write(batch, executor); !done) return done;
    sink_nanoseconds_[k] += now_nanoseconds() - began;
  }
  account_.add(batch);
  if (parts_.on_notice)
    for (std::string const& notice : batch.notices) parts_.on_notice(notice);
  end_ = {batch.position.input, batch.position.offset + batch.raw_size};
  last_sequence_ = batch.sequence;
  has_uncommitted_ = true;
  if (parts_.progress != nullptr) {
    parts_.progress->bytes.store(account_.bytes_in, std::memory_order_relaxed);
    parts_.progress->messages.store(account_.messages_in, std::memory_order_relaxed);
  }
  return batch.ends_epoch ? commit(executor) : Status{};
}

Status Delivery::commit(Executor& executor) {
  Commit made{end_, account_, {}, {}};
  for (std::size_t k = 0; k < parts_.sinks.size(); ++k) {
    std::uint64_t const began = now_nanoseconds();
    auto files = parts_.sinks[k]->commit(executor);
    if (!files) return tl::unexpected<Failure>(files.error());
    made.files.insert(made.files.end(), files->begin(), files->end());
    sink_nanoseconds_[k] += now_nanoseconds() - began;
  }
  // After the output: a state that says more than is written would lose messages.
  for (auto const& stage : parts_.stages) {
    if (!stage->has_state()) continue;
    auto mark = stage->save_state(last_sequence_);
    if (!mark) return tl::unexpected<Failure>(mark.error());
    made.states.push_back(std::move(*mark));
  }
  if (parts_.on_commit)
    if (auto done = parts_.on_commit(made); !done) return done;
  parts_.source->settle(last_sequence_, end_);
  has_uncommitted_ = false;
  return {};
}

Status Delivery::finish(Executor& executor) {
  return has_uncommitted_ ? commit(executor) : Status{};
}

void Delivery::abort() noexcept {
  for (auto const& sink : parts_.sinks) sink->abort();
}

std::vector<StageMetrics> Delivery::metrics() const {
  std::vector<StageMetrics> rows;
  for (std::size_t k = 0; k < parts_.sinks.size(); ++k)
    rows.push_back({std::string(parts_.sinks[k]->name()), account_.batches, sink_nanoseconds_[k]});
  return rows;
}

void MemoryBudget::wait_for_room() {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return taken_ == 0 || taken_ < limit_; });
}

void MemoryBudget::take(std::uint64_t bytes) {
  std::lock_guard const lock(mutex_);
  taken_ += bytes;
}

void MemoryBudget::give(std::uint64_t bytes) {
  {
    std::lock_guard const lock(mutex_);
    taken_ -= bytes;
  }
  room_.notify_one();
}

Result<RunReport, Failure> run_on_this_thread(Pipeline::Parts& parts, const RunOptions& options) {
  std::uint64_t const began = now_nanoseconds();
  Delivery delivery(parts);
  InlineExecutor executor;
  std::vector<StageMetrics> metrics;
  for (auto const& stage : parts.stages) metrics.push_back({std::string(stage->name()), 0, 0});
  Batch batch;
  LastBatch last(parts);
  auto const abandon = [&](Failure failure) -> tl::unexpected<Failure> {
    delivery.abort();
    return tl::unexpected<Failure>(std::move(failure));
  };
  for (std::uint64_t sequence = 0;; ++sequence) {
    if (options.stop.stop_requested())
      return abandon({ErrorCode::cancelled, std::string(describe(ErrorCode::cancelled))});
    batch.clear();
    auto const more = parts.source->read(batch);
    if (!more) return abandon(more.error());
    if (*more)
      last.see(batch);
    else if (!last.fill(batch))
      break;
    batch.sequence = sequence;
    for (std::size_t k = 0; k < parts.stages.size(); ++k) {
      std::uint64_t const stage_began = now_nanoseconds();
      if (parts.stages[k]->prepares())
        if (auto done = parts.stages[k]->prepare(batch); !done) return abandon(done.error());
      if (auto done = parts.stages[k]->process(batch); !done) return abandon(done.error());
      metrics[k].nanoseconds += now_nanoseconds() - stage_began;
      ++metrics[k].batches;
    }
    measure_tables(batch);
    if (auto done = delivery.deliver(batch, executor); !done) return abandon(done.error());
    if (batch.ends_run) break;
  }
  if (auto done = delivery.finish(executor); !done) return abandon(done.error());
  for (StageMetrics const& row : delivery.metrics()) metrics.push_back(row);
  delivery.account().seconds = static_cast<double>(now_nanoseconds() - began) * 1e-9;
  return RunReport{delivery.account(), parts.earlier, std::move(metrics)};
}

}  // namespace detail
}  // namespace hl7flow
