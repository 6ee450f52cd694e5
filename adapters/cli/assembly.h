#pragma once

#include <string>
#include <vector>

#include <hl7flow/pipeline/config.h>
#include <hl7flow/pipeline/manifest.h>
#include <hl7flow/pipeline/pipeline.h>

namespace hl7flow::cli {

struct Built {
  Pipeline pipeline;
  std::vector<InputFile> inputs;  // that the source reads
  std::uint64_t bytes_total = 0;  // to read in all, if known: for a progress line
};

/// The description of a pipeline, checked for form: which components there are to be, and what the
/// manifest must know of them. It learns that from the components' options: a sink that takes
/// `first_part` writes part files to the folder `path`; a source that takes `start_input` can go on
/// where an earlier run stopped.
class Assembly {
 public:
  /// Failures: bad_config at the place, unknown keys with the nearest known one.
  static Result<Assembly, Failure> read(const ConfigNode& description);

  /// Builds all components; those of a run with a manifest read its inputs and begin where it ends.
  /// Opens no output.
  Result<Built, Failure> build(const Manifest* manifest) const;

  /// Of the sink that writes to a folder; empty if none does.
  const std::string& folder() const noexcept { return folder_; }
  bool source_can_resume() const noexcept { return source_can_resume_; }
  /// What the output bytes depend on: a resumed run must have the same.
  std::string settings_text() const;

 private:
  Status read_source(const ConfigNode& node);
  Status read_sinks(const ConfigNode& node);

  ConfigNode source_;
  std::vector<ConfigNode> stages_, sinks_;
  std::string folder_;
  bool source_can_resume_ = false;
};

}  // namespace hl7flow::cli
