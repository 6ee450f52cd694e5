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
/// rows alone, and each epoch's groups make one file. One thread at a time, but for what is said to
/// be done column by column.
class TableWriter {
 public:
  /// `format` and `writer` outlive it.
  TableWriter(const TableSchema& schema, const ColumnarFormat& format, std::string folder,
              std::size_t group_rows, WriterThread& writer);

  /// True if all rows can be appended at once: no group ends before the last of them.
  bool fits(const TableRows& rows) const noexcept;
  /// How many of `rows` more rows can be appended before advance() must be called.
  std::size_t room(std::size_t rows) const noexcept;
  std::size_t column_count() const noexcept { return builders_.size(); }
  /// Appends rows [begin, end) of one column; different columns may be appended at the same time.
  void append(std::size_t column, const Batch& batch, const TableRows& rows, std::size_t begin,
              std::size_t end);
  /// All columns have the rows: counts them. True if the group is full, and must be written.
  bool advance(std::size_t rows, bool has_large_value) noexcept;

  /// Writing a group: begin it, encode its columns, which may be done at the same time, and end it.
  bool has_rows() const noexcept { return rows_ > 0; }
  Status begin_group();
  void encode(std::size_t column) { file_->encode(column, builders_[column]); }
  Status end_group();
  /// How much work a column is to encode, next to others.
  std::size_t weight(std::size_t column) const noexcept;

  /// Ends the current file, if there is one; the disk begins to sync it. No group is open.
  Status end_file();
  /// Makes the file that was ended visible; none if no rows came since the last.
  Result<std::optional<OutputFile>, Failure> commit(std::uint64_t part);
  void abort() noexcept;

 private:
  Status open_file();

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
