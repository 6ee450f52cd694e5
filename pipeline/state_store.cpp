// The only file that includes RocksDB.

#include <hl7flow/pipeline/state_store.h>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <filesystem>

namespace hl7flow {
namespace {

constexpr std::string_view mark_key = "\xff mark";

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const rocksdb::Slice& text) { return {text.data(), text.size()}; }

/// RocksDB's words name files and the system's error, never a value.
tl::unexpected<Failure> failure(const std::string& folder, const rocksdb::Status& status) {
  return fail(ErrorCode::io, "the state in " + folder + ": " + status.ToString());
}

rocksdb::Options options_of_state() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = 8u << 20;
  options.max_write_buffer_number = 2;
  options.max_open_files = 256;
  options.keep_log_file_num = 1;
  options.max_log_file_size = 1u << 20;
  options.compression = rocksdb::kNoCompression;  // hashes
  options.info_log_level = rocksdb::WARN_LEVEL;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(16u << 20);
  table.cache_index_and_filter_blocks = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

class RocksStore final : public StateStore {
 public:
  RocksStore(std::string folder, std::unique_ptr<rocksdb::DB> db, std::string mark)
      : folder_(std::move(folder)), db_(std::move(db)), mark_(std::move(mark)) {
    // Durable at sync(), which writes the tables themselves: a log would write everything twice.
    unsynced_.disableWAL = true;
  }

  const std::string& folder() const override { return folder_; }
  Status put(std::string_view key, std::string_view value) override {
    return checked(db_->Put(unsynced_, slice(key), slice(value)));
  }
  Status erase(std::string_view key) override {
    return checked(db_->Delete(unsynced_, slice(key)));
  }
  Status erase_range(std::string_view begin, std::string_view end) override {
    return checked(
        db_->DeleteRange(unsynced_, db_->DefaultColumnFamily(), slice(begin), slice(end)));
  }

  Result<std::optional<std::string>, Failure> get(std::string_view key) const override {
    std::string value;
    rocksdb::Status const status = db_->Get(rocksdb::ReadOptions(), slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return failure(folder_, status);
    return std::optional<std::string>(std::move(value));
  }

  Status for_each(
      std::string_view begin, std::string_view end,
      const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    rocksdb::ReadOptions reading;
    rocksdb::Slice const bound = slice(end);
    reading.iterate_upper_bound = &bound;
    reading.fill_cache = false;
    std::unique_ptr<rocksdb::Iterator> const at(db_->NewIterator(reading));
    for (at->Seek(slice(begin)); at->Valid(); at->Next())
      if (!visit(view(at->key()), view(at->value()))) return {};
    return checked(at->status());
  }

  Status sync(std::string_view mark) override {
    if (auto done = checked(db_->Flush(rocksdb::FlushOptions())); !done) return done;
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (auto done = checked(db_->Put(synced, slice(mark_key), slice(mark))); !done) return done;
    mark_ = mark;
    return {};
  }
  std::string mark() const override { return mark_; }

 private:
  Status checked(const rocksdb::Status& status) const {
    return status.ok() ? Status{} : failure(folder_, status);
  }

  std::string const folder_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::WriteOptions unsynced_;
  std::string mark_;
};

/// Whether a store may have made the file; one that was killed early has no CURRENT yet.
bool is_of_a_store(const std::string& name) {
  if (name == "LOCK" || name == "IDENTITY" || name == "records") return true;
  for (std::string_view const begin : {"LOG", "MANIFEST-", "OPTIONS-"})
    if (name.starts_with(begin)) return true;
  std::size_t const digits = name.find_first_not_of("0123456789");
  return digits == 6 &&
         (name.substr(6) == ".log" || name.substr(6) == ".sst" || name.substr(6) == ".dbtmp");
}

/// What is in the folder if it holds no store but other things; else empty.
std::string stranger_in(const std::string& folder) {
  if (StateStore::is_in(folder)) return {};
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    if (std::string name = at->path().filename().string(); !is_of_a_store(name)) return name;
  return {};
}

}  // namespace

Result<std::unique_ptr<StateStore>, Failure> StateStore::open(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return fail(ErrorCode::cannot_create, "cannot create " + folder + ": " + error.message());
  if (std::string const stranger = stranger_in(folder); !stranger.empty())
    return fail(ErrorCode::usage, folder + " holds no state but other files, such as " + stranger +
                                      "; name a folder that is empty or new");
  rocksdb::DB* opened = nullptr;
  rocksdb::Status const status = rocksdb::DB::Open(options_of_state(), folder, &opened);
  std::unique_ptr<rocksdb::DB> db(opened);
  if (!status.ok()) {
    if (status.IsIOError() && status.ToString().find("lock hold") != std::string::npos)
      return fail(ErrorCode::exists,
                  "the state in " + folder + " is in use by another stage of this run");
    if (status.IsIOError() && status.ToString().find("While lock file") != std::string::npos)
      return fail(ErrorCode::exists, "the state in " + folder + " is in use by another process");
    return failure(folder, status);
  }
  std::string mark;
  rocksdb::Status const read = db->Get(rocksdb::ReadOptions(), slice(mark_key), &mark);
  if (!read.ok() && !read.IsNotFound()) return failure(folder, read);
  return std::unique_ptr<StateStore>(
      std::make_unique<RocksStore>(folder, std::move(db), std::move(mark)));
}

bool StateStore::is_in(const std::string& folder) {
  std::error_code error;
  return std::filesystem::exists(folder + "/CURRENT", error);
}

Status StateStore::remove(const std::string& folder) {
  if (!std::filesystem::exists(folder) || !stranger_in(folder).empty()) return {};
  rocksdb::Status const status = rocksdb::DestroyDB(folder, options_of_state());
  if (!status.ok()) return failure(folder, status);
  std::error_code error;
  std::filesystem::remove_all(folder + "/records", error);
  if (error) return fail(ErrorCode::io, "cannot remove " + folder + "/records: " + error.message());
  std::filesystem::remove(folder, error);  // stays if it holds anything else
  return {};
}

std::string numbered_key(char kind, std::uint64_t number) {
  std::string key(9, kind);
  for (int k = 0; k < 8; ++k)
    key[static_cast<std::size_t>(k) + 1] = static_cast<char>(number >> (56 - 8 * k));
  return key;
}

std::uint64_t number_in(std::string_view key) {
  std::uint64_t number = 0;
  for (char const byte : key.substr(1)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace hl7flow
