#include <hl7flow/adapters/codes/release.h>

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

namespace hl7flow::adapters {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t file_size_max = std::uint64_t{8} << 30;

struct CloseArchive {
  void operator()(::archive* opened) const { archive_read_free(opened); }
};
using OpenArchive = std::unique_ptr<::archive, CloseArchive>;

std::string said_by(::archive* opened) {
  const char* const text = archive_error_string(opened);
  return text == nullptr ? "unknown fault" : text;
}

/// `raw` reads any bytes as one entry, decompressed; without it only real archives open.
Result<OpenArchive, Failure> open_archive(const fs::path& path, bool raw) {
  OpenArchive opened(archive_read_new());
  archive_read_support_filter_all(opened.get());
  if (raw) {
    archive_read_support_format_raw(opened.get());
    archive_read_support_format_empty(opened.get());
  } else {
    archive_read_support_format_zip(opened.get());
    archive_read_support_format_tar(opened.get());
    archive_read_support_format_7zip(opened.get());
  }
  if (archive_read_open_filename(opened.get(), path.c_str(), 256u << 10) != ARCHIVE_OK)
    return fail(ErrorCode::archive, path.string() + ": " + said_by(opened.get()));
  return opened;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view base_name(std::string_view path) {
  std::size_t const slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_archive_name(const fs::path& path) {
  std::string const name = path.filename().string();
  for (std::string_view const pattern :
       {"*.zip", "*.tar", "*.tar.gz", "*.tgz", "*.tar.zst", "*.tar.xz", "*.7z"})
    if (matches_pattern(name, pattern)) return true;
  return false;
}

Result<std::string, Failure> entry_bytes(::archive* opened, const std::string& place) {
  std::string bytes;
  char block[64 << 10];
  for (;;) {
    la_ssize_t const size = archive_read_data(opened, block, sizeof block);
    if (size < 0) return fail(ErrorCode::archive, place + ": " + said_by(opened));
    if (size == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(size) > file_size_max)
      return fail(ErrorCode::bad_store, place + " has more than 8 GiB");
    bytes.append(block, static_cast<std::size_t>(size));
  }
}

}  // namespace

bool matches_pattern(std::string_view name, std::string_view pattern) noexcept {
  // Back to the last star where the rest does not fit.
  std::size_t n = 0, p = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && lower(pattern[p]) == lower(name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Result<Release, Failure> Release::open(const fs::path& path, Progress progress) {
  Release release;
  release.path_ = path;
  release.progress_ = std::move(progress);
  std::error_code error;
  auto const status = fs::status(path, error);
  if (!fs::exists(status)) return fail(ErrorCode::not_found, "there is no " + path.string());
  if (fs::is_directory(status)) {
    release.kind_ = Kind::folder;
    fs::recursive_directory_iterator entries(path, error);
    if (error) return fail(ErrorCode::not_readable, path.string() + ": " + error.message());
    for (auto const& entry : entries)
      if (entry.is_regular_file(error))
        release.files_.push_back(entry.path().lexically_relative(path).generic_string());
  } else if (is_archive_name(path)) {
    release.kind_ = Kind::archive;
    auto opened = open_archive(path, false);
    if (!opened) return tl::unexpected<Failure>(opened.error());
    ::archive_entry* entry = nullptr;
    int told = ARCHIVE_OK;
    while ((told = archive_read_next_header(opened->get(), &entry)) == ARCHIVE_OK)
      if (archive_entry_filetype(entry) == AE_IFREG && archive_entry_pathname(entry) != nullptr)
        release.files_.emplace_back(archive_entry_pathname(entry));
    if (told != ARCHIVE_EOF)
      return fail(ErrorCode::archive, path.string() + ": " + said_by(opened->get()));
  } else {
    std::string name = path.filename().string();
    for (std::string_view const ending : {".gz", ".zst", ".xz"})
      if (name.size() > ending.size() && name.ends_with(ending))
        name.resize(name.size() - ending.size());
    release.files_.push_back(std::move(name));
  }
  std::sort(release.files_.begin(), release.files_.end());
  return release;
}

std::string Release::find(std::string_view pattern) const {
  for (std::string const& file : files_) {
    std::string_view name = base_name(file);
    for (std::string_view const ending : {".gz", ".zst", ".xz"})
      if (name.size() > ending.size() && name.ends_with(ending)) name.remove_suffix(ending.size());
    if (matches_pattern(name, pattern)) return file;
  }
  return {};
}

Result<std::string, Failure> Release::read(const std::string& file) const {
  std::string const place = describe(file);
  if (kind_ == Kind::archive) {
    auto opened = open_archive(path_, false);
    if (!opened) return tl::unexpected<Failure>(opened.error());
    ::archive_entry* entry = nullptr;
    while (archive_read_next_header(opened->get(), &entry) == ARCHIVE_OK)
      if (archive_entry_pathname(entry) != nullptr && file == archive_entry_pathname(entry))
        return entry_bytes(opened->get(), place);
    return fail(ErrorCode::not_found, "there is no " + place);
  }
  auto opened = open_archive(kind_ == Kind::folder ? path_ / file : path_, true);
  if (!opened) return tl::unexpected<Failure>(opened.error());
  ::archive_entry* entry = nullptr;
  int const told = archive_read_next_header(opened->get(), &entry);
  if (told == ARCHIVE_EOF) return std::string();  // an empty file
  if (told != ARCHIVE_OK) return fail(ErrorCode::archive, place + ": " + said_by(opened->get()));
  return entry_bytes(opened->get(), place);
}

std::string Release::describe(const std::string& file) const {
  return kind_ == Kind::file ? path_.string() : path_.string() + "/" + file;
}

}  // namespace hl7flow::adapters
