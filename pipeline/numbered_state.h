#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <hl7flow/pipeline/state_store.h>

namespace hl7flow {

/// Where a log that gives numbers stands. One that was written anew, without what does not count
/// any more, is of another generation.
struct LogPosition {
  std::uint64_t next = 0, generation = 0;
  /// "12", or "12@3": the mark of a state.
  std::string text() const;
  static std::optional<LogPosition> read(std::string_view mark);
};

/// What a manifest keeps of a state, "12@3#5": where its log stood, and which run wrote it. A mark
/// without a run (0) names a place to go back to.
struct StateMark {
  std::string place;
  std::uint64_t run = 0;
  std::string text() const;
  static StateMark read(std::string_view text);
};
/// Whether another run has left something in the state since the mark was written. `now`: what
/// NumberedState::saved() says.
bool has_moved_on(std::string_view now, std::string_view mark);

/// The state of an ordered stage that gives numbers to what it remembers: where it lies, and up to
/// which number it belongs to the output that is committed. The state counts the runs that it was
/// opened by, so that a killed one does not go on over what another has left there since.
class NumberedState {
 public:
  /// `folder` empty: in memory only. `keep` false: it serves to go on with a killed run, and goes
  /// when the run is complete.
  NumberedState(std::string stage, std::string folder, bool keep)
      : stage_(std::move(stage)), folder_(std::move(folder)), keep_(keep) {}

  struct Opened {
    std::unique_ptr<StateStore> store;  // null: in memory
    LogPosition at;
    bool is_new_run = true;  // not one that goes on
  };
  /// For Stage::open_state(). Failures: usage if another run has used the state since.
  Result<Opened, Failure> open(std::string_view mark);
  /// Refuses a state that is another stage's.
  static Status check_stage(const StateStore& store, std::string_view stage);
  /// For Stage::saved_mark().
  Result<std::string, Failure> saved() const;
  /// The mark of this run at a place of the log.
  std::string mark(std::string place) const;
  /// For a log that was written anew: it stands here.
  void begin_at(std::uint64_t next);
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
  static Result<std::uint64_t, Failure> last_run(const StateStore& store);
  Status begin_run(StateStore& store, const StateMark& from);

  std::string const stage_, folder_;
  bool const keep_;
  std::uint64_t run_ = 0;
  std::mutex mutex_;
  std::deque<End> ends_;  // of batches that are not committed
  std::uint64_t reached_ = 0;
};

}  // namespace hl7flow
