#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <hl7flow/pipeline/part_file.h>
#include <hl7flow/pipeline/stage.h>

namespace hl7flow::adapters {

/// The rejected messages of each epoch: part-00000.hl7 with their bytes as received, one after
/// another with nothing between, and part-00000.tsv with a line for each: input, offset, size,
/// code, reason. One thread at a time.
class RejectFiles {
 public:
  RejectFiles(std::string folder, WriterThread& writer)
      : folder_(std::move(folder)), writer_(writer) {}

  /// Failures: cannot_create.
  Status write(const Batch& batch);
  /// Ends the epoch's files, if there are any; appends them with paths that begin with `prefix`.
  Status commit(std::uint64_t part, const std::string& prefix, std::vector<OutputFile>& files);
  void abort() noexcept;

 private:
  Status open();

  std::string const folder_;
  WriterThread& writer_;
  std::unique_ptr<PartFile> bytes_, list_;
  std::uint64_t count_ = 0;
};

}  // namespace hl7flow::adapters
