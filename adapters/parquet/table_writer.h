#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hl7flow/adapters/parquet/columnar_file.h>
#include <hl7flow/pipeline/part_file.h>
#include <hl7flow/pipeline/stage.h>

namespace hl7flow::adapters {

/// One table's files: rows gather in column builders until a group is full, which is a matter of
/// rows alone, and each epoch's groups make one file. One thread at a time; columns of a group are
/// encoded on the executor's threads.
class TableWriter {
 public:
  /// `format` and `writer` outlive it.
  TableWriter(const TableSchema& schema, const ColumnarFormat& format, std::string folder,
              std::size_t group_rows, WriterThread& writer);

  /// True if all rows can be appended at once, as far as columns [first, past) are concerned: no
  /// group ends before the last of them. Different columns may be asked at the same time.
  bool fits(const TableRows& rows, std::size_t first, std::size_t past) const noexcept;
  /// How many of `rows` more rows can be appended before advance() must be called.
  std::size_t room(std::size_t rows) const noexcept;
  std::size_t column_count() const noexcept { return builders_.size(); }
  /// Appends rows [begin, end) of one column; different columns may be appended at the same time.
  void append(std::size_t column, const Batch& batch, const TableRows& rows, std::size_t begin,
              std::size_t end);
  /// All columns have the rows: counts them, and writes the group out when it is full.
  Status advance(std::size_t rows, bool has_large_value, Executor& executor);
  /// Ends the current file, if it has rows: it is encoded to its last row, and being written.
  Status end_file(Executor& executor);
  /// Ends the current file and makes it visible; none if it has no rows.
  Result<std::optional<OutputFile>, Failure> commit(std::uint64_t part, Executor& executor);
  void abort() noexcept;

 private:
  Status open_file();
  Status write_group(Executor& executor);

  TableSchema const schema_;
  const ColumnarFormat& format_;
  std::string const folder_;
  std::size_t const group_rows_;
  WriterThread& writer_;
  std::vector<ColumnBuilder> builders_;
  std::size_t rows_ = 0;            // in the builders
  std::uint64_t file_rows_ = 0;     // in the current file and the builders
  std::unique_ptr<PartFile> part_;  // destroyed after the file that writes to it
  std::unique_ptr<ColumnarFile> file_;
};

}  // namespace hl7flow::adapters
