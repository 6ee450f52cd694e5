#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

#include <hl7flow/pipeline/state_store.h>

namespace hl7flow {

/// The newest records of a stage that goes by what came before, by number from 0, as plain data.
/// Lies in a state store, or in memory alone. append() and at() come from one thread at a time;
/// save() may come from another meanwhile.
template <class Record>
class RecordLog {
  static_assert(std::is_trivially_copyable_v<Record>);

 public:
  static constexpr std::size_t block_records = std::max<std::size_t>(1, 4096 / sizeof(Record));

  /// `stage` is for messages. `store` may be null: then what is farther back than the window is
  /// forgotten, and save() does nothing. Begins at `next`, the number of the first record to come;
  /// numbers below it, within the window, are read from the store.
  static Result<std::unique_ptr<RecordLog>, Failure> open(std::string stage,
                                                          std::unique_ptr<StateStore> store,
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

  RecordLog(std::string stage, std::unique_ptr<StateStore> store, std::uint64_t window)
      : stage_(std::move(stage)), store_(std::move(store)), window_(window) {}
  /// The number of the first record in the store.
  Result<std::uint64_t, Failure> earliest() const;
  Result<Block, Failure> read(std::uint64_t block) const;
  Status write(std::uint64_t block, const Block& records);

  tl::unexpected<Failure> not_whole() const {
    return fail(ErrorCode::io, "the state of " + stage_ + " is not whole: records are missing");
  }

  // With a store, so many blocks stay in memory: 4 MiB.
  static constexpr std::size_t recent_max = 1024;
  static constexpr char block_kind = 's';

  std::string const stage_;
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

template <class Record>
Result<std::unique_ptr<RecordLog<Record>>, Failure> RecordLog<Record>::open(
    std::string stage, std::unique_ptr<StateStore> store, std::uint64_t window,
    std::uint64_t next) {
  std::unique_ptr<RecordLog> log(new RecordLog(std::move(stage), std::move(store), window));
  log->next_ = log->saved_ = next;
  auto const earliest = log->earliest();
  if (!earliest) return tl::unexpected<Failure>(earliest.error());
  log->first_ = std::max(std::min(*earliest, next), next > window ? next - window : 0);
  log->recent_from_ = next / block_records;
  Block last;
  if (next % block_records != 0) {
    auto read = log->read(log->recent_from_);
    if (!read) return tl::unexpected<Failure>(read.error());
    last = std::move(*read);
    if (last.size() < next % block_records) return log->not_whole();
    last.resize(next % block_records);
  }
  last.reserve(block_records);
  log->recent_.push_back(std::move(last));
  return log;
}

template <class Record>
Result<std::uint64_t, Failure> RecordLog<Record>::earliest() const {
  if (store_ == nullptr) return next_;
  std::string key;
  auto const done = store_->for_each(numbered_key(block_kind, 0),
                                     std::string(1, static_cast<char>(block_kind + 1)),
                                     [&](std::string_view first, std::string_view) {
                                       key = first;
                                       return false;
                                     });
  if (!done) return tl::unexpected<Failure>(done.error());
  return key.empty() ? next_ : number_in(key) * block_records;
}

template <class Record>
Result<typename RecordLog<Record>::Block, Failure> RecordLog<Record>::read(
    std::uint64_t block) const {
  if (store_ == nullptr) return Block();
  auto const value = store_->get(numbered_key(block_kind, block));
  if (!value) return tl::unexpected<Failure>(value.error());
  if (!*value) return not_whole();
  Block records((*value)->size() / sizeof(Record));
  std::memcpy(records.data(), (*value)->data(), records.size() * sizeof(Record));
  return records;
}

template <class Record>
Status RecordLog<Record>::write(std::uint64_t block, const Block& records) {
  return store_->put(
      numbered_key(block_kind, block),
      {reinterpret_cast<const char*>(records.data()), records.size() * sizeof(Record)});
}

template <class Record>
Status RecordLog<Record>::append(const Record& record) {
  recent_.back().push_back(record);
  ++next_;
  if (next_ - first_ > window_) ++first_;
  if (recent_.back().size() < block_records) return {};
  if (store_ != nullptr)
    if (auto done = write(recent_from_ + recent_.size() - 1, recent_.back()); !done) return done;
  Block fresh;
  std::size_t const kept =
      store_ != nullptr ? recent_max : static_cast<std::size_t>(window_ / block_records + 2);
  if (recent_.size() >= kept) {
    fresh = std::move(recent_.front());
    fresh.clear();
    recent_.pop_front();
    ++recent_from_;
  }
  fresh.reserve(block_records);
  recent_.push_back(std::move(fresh));
  return {};
}

template <class Record>
Result<Record, Failure> RecordLog<Record>::at(std::uint64_t number) {
  std::uint64_t const block = number / block_records;
  std::size_t const within = number % block_records;
  // Only append(), which does not run now, changes the recent blocks.
  if (block >= recent_from_) return recent_[static_cast<std::size_t>(block - recent_from_)][within];
  if (block != fetched_number_) {
    auto read = this->read(block);
    if (!read) return tl::unexpected<Failure>(read.error());
    fetched_ = std::move(*read);
    fetched_number_ = block;
  }
  if (within >= fetched_.size()) return not_whole();
  return fetched_[within];
}

template <class Record>
Status RecordLog<Record>::save(std::uint64_t next) {
  if (store_ == nullptr) return {};
  {
    std::lock_guard const lock(mutex_);
    // Whole blocks were written when they were filled. Records behind `next` do no harm: the mark
    // says where the log ends.
    if (auto done = write(recent_from_ + recent_.size() - 1, recent_.back()); !done) return done;
  }
  // A run that goes on from the save before this one still finds its window.
  std::uint64_t const unneeded = saved_ > window_ ? (saved_ - window_) / block_records : 0;
  if (unneeded > 0)
    if (auto done =
            store_->erase_range(numbered_key(block_kind, 0), numbered_key(block_kind, unneeded));
        !done)
      return done;
  saved_ = next;
  return store_->sync(std::to_string(next));
}

}  // namespace hl7flow
