#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <hl7flow/parsers/error.h>

namespace hl7flow::cli {

struct WholeFile {
  std::string name, text;
};

/// Files of a folder, which is made if need be, in place of those of these names. None appears
/// before all are written and synced, and each appears whole. Failures: cannot_create, io.
Status write_whole_files(const std::filesystem::path& folder, const std::vector<WholeFile>& files);
/// The same of one file.
Status write_whole_file(const std::filesystem::path& path, std::string text);

}  // namespace hl7flow::cli
