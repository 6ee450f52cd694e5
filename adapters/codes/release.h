#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/codes/store_builder.h>

namespace hl7flow::adapters {

/// What an owner of codes publishes, as a person has it on disk: one file, a folder of files, or
/// the zip or tar as it was downloaded; each file plain or compressed by gzip, zstd or xz. Start-up
/// and tools only, not thread-safe.
class Release {
 public:
  /// Called while a file is loaded: its name, bytes done and bytes in all.
  using Progress =
      std::function<void(std::string_view file, std::uint64_t done, std::uint64_t all)>;

  /// Failures: not_found, not_readable, archive.
  static Result<Release, Failure> open(const std::filesystem::path& path, Progress progress = {});

  /// Names of the files, relative to the folder or archive, sorted; of a single file, its own name
  /// (without .gz, .zst or .xz).
  const std::vector<std::string>& files() const noexcept { return files_; }
  /// The first file whose name, without folders and case, matches the pattern ("RXNCONSO.RRF",
  /// "icd10cm*order*.txt"; `*` stands for any characters); empty if there is none.
  std::string find(std::string_view pattern) const;
  /// All bytes of a file, decompressed. Failures: not_found, archive, bad_store over 8 GiB.
  Result<std::string, Failure> read(const std::string& file) const;
  /// For messages: the path as given, with the file.
  std::string describe(const std::string& file) const;
  /// Tells the progress; loaders call it every few thousand rows.
  void advance(std::string_view file, std::uint64_t done, std::uint64_t all) const {
    if (progress_) progress_(file, done, all);
  }

 private:
  std::filesystem::path path_;
  enum class Kind : std::uint8_t { file, folder, archive } kind_ = Kind::file;
  std::vector<std::string> files_;
  Progress progress_;
};

/// True if a file's name, in any case, matches a pattern with `*`.
bool matches_pattern(std::string_view name, std::string_view pattern) noexcept;

}  // namespace hl7flow::adapters
