#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include <hl7flow/adapters/codes/release.h>

// The formats in which codes are published, and the building of a store of them.
namespace hl7flow::adapters {

/// Reads one kind of release into a builder. A loader reports every file it read to the builder,
/// with the rows that it could not use. Failures end the build: bad_store for a file that is not
/// what it should be (wrong columns, wrong encoding, cut off), so that no half-valid store is made.
struct ReleaseFormat {
  std::string_view name;   // "loinc", as in `codes build --loinc PATH`
  std::string_view title;  // "LOINC: Loinc.csv, MapTo.csv, parts, panels"
  Status (*load)(codes::StoreBuilder& builder, const Release& release);
};

/// All formats, in the order in which they are loaded: systems before what maps to them.
std::span<const ReleaseFormat> release_formats();
/// null if there is none of that name.
const ReleaseFormat* find_release_format(std::string_view name);

/// A release that a person named.
struct ReleaseRequest {
  const ReleaseFormat* format = nullptr;
  std::filesystem::path path;
};

/// Loads the releases, in the order of release_formats(), and writes the store to `out`: aside,
/// synced, renamed, so that it is there whole or not at all. An existing file is replaced only if
/// `overwrite`. Returns the reports of all files.
Result<std::vector<codes::LoadReport>, Failure> build_code_store(
    std::vector<ReleaseRequest> requests, const std::filesystem::path& out, std::string_view name,
    std::string_view version, bool starter, bool overwrite, const Release::Progress& progress = {});

}  // namespace hl7flow::adapters
