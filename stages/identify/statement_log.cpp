#include <hl7flow/stages/identify/statement_log.h>

#include <algorithm>

namespace hl7flow::stages {

namespace {

constexpr char block_kind = 'p';

Failure not_whole() {
  return {ErrorCode::io, "the state of identify is not whole: statements are missing"};
}

}  // namespace

Result<std::unique_ptr<StatementLog>, Failure> StatementLog::open(std::unique_ptr<StateStore> store,
                                                                  std::uint64_t next,
                                                                  const Replay& replay) {
  std::unique_ptr<StatementLog> log(new StatementLog(std::move(store), next));
  if (log->store_ == nullptr || next == 0) return log;
  std::uint64_t block = 0;
  Status replayed;
  auto const done = log->store_->for_each(
      numbered_key(block_kind, 0), numbered_key(block_kind, (next - 1) / block_statements + 1),
      [&](std::string_view key, std::string_view bytes) {
        if (number_in(key) != block) return false;
        std::uint64_t const count = std::min(block_statements, next - block * block_statements);
        auto const size = replay(bytes, count);
        if (!size) {
          replayed = tl::unexpected<Failure>(size.error());
          return false;
        }
        // A run that was killed may have left statements behind the mark.
        if (count < block_statements) log->block_ = bytes.substr(0, *size);
        ++block;
        return true;
      });
  if (!done) return tl::unexpected<Failure>(done.error());
  if (!replayed) return tl::unexpected<Failure>(replayed.error());
  if (block * block_statements < next) return tl::unexpected<Failure>(not_whole());
  return log;
}

Status StatementLog::write() {
  return store_->put(numbered_key(block_kind, next_ / block_statements), block_);
}

Status StatementLog::append(std::string_view statement) {
  if (store_ != nullptr) block_ += statement;
  if ((next_ + 1) % block_statements == 0 && store_ != nullptr) {
    if (auto done = write(); !done) return done;
    block_.clear();
  }
  ++next_;
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
  return store_->sync(std::to_string(next));
}

}  // namespace hl7flow::stages
