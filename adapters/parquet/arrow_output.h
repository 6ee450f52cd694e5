#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/type_fwd.h>

#include <memory>
#include <string>

#include <hl7flow/pipeline/part_file.h>
#include <hl7flow/pipeline/table.h>

// What the files of Arrow C++ have in common, whatever their format.
namespace hl7flow::adapters {

/// Arrow's output stream onto a part file, which outlives it.
class PartStream final : public arrow::io::OutputStream {
 public:
  explicit PartStream(PartFile& file) : file_(file) {}
  arrow::Status Close() override;
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override;
  arrow::Status Write(const void* data, std::int64_t size) override;

 private:
  PartFile& file_;
  bool closed_ = false;
};

/// A table's columns as Arrow's: utf8, binary, int64, double, bool, date32, timestamp[us, UTC].
std::shared_ptr<arrow::Schema> arrow_schema(const TableSchema& table);

/// Arrow's own sentence as a Failure of code io.
tl::unexpected<Failure> arrow_failure(const std::string& what);

}  // namespace hl7flow::adapters
