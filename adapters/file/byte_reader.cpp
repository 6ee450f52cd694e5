#include <hl7flow/adapters/file/byte_reader.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hl7flow::adapters {
namespace {

bool is_regular(int descriptor) {
  struct stat info {};
  return ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
}

class DescriptorReader final : public ByteReader {
 public:
  DescriptorReader(int descriptor, std::string name, bool owned, const WakeUp& wake)
      : descriptor_(descriptor),
        name_(std::move(name)),
        owned_(owned),
        may_wait_(!is_regular(descriptor)),
        wake_(wake) {}
  ~DescriptorReader() override {
    if (owned_) ::close(descriptor_);
  }
  DescriptorReader(const DescriptorReader&) = delete;
  DescriptorReader& operator=(const DescriptorReader&) = delete;

  Result<std::size_t, Failure> read(char* to, std::size_t size) override {
    for (;;) {
      if (may_wait_ && woken_while_waiting()) return 0;
      ssize_t const count = ::read(descriptor_, to, size);
      if (count >= 0) {
        consumed_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
      }
      if (errno != EINTR)
        return fail(ErrorCode::io, "cannot read " + name_ + ": " + std::strerror(errno));
    }
  }
  std::uint64_t consumed() const override { return consumed_; }

 private:
  /// Waits for bytes, the end, or to be woken; true if woken.
  bool woken_while_waiting() const {
    pollfd waiting[] = {{descriptor_, POLLIN, 0}, {wake_.descriptor(), POLLIN, 0}};
    while (::poll(waiting, 2, -1) < 0 && errno == EINTR) {
    }
    return (waiting[1].revents & POLLIN) != 0;
  }

  int const descriptor_;
  std::string const name_;
  bool const owned_;
  bool const may_wait_;
  const WakeUp& wake_;
  std::uint64_t consumed_ = 0;
};

}  // namespace

WakeUp::WakeUp() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {}

WakeUp::~WakeUp() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void WakeUp::wake() const noexcept { (void)::eventfd_write(descriptor_, 1); }

Result<std::unique_ptr<ByteReader>, Failure> open_file(const std::string& path,
                                                       const WakeUp& wake) {
  int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    ErrorCode const code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::not_readable;
    return fail(code, "cannot open " + path + ": " + std::strerror(errno));
  }
  struct stat info {};
  if (::fstat(descriptor, &info) == 0 && S_ISDIR(info.st_mode)) {
    ::close(descriptor);
    return fail(ErrorCode::not_readable, "is a folder, not a file: " + path);
  }
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::unique_ptr<ByteReader>(
      std::make_unique<DescriptorReader>(descriptor, path, true, wake));
}

std::unique_ptr<ByteReader> open_standard_input(const WakeUp& wake) {
  return std::make_unique<DescriptorReader>(STDIN_FILENO, "standard input", false, wake);
}

}  // namespace hl7flow::adapters
