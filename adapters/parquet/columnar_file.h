#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include <hl7flow/adapters/parquet/column_builder.h>
#include <hl7flow/pipeline/part_file.h>
#include <hl7flow/pipeline/stage.h>

namespace hl7flow::adapters {

/// A file that is written a group of rows at a time. One thread at a time.
class ColumnarFile {
 public:
  virtual ~ColumnarFile() = default;
  /// Writes the rows that the builders hold, and leaves them empty. Failures: io.
  virtual Status write_group(std::vector<ColumnBuilder>& builders, std::size_t rows,
                             Executor& executor) = 0;
  /// Writes what the file ends with. Failures: io.
  virtual Status close() = 0;
};

/// A format of such files. Outlives its files.
class ColumnarFormat {
 public:
  virtual ~ColumnarFormat() = default;
  virtual std::string_view ending() const noexcept = 0;
  /// Whether text columns may be dictionaries.
  virtual bool takes_dictionaries() const noexcept = 0;
  /// Begins a file in `part`, which outlives it; `builders` hold its first group.
  virtual Result<std::unique_ptr<ColumnarFile>, Failure> open(
      const TableSchema& schema, const std::vector<ColumnBuilder>& builders,
      PartFile& part) const = 0;
};

}  // namespace hl7flow::adapters
