#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hl7flow/adapters/parquet/column_builder.h>
#include <hl7flow/pipeline/part_file.h>
#include <hl7flow/pipeline/stage.h>

namespace hl7flow::adapters {

struct ParquetOptions {
  std::string folder;
  std::string codec = "zstd";
  int level = 1;
  std::size_t row_group_rows = 65'536;
};

/// One table's Parquet files: rows gather in column builders until a row group is full, which is a
/// matter of rows alone, and each epoch's row groups make one file. One thread at a time; columns
/// of a row group are encoded on the executor's threads.
class TableWriter {
 public:
  TableWriter(const TableSchema& schema, const ParquetOptions& options, WriterThread& writer);
  ~TableWriter();

  /// How many of `rows` more rows can be appended before advance() must be called.
  std::size_t room(std::size_t rows) const noexcept;
  std::size_t column_count() const noexcept { return builders_.size(); }
  /// Appends rows [begin, end) of one column; different columns may be appended at the same time.
  void append(std::size_t column, const Batch& batch, const TableRows& rows, std::size_t begin,
              std::size_t end);
  /// All columns have the rows: counts them, and writes the row group out when it is full.
  Status advance(std::size_t rows, bool has_large_value, Executor& executor);
  /// Ends the current file, if it has rows.
  Result<std::optional<OutputFile>, Failure> commit(std::uint64_t part, Executor& executor);
  void abort() noexcept;

 private:
  struct File;
  Status open_file();
  Status write_row_group(Executor& executor);

  TableSchema const schema_;
  const ParquetOptions& options_;
  WriterThread& writer_;
  std::vector<ColumnBuilder> builders_;
  std::size_t rows_ = 0;         // in the builders
  std::uint64_t file_rows_ = 0;  // in the current file and the builders
  std::unique_ptr<File> file_;
};

}  // namespace hl7flow::adapters
