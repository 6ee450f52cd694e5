#include <hl7flow/stages/dedupe/seen_log.h>

#include <algorithm>
#include <cstring>

namespace hl7flow::stages {

namespace {

// With a store, so many blocks stay in memory: 4 MiB.
constexpr std::size_t recent_max = 1024;
constexpr char block_kind = 's';

}  // namespace

Result<std::unique_ptr<SeenLog>, Failure> SeenLog::open(std::unique_ptr<StateStore> store,
                                                        std::uint64_t window, std::uint64_t next) {
  std::unique_ptr<SeenLog> log(new SeenLog(std::move(store), window));
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
    if (last.size() < next % block_records)
      return fail(ErrorCode::io, "the state of dedupe is not whole: it ends too early");
    last.resize(next % block_records);
  }
  last.reserve(block_records);
  log->recent_.push_back(std::move(last));
  return log;
}

Result<std::uint64_t, Failure> SeenLog::earliest() const {
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

Result<SeenLog::Block, Failure> SeenLog::read(std::uint64_t block) const {
  if (store_ == nullptr) return Block();
  auto const value = store_->get(numbered_key(block_kind, block));
  if (!value) return tl::unexpected<Failure>(value.error());
  if (!*value) return fail(ErrorCode::io, "the state of dedupe is not whole: a block is missing");
  Block records((*value)->size() / sizeof(Record));
  std::memcpy(records.data(), (*value)->data(), records.size() * sizeof(Record));
  return records;
}

Status SeenLog::write(std::uint64_t block, const Block& records) {
  return store_->put(
      numbered_key(block_kind, block),
      {reinterpret_cast<const char*>(records.data()), records.size() * sizeof(Record)});
}

Status SeenLog::append(const Record& record) {
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

Result<SeenLog::Record, Failure> SeenLog::at(std::uint64_t number) {
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
  if (within >= fetched_.size())
    return fail(ErrorCode::io, "the state of dedupe is not whole: a block is too short");
  return fetched_[within];
}

Status SeenLog::save(std::uint64_t next) {
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

}  // namespace hl7flow::stages
