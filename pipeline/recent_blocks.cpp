#include <hl7flow/pipeline/recent_blocks.h>

#include <algorithm>

namespace hl7flow {

RecentBlocks::RecentBlocks(std::unique_ptr<BlockFiles> files, std::uint64_t begin,
                           std::uint64_t kept)
    : files_(std::move(files)),
      ring_blocks_(
          (files_ != nullptr ? chunks_with_files : (kept + chunk_blocks - 1) / chunk_blocks + 1) *
          chunk_blocks),
      ring_(static_cast<std::byte*>(take_huge_pages(memory())), Free{memory()}),
      current_(begin),
      oldest_(begin),
      full_(begin),
      written_(begin) {
  if (files_ != nullptr) writer_ = std::thread([this] { write_what_is_full(); });
}

RecentBlocks::~RecentBlocks() {
  if (!writer_.joinable()) return;
  {
    std::lock_guard const lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  writer_.join();
}

Status RecentBlocks::fill_next() {
  ++current_;
  if (current_ % chunk_blocks != 0) return {};
  // The chunk that begins takes the place of the oldest.
  if (std::uint64_t const end = current_ + chunk_blocks; end > ring_blocks_)
    oldest_ = std::max(oldest_, end - ring_blocks_);
  if (files_ == nullptr) return {};
  std::unique_lock lock(mutex_);
  full_ = std::max(full_, current_);
  changed_.notify_all();
  changed_.wait(lock, [&] { return failure_ || written_ >= oldest_; });
  return failure_ ? tl::unexpected<Failure>(*failure_) : Status{};
}

void RecentBlocks::publish(std::uint64_t end) {
  {
    std::lock_guard const lock(mutex_);
    full_ = std::max(full_, end);
  }
  changed_.notify_all();
}

Status RecentBlocks::write_before(std::uint64_t end) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || written_ >= end; });
  if (failure_) return tl::unexpected<Failure>(*failure_);
  lock.unlock();
  return files_->sync();
}

void RecentBlocks::write_what_is_full() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ends_ || full_ > written_; });
    if (ends_) return;
    std::uint64_t const begin = written_;
    std::uint64_t const end = std::min(full_, (begin / chunk_blocks + 1) * chunk_blocks);
    lock.unlock();
    auto done = files_->write(begin, block(begin), static_cast<std::size_t>(end - begin));
    lock.lock();
    if (!done) failure_ = std::move(done.error());
    written_ = end;
    changed_.notify_all();
    if (failure_) return;
  }
}

}  // namespace hl7flow
