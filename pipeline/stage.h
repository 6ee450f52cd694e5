#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <hl7flow/parsers/error.h>
#include <hl7flow/pipeline/batch.h>

// The three contracts that a component can meet: a source brings batches in, a stage changes them,
// a sink takes them out. One virtual call a batch, none a message.
namespace hl7flow {

/// Runs independent pieces of one piece of work on the graph's threads.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Calls work(0) … work(count - 1), each once, in any order, perhaps at the same time; returns
  /// when all have returned.
  virtual void parallel_for(std::size_t count, const std::function<void(std::size_t)>& work) = 0;
};

/// A file that a source reads.
struct InputFile {
  std::string path;        // "-": standard input
  std::uint64_t size = 0;  // bytes on disk; 0 for what is no regular file
  friend bool operator==(const InputFile&, const InputFile&) = default;
};

/// Brings batches in. Every call comes from one thread, an I/O thread of its own.
class Source {
 public:
  virtual ~Source() = default;
  /// Fills text, raw_size, position and input_name of a cleared batch with whole messages; false
  /// at the end of the input.
  virtual Result<bool, Failure> read(Batch& batch) = 0;
  /// The run ends early: a read() that waits for bytes shall return soon, whatever it returns is
  /// dropped. Called from any thread, perhaps more than once.
  virtual void interrupt() noexcept {}
  /// All that was read up to and with the batch of this sequence number is durable in every sink;
  /// `end` follows its last byte. Acknowledge upstream here and nowhere else. Called in the order
  /// of reading, from another thread than read().
  virtual void settle(std::uint64_t sequence, const Position& end) { (void)sequence, (void)end; }
  /// What it reads, in order, if that is files: a run that goes on where another stopped must have
  /// the same.
  virtual std::vector<InputFile> inputs() const { return {}; }
  /// How many bytes there are to read in all, as stored, if that is known; and how many were read.
  /// For a progress line; consumed() is called by the thread that reads.
  virtual std::uint64_t size_hint() const { return 0; }
  virtual std::uint64_t consumed() const { return 0; }
};

/// Changes batches: marks, adds columns, rejects.
class Stage {
 public:
  enum class Order : std::uint8_t {
    any,     // no state between batches: runs on all threads at once, in any order
    arrival  // keeps state: one batch at a time, in the order of reading
  };
  virtual ~Stage() = default;
  virtual Order order() const noexcept { return Order::any; }
  virtual std::string_view name() const noexcept = 0;
  /// True if it fills Batch::tables.
  virtual bool makes_tables() const noexcept { return false; }
  /// True if messages may stay with the stage from one batch to the next. It must give them back,
  /// or their end, in a batch that `ends_epoch` or `ends_run`: for such a stage the run has one
  /// more batch, which is empty and ends it.
  virtual bool keeps_messages() const noexcept { return false; }
  /// The part of an ordered stage's work that needs no state: called before process(), on all
  /// threads at once and in any order, if prepares() says so.
  virtual bool prepares() const noexcept { return false; }
  virtual Status prepare(Batch& batch) { return (void)batch, Status{}; }
  /// A Failure ends the run; what is wrong with one message rejects that message instead.
  virtual Status process(Batch& batch) = 0;

  // State that outlives the run, and goes with the output that it decided. Marks are the stage's
  // own words; the manifest keeps them.
  virtual bool has_state() const noexcept { return false; }
  /// Called once, before the first batch. `mark`: what save_state() gave at the commit that the run
  /// goes on from; empty for a new run. Gives the mark at which it stands.
  virtual Result<std::string, Failure> open_state(std::string_view mark) {
    return (void)mark, std::string();
  }
  /// The mark at which the state was saved last, by whatever run; empty if there is none. Called
  /// before open_state(), if at all; leaves the state as it is.
  virtual Result<std::string, Failure> saved_mark() const { return std::string(); }
  /// Makes durable what was decided up to and with the batch of that sequence number, and perhaps
  /// more. Called at a commit, while later batches are in process().
  virtual Result<std::string, Failure> save_state(std::uint64_t sequence) {
    return (void)sequence, std::string();
  }
  /// The run came to its end and is committed: state that only served to resume it may go.
  virtual void complete() noexcept {}
};

/// A file that a sink has made durable, relative to the output folder.
struct OutputFile {
  std::string path;
  std::string table;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};

/// Takes batches out. Calls come one at a time, in the order of reading.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual std::string_view name() const noexcept = 0;
  /// True if it writes Batch::tables: then a stage must make some.
  virtual bool takes_tables() const noexcept { return false; }
  virtual Status write(const Batch& batch, Executor& executor) = 0;
  /// Makes all that was written durable and visible, and says which files are new. Called at the
  /// end of each epoch and of the run.
  virtual Result<std::vector<OutputFile>, Failure> commit(Executor& executor) = 0;
  /// The run failed or was cancelled: removes what is not committed.
  virtual void abort() noexcept {}
};

/// A message of a batch, as a lambda given to Pipeline::through sees it.
class Message {
 public:
  Message(Batch& batch, std::size_t ordinal) : batch_(batch), ordinal_(ordinal) {}
  FieldView at(const Path& path) const noexcept { return view().at(path); }
  MessageView view() const noexcept { return batch_.message(ordinal_); }
  void reject(Error error = {ErrorCode::rejected_by_stage, 0}) noexcept {
    batch_.reject(ordinal_, error);
  }
  void filter() noexcept { batch_.filter(ordinal_); }
  Batch& batch() noexcept { return batch_; }
  std::size_t ordinal() const noexcept { return ordinal_; }

 private:
  Batch& batch_;
  std::size_t ordinal_;
};

/// A stage made of one function, called for each accepted message. It runs on all threads at once.
template <class Visit>
class MessageStage final : public Stage {
 public:
  explicit MessageStage(Visit visit) : visit_(std::move(visit)) {}
  std::string_view name() const noexcept override { return "lambda"; }
  Status process(Batch& batch) override {
    for (std::size_t k = 0; k < batch.message_count(); ++k) {
      if (!batch.is_accepted(k)) continue;
      Message message(batch, k);
      visit_(message);
    }
    return {};
  }

 private:
  Visit visit_;
};

}  // namespace hl7flow
