#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <hl7flow/parsers/error.h>

namespace hl7flow::adapters {

/// A stream of bytes: a file, standard input, a member of an archive. One thread at a time.
class ByteReader {
 public:
  virtual ~ByteReader() = default;
  /// Reads up to `size` bytes (at least one unless the stream ends); 0 at the end.
  virtual Result<std::size_t, Failure> read(char* to, std::size_t size) = 0;
  /// How many bytes of the underlying file were consumed so far: for a progress line.
  virtual std::uint64_t consumed() const = 0;
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

/// A file or a pipe; the stream also ends when it is woken. `wake` outlives the reader. Failures:
/// not_found, not_readable.
Result<std::unique_ptr<ByteReader>, Failure> open_file(const std::string& path, const WakeUp& wake);
/// Standard input.
std::unique_ptr<ByteReader> open_standard_input(const WakeUp& wake);

}  // namespace hl7flow::adapters
