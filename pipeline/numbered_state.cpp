#include <hl7flow/pipeline/numbered_state.h>

#include <algorithm>
#include <charconv>

namespace hl7flow {
namespace {

constexpr std::string_view run_key = "~run", stage_key = "~stage";

}  // namespace

std::string LogPosition::text() const {
  std::string made = std::to_string(next);
  if (generation > 0) made.append("@").append(std::to_string(generation));
  return made;
}

std::optional<LogPosition> LogPosition::read(std::string_view mark) {
  LogPosition at;
  const char* const end = mark.data() + mark.size();
  auto part = std::from_chars(mark.data(), end, at.next);
  if (part.ec == std::errc{} && part.ptr != end && *part.ptr == '@')
    part = std::from_chars(part.ptr + 1, end, at.generation);
  if (part.ec != std::errc{} || part.ptr != end) return std::nullopt;
  return at;
}

std::string StateMark::text() const { return run == 0 ? place : place + "#" + std::to_string(run); }

StateMark StateMark::read(std::string_view text) {
  StateMark made;
  std::size_t const number = std::min(text.find('#'), text.size());
  made.place = text.substr(0, number);
  if (number < text.size())
    std::from_chars(text.data() + number + 1, text.data() + text.size(), made.run);
  return made;
}

bool has_moved_on(std::string_view now, std::string_view mark) {
  StateMark const a = StateMark::read(now), b = StateMark::read(mark);
  bool const is_same_run = a.run == b.run && b.run != 0;
  return !now.empty() && a.place != b.place && !is_same_run;
}

std::string NumberedState::mark(std::string place) const {
  return StateMark{std::move(place), run_}.text();
}

Result<std::uint64_t, Failure> NumberedState::last_run(const StateStore& store) {
  auto const text = store.get(run_key);
  if (!text) return tl::unexpected<Failure>(text.error());
  return *text ? StateMark::read("#" + **text).run : 0;
}

Result<std::string, Failure> NumberedState::saved() const {
  if (folder_.empty() || !StateStore::is_in(folder_)) return std::string();
  auto const store = StateStore::open(folder_);
  if (!store) return tl::unexpected<Failure>(store.error());
  auto const run = last_run(**store);
  if (!run) return tl::unexpected<Failure>(run.error());
  return StateMark{(*store)->mark(), *run}.text();
}

/// The number of a run that goes on is in its mark; a new one has the next.
Status NumberedState::begin_run(StateStore& store, const StateMark& from) {
  auto const last = last_run(store);
  if (!last) return tl::unexpected<Failure>(last.error());
  if (from.run != 0 && has_moved_on(StateMark{store.mark(), *last}.text(), from.text()))
    return fail(ErrorCode::usage,
                "cannot go on: another run has used the state in " + folder_ +
                    " since, and what it left there would be lost; convert again into a new "
                    "folder, with a new state");
  run_ = from.run != 0 ? from.run : *last + 1;
  if (run_ == *last) return {};
  if (auto done = store.put(run_key, std::to_string(run_)); !done) return done;
  return store.sync(store.mark());
}

Result<NumberedState::Opened, Failure> NumberedState::open(std::string_view mark) {
  if (folder_.empty() && !mark.empty() && mark != "0")
    return fail(ErrorCode::usage, "cannot resume: " + stage_ +
                                      " kept what it knew in memory; give it a state folder");
  Opened opened;
  opened.is_new_run = mark.empty();
  StateMark const from = StateMark::read(mark);
  std::string begin = from.place;
  std::optional<LogPosition> kept;
  if (!folder_.empty()) {
    if (mark.empty() && !keep_)
      if (auto done = StateStore::remove(folder_); !done)
        return tl::unexpected<Failure>(done.error());
    auto store = StateStore::open(folder_);
    if (!store) return tl::unexpected<Failure>(store.error());
    opened.store = std::move(*store);
    if (auto done = check_stage(*opened.store, stage_); !done)
      return tl::unexpected<Failure>(done.error());
    if (auto done = opened.store->put(stage_key, stage_); !done)
      return tl::unexpected<Failure>(done.error());
    if (auto done = begin_run(*opened.store, from); !done)
      return tl::unexpected<Failure>(done.error());
    std::string const last = opened.store->mark();
    if (mark.empty()) begin = last;
    kept = LogPosition::read(last);
  }
  auto const at = begin.empty() ? LogPosition() : LogPosition::read(begin);
  if (!at) return fail(ErrorCode::io, "the state in " + folder_ + " is not one of " + stage_);
  opened.at = *at;
  if (kept && kept->generation != at->generation)
    return fail(ErrorCode::usage,
                "cannot go on: a later run has written the state in " + folder_ + " anew");
  ends_.clear();
  reached_ = opened.at.next;
  return opened;
}

Status NumberedState::check_stage(const StateStore& store, std::string_view stage) {
  auto const its = store.get(stage_key);
  if (!its) return tl::unexpected<Failure>(its.error());
  if (!*its || **its == stage) return {};
  return fail(ErrorCode::usage, "the state in " + store.folder() + " is one of " + **its +
                                    ", not of " + std::string(stage));
}

void NumberedState::begin_at(std::uint64_t next) {
  std::lock_guard const lock(mutex_);
  reached_ = next;
}

void NumberedState::note(std::uint64_t sequence, std::uint64_t next) {
  std::lock_guard const lock(mutex_);
  ends_.push_back({sequence, next});
}

std::uint64_t NumberedState::reached(std::uint64_t sequence) {
  std::lock_guard const lock(mutex_);
  while (!ends_.empty() && ends_.front().sequence <= sequence) {
    reached_ = ends_.front().next;
    ends_.pop_front();
  }
  return reached_;
}

void NumberedState::complete() noexcept {
  if (!folder_.empty() && !keep_) (void)StateStore::remove(folder_);
}

}  // namespace hl7flow
