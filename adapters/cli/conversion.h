#pragma once

#include <string>
#include <vector>

#include <hl7flow/adapters/cli/run_control.h>
#include <hl7flow/adapters/cli/verb.h>
#include <hl7flow/pipeline/config.h>

namespace hl7flow::cli {

/// What `convert` was asked to do.
struct ConvertRequest {
  std::vector<std::string> inputs;
  std::string out;
  std::string format = "parquet";
  std::string codec = "zstd";
  int level = 1;
  std::string tables_file;
  std::vector<std::string> only;
  std::string charset = "auto";
  std::string charset_errors = "replace";
  std::string stray_lines = "join";
  std::string batch_size = "256KiB";
  std::string epoch_size = "1GiB";
  std::string message_size_max = "128MiB";
  std::uint32_t threads = 0;
  bool overwrite = false;
  bool resume = false;
  bool strict = false;
  bool metrics = false;
  bool quiet = false;
  std::string summary = "text";
  std::string progress = "auto";
};

/// Runs it and reports. Exit `no` under `strict` if a message was rejected; `internal` if the
/// account does not close.
Exit convert(const ConvertRequest& request);

}  // namespace hl7flow::cli
