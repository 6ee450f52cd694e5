#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <hl7flow/parsers/buffer.h>
#include <hl7flow/parsers/error.h>

namespace hl7flow::adapters {

/// A stream of bytes: a file, standard input, a member of an archive. One thread at a time.
class ByteReader {
 public:
  virtual ~ByteReader() = default;
  /// Reads up to `size` bytes (at least one unless the stream ends); 0 at the end.
  virtual Result<std::size_t, Failure> read(char* to, std::size_t size) = 0;
  /// Moves as lseek(2) does and returns the new place; -1 if the stream cannot.
  virtual std::int64_t seek(std::int64_t offset, int whence) {
    (void)offset, (void)whence;
    return -1;
  }
};

/// Wakes readers that wait for bytes, from any thread; once and for all.
class WakeUp {
 public:
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;
  void wake() const noexcept;
  /// Readable once woken.
  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// A file, a pipe or standard input; the stream also ends when it is woken.
class FileReader final : public ByteReader {
 public:
  /// `path` may be "-", standard input. `wake` outlives the reader. Failures: not_found,
  /// not_readable.
  static Result<std::unique_ptr<FileReader>, Failure> open(const std::string& path,
                                                           const WakeUp& wake);
  ~FileReader() override;
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  Result<std::size_t, Failure> read(char* to, std::size_t size) override;
  std::int64_t seek(std::int64_t offset, int whence) override;
  /// Where in the file it is: for a progress line.
  std::uint64_t position() const noexcept { return position_; }

 private:
  FileReader(int descriptor, std::string name, const WakeUp& wake);
  bool woken_while_waiting() const;

  int const descriptor_;
  std::string const name_;
  bool const may_wait_;
  const WakeUp& wake_;
  std::uint64_t position_ = 0;
};

/// A reader whose first bytes can be looked at before they are read.
class PeekReader final : public ByteReader {
 public:
  explicit PeekReader(std::unique_ptr<ByteReader> source) : source_(std::move(source)) {}
  /// The first bytes, at least `size` of them unless the stream is shorter. Before the first read.
  Result<std::string_view, Failure> peek(std::size_t size);

  Result<std::size_t, Failure> read(char* to, std::size_t size) override;
  std::int64_t seek(std::int64_t offset, int whence) override;

 private:
  std::unique_ptr<ByteReader> const source_;
  Buffer<char> first_;
  std::size_t taken_ = 0;
};

}  // namespace hl7flow::adapters
