#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include <hl7flow/parsers/error.h>

namespace hl7flow {

/// Blocks of 4 KiB by ascending number, in files of 64 MiB: each is written once, with a checksum
/// in its head that also covers its number, and checked when it is read. Written past the page
/// cache where the file system allows it. What was written is durable after sync(). write() comes
/// from one thread at a time, and read() from one; sync() and erase_before() may come from others
/// meanwhile.
class BlockFiles {
 public:
  static constexpr std::size_t block_size = 4096, head_size = 16, room = block_size - head_size;
  static constexpr std::uint64_t file_blocks = 16384;

  /// Opens the files in the folder, or makes the folder. `layout` stands in each block's head: one
  /// that was written with another is refused. Failures: cannot_create, io.
  static Result<std::unique_ptr<BlockFiles>, Failure> open(const std::string& folder,
                                                           std::uint32_t layout);
  ~BlockFiles();
  BlockFiles(const BlockFiles&) = delete;
  BlockFiles& operator=(const BlockFiles&) = delete;

  /// Numbers of the first block that is there, and of the one behind the last; equal if there is
  /// none. As open(), cut() and erase_before() found it: write() does not count.
  std::uint64_t first() const noexcept { return first_; }
  std::uint64_t end() const noexcept { return end_; }
  /// Removes block `end` and those behind it. Before the first write().
  Status cut(std::uint64_t end);

  /// Fills in the heads of `count` blocks and writes them. All lie in one file, and `blocks` is
  /// aligned to block_size.
  Status write(std::uint64_t first, std::byte* blocks, std::size_t count);
  /// Reads `count` blocks, which all lie in one file. Failures: io, naming the file, if one of them
  /// is not there whole.
  Status read(std::uint64_t first, std::byte* blocks, std::size_t count);
  Status sync();
  /// Removes files of which no block is `number` or behind it.
  Status erase_before(std::uint64_t number);

 private:
  BlockFiles(std::string folder, std::uint32_t layout)
      : folder_(std::move(folder)), layout_(layout) {}
  std::string path_of(std::uint64_t file) const;
  Status find_files();
  Status begin_file(std::uint64_t file);
  static Status failed(const std::string& path, const char* what, int error);
  Status not_whole(std::uint64_t number, const char* what) const;
  Status check(std::uint64_t number, const std::byte* block) const;

  struct File {
    std::uint64_t number = UINT64_MAX;
    int descriptor = -1;
  };
  static void close(File& file) noexcept;

  std::string const folder_;
  std::uint32_t const layout_;
  std::atomic<std::uint64_t> first_{0};
  std::uint64_t end_ = 0;
  File reading_;
  std::mutex mutex_;  // of what follows; the thread that writes reads it without
  File writing_;
  bool is_named_ = true;  // all files' names are durable
};

}  // namespace hl7flow
