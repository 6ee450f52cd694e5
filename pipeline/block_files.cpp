#include <hl7flow/pipeline/block_files.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include <hl7flow/pipeline/part_file.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".records";
constexpr std::size_t checksum_size = 8;

struct Head {
  std::uint64_t checksum;  // of what follows it, and the block's number
  std::uint32_t layout;
  std::uint32_t unused = 0;
};
static_assert(sizeof(Head) == BlockFiles::head_size);

std::uint64_t checksum_of(const std::byte* block, std::uint64_t number) {
  return XXH3_64bits_withSeed(block + checksum_size, BlockFiles::block_size - checksum_size,
                              number);
}

}  // namespace

Status BlockFiles::failed(const std::string& path, const char* what, int error) {
  return fail(ErrorCode::io,
              std::string("cannot ") + what + " " + path + ": " + std::strerror(error));
}

void BlockFiles::close(File& file) noexcept {
  if (file.descriptor >= 0) ::close(file.descriptor);
  file = File();
}

BlockFiles::~BlockFiles() {
  close(reading_);
  close(writing_);
}

std::string BlockFiles::path_of(std::uint64_t file) const {
  std::string number = std::to_string(file);
  number.insert(0, number.size() < 8 ? 8 - number.size() : 0, '0');
  return folder_ + "/" + number.append(ending);
}

Result<std::unique_ptr<BlockFiles>, Failure> BlockFiles::open(const std::string& folder,
                                                              std::uint32_t layout) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(ErrorCode::cannot_create, "cannot create " + folder + ": " + error.message());
  std::unique_ptr<BlockFiles> files(new BlockFiles(folder, layout));
  if (auto done = files->find_files(); !done) return tl::unexpected<Failure>(done.error());
  return files;
}

Status BlockFiles::find_files() {
  std::error_code error;
  std::uint64_t first = UINT64_MAX, last = 0;
  for (auto const& entry : fs::directory_iterator(folder_, error)) {
    std::string const name = entry.path().filename().string();
    std::uint64_t number = 0;
    auto const [stop, wrong] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (wrong != std::errc{} || std::string_view(stop) != ending) continue;
    first = std::min(first, number);
    last = std::max(last, number);
  }
  if (error) return fail(ErrorCode::io, "cannot read " + folder_ + ": " + error.message());
  if (first == UINT64_MAX) return {};
  auto const size = fs::file_size(path_of(last), error);
  if (error) return fail(ErrorCode::io, "cannot read " + path_of(last) + ": " + error.message());
  first_ = first * file_blocks;
  end_ = last * file_blocks + std::min<std::uint64_t>(size / block_size, file_blocks);
  return {};
}

Status BlockFiles::cut(std::uint64_t end) {
  if (end_ <= end) return {};
  std::uint64_t const kept = end / file_blocks;
  std::error_code error;
  for (std::uint64_t file = (end_ - 1) / file_blocks; file > kept && !error; --file)
    fs::remove(path_of(file), error);
  if (!error && fs::exists(path_of(kept), error))
    fs::resize_file(path_of(kept), end % file_blocks * block_size, error);
  if (error) return fail(ErrorCode::io, "cannot cut " + path_of(kept) + ": " + error.message());
  end_ = end;
  first_ = std::min(first(), end);
  return {};
}

Status BlockFiles::begin_file(std::uint64_t file) {
  std::string const path = path_of(file);
  // What is written is read again within minutes from memory, or never: the page cache would only
  // cost a copy. Some file systems have no other way.
  constexpr int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
  int descriptor = ::open(path.c_str(), flags | O_DIRECT, 0666);
  if (descriptor < 0 && errno == EINVAL) descriptor = ::open(path.c_str(), flags, 0666);
  if (descriptor < 0) return failed(path, "create", errno);
  std::lock_guard const lock(mutex_);
  int const error = writing_.descriptor >= 0 && ::fdatasync(writing_.descriptor) != 0 ? errno : 0;
  if (error != 0) {
    ::close(descriptor);
    return failed(path_of(writing_.number), "write", error);
  }
  close(writing_);
  writing_ = {file, descriptor};
  is_named_ = false;
  return {};
}

Status BlockFiles::write(std::uint64_t first, std::byte* blocks, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) {
    std::byte* const block = blocks + k * block_size;
    Head head{0, layout_};
    std::memcpy(block, &head, sizeof head);
    head.checksum = checksum_of(block, first + k);
    std::memcpy(block, &head, sizeof head);
  }
  if (first / file_blocks != writing_.number)
    if (auto done = begin_file(first / file_blocks); !done) return done;
  std::size_t const size = count * block_size;
  for (std::size_t written = 0; written < size;) {
    auto const place = static_cast<off_t>(first % file_blocks * block_size + written);
    ssize_t const wrote = ::pwrite(writing_.descriptor, blocks + written, size - written, place);
    if (wrote >= 0) {
      written += static_cast<std::size_t>(wrote);
      continue;
    }
    if (errno == EINTR) continue;
    int const error = errno, flags = ::fcntl(writing_.descriptor, F_GETFL);
    bool const is_direct = error == EINVAL && (flags & O_DIRECT) != 0;
    if (!is_direct || ::fcntl(writing_.descriptor, F_SETFL, flags & ~O_DIRECT) != 0)
      return failed(path_of(writing_.number), "write", error);
  }
  return {};
}

Status BlockFiles::read(std::uint64_t first, std::byte* blocks, std::size_t count) {
  std::uint64_t const file = first / file_blocks;
  if (reading_.number != file) {
    close(reading_);
    std::string const path = path_of(file);
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return failed(path, "read", errno);
    // A few blocks here, a few there: what lies behind them is not wanted.
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM);
    reading_ = {file, descriptor};
  }
  std::size_t const size = count * block_size;
  for (std::size_t got = 0; got < size;) {
    auto const place = static_cast<off_t>(first % file_blocks * block_size + got);
    ssize_t const more = ::pread(reading_.descriptor, blocks + got, size - got, place);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return failed(path_of(file), "read", errno);
    if (more == 0) return not_whole(first + got / block_size, "missing");
    got += static_cast<std::size_t>(more);
  }
  for (std::size_t k = 0; k < count; ++k)
    if (auto done = check(first + k, blocks + k * block_size); !done) return done;
  return {};
}

Status BlockFiles::check(std::uint64_t number, const std::byte* block) const {
  Head head{};
  std::memcpy(&head, block, sizeof head);
  if (head.checksum != checksum_of(block, number)) return not_whole(number, "damaged");
  if (head.layout != layout_)
    return fail(ErrorCode::io,
                path_of(number / file_blocks) + " was written by another version of hl7flow");
  return {};
}

Status BlockFiles::not_whole(std::uint64_t number, const char* what) const {
  return fail(ErrorCode::io, path_of(number / file_blocks) + " is not whole: block " +
                                 std::to_string(number % file_blocks) + " is " + what);
}

Status BlockFiles::sync() {
  std::lock_guard const lock(mutex_);
  if (writing_.descriptor < 0) return {};
  if (::fdatasync(writing_.descriptor) != 0)
    return failed(path_of(writing_.number), "write", errno);
  if (is_named_) return {};
  if (int const error = sync_folder(folder_); error != 0) return failed(folder_, "write", error);
  is_named_ = true;
  return {};
}

Status BlockFiles::erase_before(std::uint64_t number) {
  std::uint64_t const kept = number / file_blocks;
  std::error_code error;
  for (std::uint64_t file = first_ / file_blocks; file < kept && !error; ++file) {
    fs::remove(path_of(file), error);
    if (!error) first_ = (file + 1) * file_blocks;
  }
  return error ? fail(ErrorCode::io, "cannot remove from " + folder_ + ": " + error.message())
               : Status{};
}

}  // namespace hl7flow
