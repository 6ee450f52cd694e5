#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <hl7flow/adapters/parquet/table_writer.h>
#include <hl7flow/pipeline/stage.h>

namespace hl7flow::adapters {

/// What a sink of columnar tables does whatever the format: OUT/TABLE/part-00000.ENDING, one folder
/// a table and one file an epoch in which the table has rows.
class ColumnarTables : public Sink {
 public:
  ColumnarTables(std::unique_ptr<ColumnarFormat> format, std::string folder, std::size_t group_rows,
                 std::uint64_t first_part)
      : format_(std::move(format)),
        folder_(std::move(folder)),
        group_rows_(group_rows),
        part_(first_part) {}

  std::string_view name() const noexcept override { return format_->ending(); }
  bool takes_tables() const noexcept override { return true; }
  Status write(const Batch& batch, Executor& executor) override;
  Result<std::vector<OutputFile>, Failure> commit(Executor& executor) override;
  void abort() noexcept override;

 private:
  void gather(const Batch& batch, Executor& executor);
  Status advance(const Batch& batch, Executor& executor);
  Status write_groups(const std::vector<TableWriter*>& tables, Executor& executor);

  std::vector<bool> fits_;  // by table: the batch's rows go in at once
  std::unique_ptr<ColumnarFormat> const format_;
  std::string const folder_;
  std::size_t const group_rows_;
  std::uint64_t part_;
  WriterThread writer_;
  std::vector<std::unique_ptr<TableWriter>> tables_;  // destroyed before the writer
};

}  // namespace hl7flow::adapters
