#include <hl7flow/pipeline/numbered_state.h>

#include <charconv>

namespace hl7flow {

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

Result<NumberedState::Opened, Failure> NumberedState::open(std::string_view mark) {
  if (folder_.empty() && !mark.empty() && mark != "0")
    return fail(ErrorCode::usage, "cannot resume: " + stage_ +
                                      " kept what it knew in memory; give it a state folder");
  Opened opened;
  opened.is_new_run = mark.empty();
  std::string begin(mark);
  std::optional<LogPosition> kept;
  if (!folder_.empty()) {
    if (mark.empty() && !keep_)
      if (auto done = StateStore::remove(folder_); !done)
        return tl::unexpected<Failure>(done.error());
    auto store = StateStore::open(folder_);
    if (!store) return tl::unexpected<Failure>(store.error());
    opened.store = std::move(*store);
    if (auto done = check_stage(*opened.store); !done) return tl::unexpected<Failure>(done.error());
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

Status NumberedState::check_stage(StateStore& store) const {
  constexpr std::string_view stage_key = "~stage";
  auto const stage = store.get(stage_key);
  if (!stage) return tl::unexpected<Failure>(stage.error());
  if (!*stage) return store.put(stage_key, stage_);
  if (**stage == stage_) return {};
  return fail(ErrorCode::usage,
              "the state in " + folder_ + " is one of " + **stage + ", not of " + stage_);
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
