#pragma once

#include <hl7flow/adapters/file/byte_reader.h>

namespace hl7flow::adapters {

/// The streams that are in a file, one after the other: of most files, the file itself; of a
/// compressed file (gzip, zstd, bzip2, xz, lz4), what it expands to; of an archive (zip, tar, 7z),
/// its members, and what is in those in turn. Told by the first bytes, never by the name; expanded
/// by libarchive as it is read, in constant memory. Directories, links and hidden members (".x",
/// "__MACOSX/") are left out. One thread at a time.
class Streams {
 public:
  virtual ~Streams() = default;
  /// Goes to the next stream; false after the last. What is left of the one before is skipped.
  /// Failures: archive for what is damaged or encrypted; the reader's.
  virtual Result<bool, Failure> next() = 0;
  /// "day.zip/monday/adt.hl7" for members.
  virtual const std::string& name() const noexcept = 0;
  virtual ByteReader& reader() noexcept = 0;
};

/// Archives in archives are opened down to this depth; below it, they are bytes.
inline constexpr int archive_depth_max = 4;

Result<std::unique_ptr<Streams>, Failure> open_streams(std::unique_ptr<ByteReader> file,
                                                       std::string name,
                                                       int depth = archive_depth_max);

}  // namespace hl7flow::adapters
