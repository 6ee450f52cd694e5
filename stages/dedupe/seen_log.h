#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <hl7flow/parsers/dedup/content_fingerprint.h>
#include <hl7flow/pipeline/state_store.h>

namespace hl7flow::stages {

/// The messages that were passed on, as a log by number from 0: what a hit of the RecentIndex is
/// confirmed from. Lies in a state store, or in memory alone. append() and at() come from one
/// thread at a time; save() may come from another meanwhile.
class SeenLog {
 public:
  struct Record {
    std::uint64_t id, content_high, content_low, bytes_high, bytes_low;
    std::int64_t sent_at;
  };
  static constexpr std::size_t block_records = 85;  // 4,080 bytes

  /// `store` may be null: then what is farther back than the window is forgotten, and save() does
  /// nothing. Begins at `next`, the number of the first record to come; numbers below it, within
  /// the window, are read from the store.
  static Result<std::unique_ptr<SeenLog>, Failure> open(std::unique_ptr<StateStore> store,
                                                        std::uint64_t window, std::uint64_t next);

  std::uint64_t next() const noexcept { return next_; }
  /// Of the records that are there.
  std::uint64_t first() const noexcept { return first_; }
  /// Keeps save() out: to be held while append() is called, for a batch of records at a time.
  std::unique_lock<std::mutex> hold() { return std::unique_lock(mutex_); }
  Status append(const Record& record);
  /// The record of a number from first() to before next().
  Result<Record, Failure> at(std::uint64_t number);
  /// Makes the records before `next` durable.
  Status save(std::uint64_t next);

 private:
  using Block = std::vector<Record>;

  SeenLog(std::unique_ptr<StateStore> store, std::uint64_t window)
      : store_(std::move(store)), window_(window) {}
  /// The number of the first record in the store.
  Result<std::uint64_t, Failure> earliest() const;
  Result<Block, Failure> read(std::uint64_t block) const;
  Status write(std::uint64_t block, const Block& records);

  std::unique_ptr<StateStore> const store_;
  std::uint64_t const window_;
  std::uint64_t first_ = 0, next_ = 0;
  std::mutex mutex_;               // of what follows
  std::deque<Block> recent_;       // whole blocks and the one that is filled
  std::uint64_t recent_from_ = 0;  // number of the first of them
  Block fetched_;                  // one older block
  std::uint64_t fetched_number_ = UINT64_MAX;
  std::uint64_t saved_ = 0;  // next of the last save
};

}  // namespace hl7flow::stages
