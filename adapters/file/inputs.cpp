#include <hl7flow/adapters/file/inputs.h>

#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include <hl7flow/pipeline/manifest.h>

namespace hl7flow::adapters {
namespace {

namespace fs = std::filesystem;

/// Files and links to files that a folder holds, at any depth.
Result<std::vector<std::string>, Failure> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    bool const hidden = entry->path().filename().string().starts_with('.');
    std::error_code unknown;
    if (entry->is_directory(unknown)) {
      if (hidden || holds_manifest(entry->path().string())) entry.disable_recursion_pending();
    } else if (!hidden && entry->is_regular_file(unknown)) {
      files.push_back(entry->path().string());
    }
  }
  if (error) return fail(ErrorCode::not_readable, "cannot list " + folder + ": " + error.message());
  if (files.empty()) return fail(ErrorCode::not_found, "the folder holds no files: " + folder);
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<std::string>, Failure> files_of_pattern(const std::string& pattern) {
  glob_t found{};
  auto const is_fatal = [](const char*, int error) { return error == EACCES ? 1 : 0; };
  int const failed = ::glob(pattern.c_str(), 0, is_fatal, &found);
  std::vector<std::string> files(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (failed == GLOB_ABORTED)
    return fail(ErrorCode::not_readable, "cannot list the folders of " + pattern);
  std::erase_if(files, [](const std::string& path) {
    std::error_code error;
    return fs::is_directory(path, error);
  });
  if (files.empty()) return fail(ErrorCode::not_found, "no file matches " + pattern);
  return files;
}

Result<std::vector<std::string>, Failure> files_of(const std::string& path) {
  if (path == "-") return std::vector{path};
  std::error_code error;
  auto const status = fs::status(path, error);
  if (fs::is_directory(status)) return files_below(path);
  if (fs::exists(status)) return std::vector{path};
  if (path.find_first_of("*?[") != std::string::npos) return files_of_pattern(path);
  return fail(ErrorCode::not_found, "no such file or folder: " + path);
}

}  // namespace

Result<std::vector<InputFile>, Failure> expand_inputs(const std::vector<std::string>& paths) {
  std::vector<InputFile> inputs;
  std::set<std::string> seen;
  for (std::string const& path : paths) {
    auto const files = files_of(path);
    if (!files) return tl::unexpected<Failure>(files.error());
    for (std::string const& file : *files) {
      if (!seen.insert(fs::path(file).lexically_normal().string()).second)
        return fail(ErrorCode::usage, "the input is named twice: " + file);
      if (file != "-" && ::access(file.c_str(), R_OK) != 0)
        return fail(ErrorCode::not_readable, "cannot open " + file + ": " + std::strerror(errno));
      std::error_code error;
      std::uintmax_t const size = file == "-" ? 0 : fs::file_size(file, error);
      inputs.push_back({file, error ? 0 : static_cast<std::uint64_t>(size)});
    }
  }
  return inputs;
}

}  // namespace hl7flow::adapters
