#include <hl7flow/stages/identify/statement_log.h>

#include <algorithm>

namespace hl7flow::stages {

namespace {

constexpr char block_kind = 'p';
// Blocks of a generation; of 32 statements each, more than anyone has.
constexpr unsigned generation_shift = 40;

std::string block_key(std::uint64_t generation, std::uint64_t block) {
  return numbered_key(block_kind, generation << generation_shift | block);
}

}  // namespace

Result<std::string, Failure> StatementLog::replay(const StateStore& store, const LogPosition& at,
                                                  const Replay& replay) {
  std::string last;
  if (at.next == 0) return last;
  std::uint64_t block = 0;
  Status replayed;
  auto const done = store.for_each(
      block_key(at.generation, 0), block_key(at.generation, (at.next - 1) / block_statements + 1),
      [&](std::string_view key, std::string_view bytes) {
        if (key != block_key(at.generation, block)) return false;
        std::uint64_t const count = std::min(block_statements, at.next - block * block_statements);
        auto const size = replay(bytes, count);
        if (!size) {
          replayed = tl::unexpected<Failure>(size.error());
          return false;
        }
        // A run that was killed may have left statements behind the mark.
        if (count < block_statements) last = bytes.substr(0, *size);
        ++block;
        return true;
      });
  if (!done) return tl::unexpected<Failure>(done.error());
  if (!replayed) return tl::unexpected<Failure>(replayed.error());
  if (block * block_statements < at.next)
    return fail(ErrorCode::io, "the state of identify in " + store.folder() +
                                   " is not whole: statements are missing");
  return last;
}

Status StatementLog::keep_only(StateStore& store, std::uint64_t generation) {
  if (auto done = store.erase_range(block_key(0, 0), block_key(generation, 0)); !done) return done;
  return store.erase_range(block_key(generation + 1, 0),
                           std::string(1, static_cast<char>(block_kind + 1)));
}

Status StatementLog::write() {
  return store_->put(block_key(at_.generation, at_.next / block_statements), block_);
}

Status StatementLog::append(std::string_view statement) {
  if (store_ != nullptr) block_ += statement;
  if ((at_.next + 1) % block_statements == 0 && store_ != nullptr) {
    if (auto done = write(); !done) return done;
    block_.clear();
  }
  ++at_.next;
  return {};
}

Status StatementLog::save(std::uint64_t next) {
  if (store_ == nullptr) return {};
  {
    std::lock_guard const lock(mutex_);
    // Whole blocks were written when they were filled. Statements behind `next` do no harm: the
    // mark says where the log ends.
    if (!block_.empty())
      if (auto done = write(); !done) return done;
  }
  return store_->sync(mark(next));
}

}  // namespace hl7flow::stages
