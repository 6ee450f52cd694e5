#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <hl7flow/parsers/codes/code_store.h>

// A code store in memory, with what it takes to keep it there.
namespace hl7flow {

/// Which file of that name it was: another after it was replaced.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};
/// Failures: not_found, not_readable.
Result<FileIdentity, Failure> identify(const std::string& path);

/// Immutable, so any thread may read it. A mapped file must not be written to in place while it is
/// in use; `hl7flow codes build` replaces it by a new one, and the old one lives on until the last
/// LoadedCodes of it goes.
class LoadedCodes {
 public:
  /// Maps a file, read-only and shared: processes that read the same store have it in memory once.
  /// Failures: not_found, not_readable, bad_store.
  static Result<std::shared_ptr<const LoadedCodes>, Failure> open(const std::string& path);
  /// Takes a store that was made in memory. Failures: bad_store.
  static Result<std::shared_ptr<const LoadedCodes>, Failure> own(std::vector<std::byte> bytes);

  /// A store made in memory of the sample that needs no licence, if `starter`, and CSV files of a
  /// site (parsers/codes/code_csv.h). Failures: not_found, not_readable, bad_store for a file with
  /// a row that does not parse.
  static Result<std::shared_ptr<const LoadedCodes>, Failure> make(
      const std::vector<std::string>& csv_files, bool starter);
  /// By name: "starter", or the path of a store.
  static Result<std::shared_ptr<const LoadedCodes>, Failure> named(const std::string& name) {
    return name == "starter" ? make({}, true) : open(name);
  }

  ~LoadedCodes();
  LoadedCodes(const LoadedCodes&) = delete;
  LoadedCodes& operator=(const LoadedCodes&) = delete;

  const codes::CodeStore& store() const noexcept { return store_; }
  const FileIdentity& identity() const noexcept { return identity_; }

 private:
  LoadedCodes() = default;
  void* mapped_ = nullptr;
  std::size_t mapped_size_ = 0;
  std::vector<std::byte> owned_;
  codes::CodeStore store_;
  FileIdentity identity_;
};

}  // namespace hl7flow
