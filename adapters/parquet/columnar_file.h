#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include <hl7flow/adapters/parquet/column_builder.h>
#include <hl7flow/pipeline/part_file.h>
#include <hl7flow/pipeline/table.h>

namespace hl7flow::adapters {

/// A file that is written a group of rows at a time. One thread at a time, but for encode().
class ColumnarFile {
 public:
  virtual ~ColumnarFile() = default;
  /// Failures: io.
  virtual Status begin_group(std::size_t rows) = 0;
  /// Encodes a column of the group and leaves its builder empty. Different columns may be encoded
  /// at the same time; a failure shows at end_group().
  virtual void encode(std::size_t column, ColumnBuilder& builder) = 0;
  /// All columns are encoded. Failures: io.
  virtual Status end_group() = 0;
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
