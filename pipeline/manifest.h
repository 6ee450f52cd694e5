#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hl7flow/pipeline/account.h>
#include <hl7flow/pipeline/pipeline.h>

// What makes files exactly once: OUT/_manifest.json says which inputs are in which output files. It
// is replaced in one step after each commit; readers trust nothing else in the folder, and a killed
// run goes on from the last commit. It holds no time and no message content, so that the same run
// gives the same bytes.
namespace hl7flow {

struct Manifest {
  std::string
      settings;  // what the output bytes depend on, as text: a resumed run must have the same
  std::vector<InputFile> inputs;
  std::vector<OutputFile> files;
  std::uint64_t commits = 0;
  Position end;  // where the next run begins
  // Marks of the stages' states (Stage::save_state): where the run began, and at the last commit.
  std::vector<std::string> states_before, states;
  Account account;  // up to there; its `seconds` are not kept
  bool complete = false;
  /// Not kept: where the states begin if this replaces an output, which decided what they hold
  /// since.
  std::vector<std::string> states_rewound;

  /// Failures: not_found if there is none; bad_config if it is damaged.
  static Result<Manifest, Failure> read(const std::string& folder);
  /// Writes aside, syncs, renames, syncs the folder.
  Status write(const std::string& folder) const;
  /// Removes it, if it is there: what else is in the folder is nothing to go on from.
  static void remove(const std::string& folder) noexcept;
};

/// Removes what a killed run left in the folder: hidden part files, and part files that the
/// manifest does not name; a sink may write a folder as one part. Touches nothing else.
Status remove_orphans(const std::string& folder, const Manifest& manifest);

/// True if the folder holds a manifest.
bool holds_manifest(const std::string& folder);

/// True if the folder holds anything but a manifest that a killed run never finished.
bool has_content(const std::string& folder);

}  // namespace hl7flow
