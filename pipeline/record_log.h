#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>

#include <hl7flow/pipeline/recent_blocks.h>
#include <hl7flow/pipeline/state_store.h>

namespace hl7flow {

/// The newest records of a stage that goes by what came before, by number from 0, as plain data.
/// Lies in the folder of a state store, or in memory alone. append() and at() come from one thread
/// at a time; save() may come from another meanwhile.
///
/// Whole blocks of records lie in files beside the store (BlockFiles), each written once. The store
/// has the rest: the mark, and the records of the last block up to it.
template <class Record>
class RecordLog {
  static_assert(std::is_trivially_copyable_v<Record> && sizeof(Record) <= BlockFiles::room);

 public:
  static constexpr std::size_t block_records = BlockFiles::room / sizeof(Record);
  /// So many are read at once, and kept: those whose numbers are equal, divided by this.
  static constexpr std::size_t read_blocks = 16, read_records = read_blocks * block_records;

  /// `stage` is for messages. `store` may be null: then what is farther back than the window is
  /// forgotten, and save() does nothing. Begins at `next`, the number of the first record to come;
  /// numbers below it, within the window, are read from the state, and what it has behind is
  /// removed from it.
  static Result<std::unique_ptr<RecordLog>, Failure> open(std::string stage,
                                                          std::unique_ptr<StateStore> store,
                                                          std::uint64_t window, std::uint64_t next);
  std::uint64_t next() const noexcept { return next_; }
  /// Of the records that are there.
  std::uint64_t first() const noexcept {
    return std::max(first_, next_ > window_ ? next_ - window_ : 0);
  }
  /// Bytes of memory for records.
  std::size_t memory() const noexcept { return recent_->memory(); }
  /// Keeps save() out: to be held while append() is called, for a batch of records at a time.
  std::unique_lock<std::mutex> hold() { return std::unique_lock(mutex_); }
  Status append(const Record& record) {
    return append_bytes(reinterpret_cast<const std::byte*>(&record));
  }
  /// Of a record.
  Status append_bytes(const std::byte* record) {
    std::memcpy(place_, record, sizeof(Record));
    place_ += sizeof(Record);
    ++next_;
    return place_ != place_end_ ? Status{} : begin_block();
  }
  /// The record of a number from first() to before next().
  Result<Record, Failure> at(std::uint64_t number);
  /// Visits the records of the numbers from `begin` to before `end`, which at() would give, the
  /// newest first, until visit(number, record) is true.
  template <class Visit>
  Status find_newest(std::uint64_t begin, std::uint64_t end, Visit&& visit);
  /// Makes the records before `next` durable.
  Status save(std::uint64_t next);

 private:
  RecordLog(std::string stage, std::unique_ptr<StateStore> store, std::uint64_t window,
            std::uint64_t next)
      : stage_(std::move(stage)),
        store_(std::move(store)),
        window_(window),
        first_(next),
        next_(next),
        saved_(next) {}

  Status refuse_older_layout() const;
  /// Where the log begins in the files, and which records of the block of `next_` it has.
  Status find_state(BlockFiles& files, std::string& last);
  Status read_last_block(BlockFiles& files, std::string& last, bool& is_in_store);
  Status begin_block();
  /// A block's records, until the next call.
  Result<const std::byte*, Failure> room_of(std::uint64_t block);
  static Record record_in(const std::byte* room, std::uint64_t number) noexcept {
    Record record;
    std::memcpy(&record, room + number % block_records * sizeof(Record), sizeof record);
    return record;
  }
  Status put_last_block(std::uint64_t next, const std::byte* room);

  tl::unexpected<Failure> not_whole() const {
    return fail(ErrorCode::io, "the state of " + stage_ + " in " + store_->folder() +
                                   " is not whole: records are missing");
  }

  // Kinds of keys: blocks of an older layout, the last block, and the first record there is.
  static constexpr char old_kind = 's', last_kind = 't', first_kind = 'f';
  static std::string end_of(char kind) { return {static_cast<char>(kind + 1)}; }

  struct alignas(BlockFiles::block_size) Block {
    std::array<std::byte, BlockFiles::block_size> bytes;
  };

  std::string const stage_;
  std::unique_ptr<StateStore> const store_;
  std::uint64_t const window_;
  std::uint64_t first_, next_;
  std::byte *place_ = nullptr, *place_end_ = nullptr;  // of the next record
  std::unique_ptr<RecentBlocks> recent_;
  std::unique_ptr<std::array<Block, read_blocks>> fetched_;  // older blocks
  std::uint64_t fetched_begin_ = 0, fetched_end_ = 0;
  std::mutex mutex_;     // append() holds it: hold()
  std::uint64_t saved_;  // next of the last save
};

template <class Record>
Result<std::unique_ptr<RecordLog<Record>>, Failure> RecordLog<Record>::open(
    std::string stage, std::unique_ptr<StateStore> store, std::uint64_t window,
    std::uint64_t next) {
  std::unique_ptr<RecordLog> log(new RecordLog(std::move(stage), std::move(store), window, next));
  std::unique_ptr<BlockFiles> files;
  std::string last(next % block_records * sizeof(Record), '\0');
  if (log->store_ != nullptr) {
    if (auto done = log->refuse_older_layout(); !done) return tl::unexpected<Failure>(done.error());
    auto opened = BlockFiles::open(log->store_->folder() + "/records", sizeof(Record));
    if (!opened) return tl::unexpected<Failure>(opened.error());
    files = std::move(*opened);
    if (auto done = log->find_state(*files, last); !done)
      return tl::unexpected<Failure>(done.error());
    log->fetched_ = std::make_unique<std::array<Block, read_blocks>>();
  }
  log->recent_ = std::make_unique<RecentBlocks>(std::move(files), next / block_records,
                                                window / block_records + 2);
  log->place_ = log->recent_->room();
  log->place_end_ = log->place_ + block_records * sizeof(Record);
  std::memcpy(log->place_, last.data(), last.size());
  log->place_ += last.size();
  return log;
}

template <class Record>
Status RecordLog<Record>::refuse_older_layout() const {
  bool is_older = false;
  auto const done = store_->for_each(numbered_key(old_kind, 0), end_of(old_kind),
                                     [&](std::string_view, std::string_view) {
                                       is_older = true;
                                       return false;
                                     });
  if (!done || !is_older) return done;
  return fail(ErrorCode::usage, "the state of " + stage_ + " in " + store_->folder() +
                                    " was written by an older version of hl7flow, which laid it "
                                    "out otherwise; begin a new one");
}

template <class Record>
Status RecordLog<Record>::find_state(BlockFiles& files, std::string& last) {
  std::uint64_t const block = next_ / block_records;
  bool const has_gap = files.first() > block;  // the window of a mark so old is not kept
  if (!has_gap && files.end() < block) return not_whole();
  auto const begin = store_->get(numbered_key(first_kind, 0));
  if (!begin) return tl::unexpected<Failure>(begin.error());
  std::uint64_t first = files.first() * block_records;
  if (*begin) first = std::max(first, number_in(**begin));
  first_ = has_gap ? next_ : std::min(first, next_);
  bool is_in_store = true;
  if (!has_gap && !last.empty())
    if (auto done = read_last_block(files, last, is_in_store); !done) return done;
  // Of a run that was killed, or that is replaced.
  if (auto done = store_->erase_range(numbered_key(last_kind, block + 1), end_of(last_kind)); !done)
    return done;
  auto const mark = std::to_string(next_);
  bool const is_as_saved = store_->mark() == mark || (next_ == 0 && store_->mark().empty());
  if (!is_as_saved || !is_in_store) {
    // The state ends here from now on, before anything that comes behind is written over.
    if (auto done = store_->put(numbered_key(first_kind, 0), numbered_key(first_kind, first_));
        !done)
      return done;
    auto const* const room = reinterpret_cast<const std::byte*>(last.data());
    if (auto done = put_last_block(next_, room); !done) return done;
    if (auto done = store_->sync(mark); !done) return done;
  }
  return files.cut(block);
}

template <class Record>
Status RecordLog<Record>::read_last_block(BlockFiles& files, std::string& last, bool& is_in_store) {
  std::uint64_t const block = next_ / block_records;
  auto const value = store_->get(numbered_key(last_kind, block));
  if (!value) return tl::unexpected<Failure>(value.error());
  is_in_store = *value && (*value)->size() >= last.size();
  if (is_in_store) {
    std::memcpy(last.data(), (*value)->data(), last.size());
    return {};
  }
  // The block was full when it was saved.
  auto const read = std::make_unique<Block>();
  if (files.end() <= block) return not_whole();
  if (auto done = files.read(block, read->bytes.data(), 1); !done) return done;
  std::memcpy(last.data(), read->bytes.data() + BlockFiles::head_size, last.size());
  return {};
}

template <class Record>
Status RecordLog<Record>::put_last_block(std::uint64_t next, const std::byte* room) {
  std::uint64_t const block = next / block_records;
  if (auto done = store_->erase_range(numbered_key(last_kind, 0), numbered_key(last_kind, block));
      !done)
    return done;
  std::size_t const size = next % block_records * sizeof(Record);
  return store_->put(numbered_key(last_kind, block), {reinterpret_cast<const char*>(room), size});
}

template <class Record>
Status RecordLog<Record>::begin_block() {
  if (auto done = recent_->fill_next(); !done) return done;
  place_ = recent_->room();
  place_end_ = place_ + block_records * sizeof(Record);
  return {};
}

template <class Record>
Result<const std::byte*, Failure> RecordLog<Record>::room_of(std::uint64_t block) {
  if (const std::byte* const room = recent_->find(block); room != nullptr) return room;
  if (store_ == nullptr) return not_whole();
  if (block < fetched_begin_ || block >= fetched_end_) {
    std::uint64_t const begin = block / read_blocks * read_blocks;
    fetched_end_ = 0;
    fetched_begin_ = std::max(begin, first() / block_records);
    std::uint64_t const end = std::min(begin + read_blocks, recent_->oldest());
    if (auto done = recent_->files()->read(fetched_begin_, fetched_->data()->bytes.data(),
                                           static_cast<std::size_t>(end - fetched_begin_));
        !done)
      return tl::unexpected<Failure>(done.error());
    fetched_end_ = end;
  }
  return (*fetched_)[block - fetched_begin_].bytes.data() + BlockFiles::head_size;
}

template <class Record>
Result<Record, Failure> RecordLog<Record>::at(std::uint64_t number) {
  auto const room = room_of(number / block_records);
  if (!room) return tl::unexpected<Failure>(room.error());
  return record_in(*room, number);
}

template <class Record>
template <class Visit>
Status RecordLog<Record>::find_newest(std::uint64_t begin, std::uint64_t end, Visit&& visit) {
  while (end > begin) {
    std::uint64_t const block = (end - 1) / block_records;
    auto const room = room_of(block);
    if (!room) return tl::unexpected<Failure>(room.error());
    for (std::uint64_t const first = std::max(begin, block * block_records); end > first;) {
      --end;
      if (visit(end, record_in(*room, end))) return {};
    }
  }
  return {};
}

template <class Record>
Status RecordLog<Record>::save(std::uint64_t next) {
  if (store_ == nullptr) return {};
  std::uint64_t const block = next / block_records;
  std::uint64_t end = block;  // of the blocks that have to be in files
  {
    std::lock_guard const lock(mutex_);
    if (block == recent_->current()) {
      if (auto done = put_last_block(next, recent_->room()); !done) return done;
    } else {
      // The block of `next` is full by now, and is read from its file.
      end = block + (next % block_records != 0 ? 1 : 0);
    }
    recent_->publish(end);
  }
  if (auto done = recent_->write_before(end); !done) return done;
  // A run that goes on from the save before this one still finds its window.
  if (saved_ > window_)
    if (auto done = recent_->files()->erase_before((saved_ - window_) / block_records); !done)
      return done;
  saved_ = next;
  return store_->sync(std::to_string(next));
}

}  // namespace hl7flow
