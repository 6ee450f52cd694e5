#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <hl7flow/parsers/huge_pages.h>
#include <hl7flow/pipeline/block_files.h>

namespace hl7flow {

/// The newest blocks of a log in memory, in a ring that a thread of its own writes to files behind
/// the one that fills it; one that is faster than the disk waits. fill_next() and find() come from
/// one thread at a time; write_before() may come from another meanwhile.
class RecentBlocks {
 public:
  /// Begins by filling block `begin`. Without files, at least `kept` blocks stay; with files, the
  /// last 48 MiB, of which pages are taken as they fill: so much comes while a commit syncs.
  RecentBlocks(std::unique_ptr<BlockFiles> files, std::uint64_t begin, std::uint64_t kept);
  ~RecentBlocks();
  RecentBlocks(const RecentBlocks&) = delete;
  RecentBlocks& operator=(const RecentBlocks&) = delete;

  /// The block that is being filled, and its room behind the head.
  std::uint64_t current() const noexcept { return current_; }
  std::byte* room() noexcept { return block(current_) + BlockFiles::head_size; }
  /// The current block is full: the next one is current. Failures: of writing, some time ago.
  Status fill_next();
  /// Blocks from this one on are in memory.
  std::uint64_t oldest() const noexcept { return oldest_; }
  /// A block's room, or null if it is not in memory any more.
  const std::byte* find(std::uint64_t number) const noexcept {
    return number >= oldest_ ? block(number) + BlockFiles::head_size : nullptr;
  }
  /// Blocks before `end`, which are full, are to be written; then waits for them and syncs the
  /// files.
  void publish(std::uint64_t end);
  Status write_before(std::uint64_t end);

  /// Null without files.
  BlockFiles* files() const noexcept { return files_.get(); }
  std::size_t memory() const noexcept { return ring_blocks_ * BlockFiles::block_size; }

 private:
  static constexpr std::uint64_t chunk_blocks = 256, chunks_with_files = 48;
  static_assert(BlockFiles::file_blocks % chunk_blocks == 0);

  struct Free {
    std::size_t size;
    void operator()(std::byte* ring) const noexcept { give_huge_pages(ring, size); }
  };

  std::byte* block(std::uint64_t number) const noexcept {
    return ring_.get() + number % ring_blocks_ * BlockFiles::block_size;
  }
  void write_what_is_full();

  std::unique_ptr<BlockFiles> const files_;
  std::uint64_t const ring_blocks_;  // a multiple of chunk_blocks
  std::unique_ptr<std::byte[], Free> const ring_;
  std::uint64_t current_, oldest_;

  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::uint64_t full_, written_;  // ends of what is to be written, and of what is
  bool ends_ = false;
  std::optional<Failure> failure_;
  std::thread writer_;
};

}  // namespace hl7flow
