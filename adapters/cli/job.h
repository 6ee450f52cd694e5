#pragma once

#include <string>

#include <hl7flow/adapters/cli/run_control.h>
#include <hl7flow/adapters/cli/verb.h>
#include <hl7flow/pipeline/config.h>

// A pipeline as it is described: what a pipeline file holds, and what `convert` makes of its flags.
//
//   source: { type: files, path: [...] }
//   stages: [ { type: parse }, { type: tabulate } ]
//   sinks: [ { type: parquet, path: warehouse } ]
namespace hl7flow::cli {

/// How to run it.
struct JobOptions {
  std::uint32_t threads = 0;
  bool overwrite = false;
  bool resume = false;
  bool strict = false;
  bool metrics = false;
  bool quiet = false;
  std::string summary = "text";
  std::string progress = "auto";
};

/// Adds the flags of JobOptions. `options` outlives the command.
void add_job_options(CLI::App& command, JobOptions& options);

/// Builds every component and touches no output. Failures: bad_config with file, line and column.
Status check_job(const ConfigNode& description);

/// Runs it, with a manifest if its sink writes to a folder, and reports. Exit `no` under `strict`
/// if a message was rejected; `internal` if the account does not close.
Exit run_job(const ConfigNode& description, const JobOptions& options);

/// The description as a pipeline file.
std::string yaml_text(const ConfigNode& description);

}  // namespace hl7flow::cli
