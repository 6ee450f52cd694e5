#include <hl7flow/adapters/file/byte_reader.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hl7flow::adapters {
namespace {

bool is_regular(int descriptor) {
  struct stat info {};
  return ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
}

}  // namespace

WakeUp::WakeUp() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {}

WakeUp::~WakeUp() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void WakeUp::wake() const noexcept { (void)::eventfd_write(descriptor_, 1); }

Result<std::unique_ptr<FileReader>, Failure> FileReader::open(const std::string& path,
                                                              const WakeUp& wake) {
  if (path == "-")
    return std::unique_ptr<FileReader>(new FileReader(STDIN_FILENO, "standard input", wake));
  int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    ErrorCode const code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::not_readable;
    return fail(code, "cannot open " + path + ": " + std::strerror(errno));
  }
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::unique_ptr<FileReader>(new FileReader(descriptor, path, wake));
}

FileReader::FileReader(int descriptor, std::string name, const WakeUp& wake)
    : descriptor_(descriptor),
      name_(std::move(name)),
      may_wait_(!is_regular(descriptor)),
      wake_(wake) {}

FileReader::~FileReader() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

Result<std::size_t, Failure> FileReader::read(char* to, std::size_t size) {
  for (;;) {
    if (may_wait_ && woken_while_waiting()) return 0;
    ssize_t const count = ::read(descriptor_, to, size);
    if (count >= 0) {
      position_ += static_cast<std::uint64_t>(count);
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR)
      return fail(ErrorCode::io, "cannot read " + name_ + ": " + std::strerror(errno));
  }
}

std::int64_t FileReader::seek(std::int64_t offset, int whence) {
  if (may_wait_) return -1;
  std::int64_t const place = ::lseek(descriptor_, offset, whence);
  if (place >= 0) position_ = static_cast<std::uint64_t>(place);
  return place;
}

/// Waits for bytes, the end, or to be woken; true if woken.
bool FileReader::woken_while_waiting() const {
  pollfd waiting[] = {{descriptor_, POLLIN, 0}, {wake_.descriptor(), POLLIN, 0}};
  while (::poll(waiting, 2, -1) < 0 && errno == EINTR) {
  }
  return (waiting[1].revents & POLLIN) != 0;
}

Result<std::string_view, Failure> PeekReader::peek(std::size_t size) {
  while (first_.size() < size) {
    std::size_t const have = first_.size();
    first_.resize(size);
    auto const count = source_->read(first_.data() + have, size - have);
    first_.resize(have + (count ? *count : 0));
    if (!count) return tl::unexpected<Failure>(count.error());
    if (*count == 0) break;
  }
  return std::string_view(first_.data(), first_.size());
}

Result<std::size_t, Failure> PeekReader::read(char* to, std::size_t size) {
  if (taken_ == first_.size()) return source_->read(to, size);
  std::size_t const count = std::min(size, first_.size() - taken_);
  std::memcpy(to, first_.data() + taken_, count);
  taken_ += count;
  return count;
}

std::int64_t PeekReader::seek(std::int64_t offset, int whence) {
  // The source is ahead of what was taken.
  if (whence == SEEK_CUR) offset -= static_cast<std::int64_t>(first_.size() - taken_);
  std::int64_t const place = source_->seek(offset, whence);
  if (place >= 0) taken_ = first_.size();
  return place;
}

}  // namespace hl7flow::adapters
