#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/buffer.h>
#include <hl7flow/pipeline/part_file.h>
#include <hl7flow/pipeline/stage.h>

namespace hl7flow {

/// What a sink of text tables does the same whatever the format: OUT/TABLE/part-00000.ENDING, one
/// folder a table and one file an epoch in which the table has rows. Rows of a batch are turned
/// into text in pieces on the executor's threads and appended in order, so that the bytes depend
/// neither on threads nor on batches. A format overrides begin_table() and append_rows().
class TextTables : public Sink {
 public:
  bool takes_tables() const noexcept override { return true; }
  Status write(const Batch& batch, Executor& executor) override;
  Result<std::vector<OutputFile>, Failure> commit(Executor& executor) override;
  void abort() noexcept override;

 protected:
  struct Place {
    std::string folder;
    std::string_view ending;       // "csv"; a literal
    std::uint64_t first_part = 0;  // number of the first epoch's files
  };
  explicit TextTables(Place place);

  /// A table seen for the first time, `table` being its position in Batch::tables. Appends what
  /// each of its files begins with.
  virtual void begin_table(std::size_t table, const TableSchema& schema, Buffer<char>& header) = 0;
  /// Appends rows [begin, end) as text. Called on several threads at the same time.
  virtual void append_rows(const Batch& batch, std::size_t table, std::size_t begin,
                           std::size_t end, Buffer<char>& out) const = 0;

  const std::string& folder() const noexcept { return place_.folder; }
  WriterThread& writer() noexcept { return writer_; }

 private:
  struct Table {
    std::string name;
    std::string header;
    std::unique_ptr<PartFile> file;  // of this epoch, from its first row
    std::uint64_t rows = 0;          // in it
  };
  Status append(Table& table, const Buffer<char>& text);

  Place const place_;
  std::uint64_t part_;
  WriterThread writer_;
  std::vector<Table> tables_;        // destroyed before the writer
  std::vector<Buffer<char>> texts_;  // of pieces; kept for their memory
};

}  // namespace hl7flow
