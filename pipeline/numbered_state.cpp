#include <hl7flow/pipeline/numbered_state.h>

#include <charconv>

namespace hl7flow {

Result<NumberedState::Opened, Failure> NumberedState::open(std::string_view mark) {
  if (folder_.empty() && !mark.empty() && mark != "0")
    return fail(ErrorCode::usage, "cannot resume: " + stage_ +
                                      " kept what it knew in memory; give it a state folder");
  Opened opened;
  std::string begin(mark);
  if (!folder_.empty()) {
    if (mark.empty() && !keep_)
      if (auto done = StateStore::remove(folder_); !done)
        return tl::unexpected<Failure>(done.error());
    auto store = StateStore::open(folder_);
    if (!store) return tl::unexpected<Failure>(store.error());
    opened.store = std::move(*store);
    if (mark.empty()) begin = opened.store->mark();
  }
  auto const [stop, error] =
      std::from_chars(begin.data(), begin.data() + begin.size(), opened.next);
  if (!begin.empty() && (error != std::errc{} || stop != begin.data() + begin.size()))
    return fail(ErrorCode::io, "the state in " + folder_ + " is not one of " + stage_);
  ends_.clear();
  reached_ = opened.next;
  return opened;
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
