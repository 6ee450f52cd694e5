#pragma once

#include <string>
#include <vector>

#include <hl7flow/adapters/cli/job.h>

namespace hl7flow::cli {

/// What `convert` was asked to do.
struct ConvertRequest {
  std::vector<std::string> inputs;
  std::string out;
  std::string format = "parquet";
  std::string codec = "zstd";
  int level = 1;
  std::string tables_file;
  std::string codes;  // a code store, "starter", or nothing
  std::string triplet = "keep";
  std::vector<std::string> maps;  // CSV files
  bool dedupe = false;
  std::string dedupe_state;  // a folder, or nothing
  bool flag_repeats = false;
  std::string repeat_window, repeat_state;  // "24h"; a folder; or nothing
  bool identify = false;
  std::string identify_state;          // a folder, or nothing
  std::vector<std::string> decisions;  // CSV files
  std::string identify_weights;        // a file, or nothing
  std::vector<std::string> only;
  std::vector<std::string> where;
  std::string charset = "auto";
  std::string charset_errors = "replace";
  std::string stray_lines = "join";
  std::string escapes = "decode";
  std::string continuations = "join";
  std::string batch_size = "128KiB";
  std::string epoch_size = "1GiB";
  std::string message_size_max = "128MiB";
  JobOptions job;
  bool dry_run = false;
};

/// The pipeline that the request means: what a pipeline file would hold. Failures: of the file of
/// tables.
Result<ConfigNode, Failure> describe_conversion(const ConvertRequest& request);

}  // namespace hl7flow::cli
