// parquet: writes each table as Parquet files, one folder a table and one file an epoch.

#include <hl7flow/adapters/parquet/table_writer.h>
#include <hl7flow/pipeline/component.h>

namespace hl7flow::adapters {

namespace {

/// A row with a larger value ends its row group, so that memory does not gather.
constexpr std::uint32_t large_value = 1u << 20;

class Parquet final : public Sink {
 public:
  struct Options {
    std::string path;
    std::string codec = "zstd";
    std::int64_t level = 1;
    std::uint64_t row_group_rows = 65'536;
    std::uint64_t first_part = 0;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::path>{"path", "Folder to write to."},
      OptionFor<&Options::codec>{"codec",
                                 "zstd (default), lz4_raw, snappy, gzip, brotli, "
                                 "uncompressed."},
      OptionFor<&Options::level>{"level", "Level of zstd. Default 1."},
      OptionFor<&Options::row_group_rows>{"row_group_rows", "Rows of a row group. Default 65536."},
      OptionFor<&Options::first_part>{"first_part", "Number of the first file. Default 0."},
  };

  static Result<std::unique_ptr<Sink>, Failure> make(Options chosen) {
    if (chosen.path.empty()) return fail(ErrorCode::bad_option, "parquet needs a path");
    if (chosen.row_group_rows == 0 || chosen.row_group_rows > 1u << 24)
      return fail(ErrorCode::bad_option, "row_group_rows must be 1 to 16777216");
    return std::unique_ptr<Sink>(std::make_unique<Parquet>(std::move(chosen)));
  }

  explicit Parquet(Options chosen)
      : options_{chosen.path, chosen.codec, static_cast<int>(chosen.level), chosen.row_group_rows},
        part_(chosen.first_part) {}

  std::string_view name() const noexcept override { return "parquet"; }

  Status write(const Batch& batch, Executor& executor) override {
    for (std::size_t k = tables_.size(); k < batch.tables.size(); ++k)
      tables_.push_back(std::make_unique<TableWriter>(*batch.tables[k].schema, options_, writer_));
    gather(batch, executor);
    return advance(batch, executor);
  }

  Result<std::vector<OutputFile>, Failure> commit(Executor& executor) override {
    std::vector<OutputFile> files;
    for (auto const& table : tables_) {
      auto file = table->commit(part_, executor);
      if (!file) return tl::unexpected<Failure>(file.error());
      if (*file) files.push_back(**file);
    }
    ++part_;
    return files;
  }

  void abort() noexcept override {
    for (auto const& table : tables_) table->abort();
  }

 private:
  /// The rows that fit the current row groups, all columns of all tables side by side.
  void gather(const Batch& batch, Executor& executor) {
    struct Piece {
      std::size_t table, first_column, past_column;
    };
    constexpr std::size_t columns_a_piece = 8;
    std::vector<Piece> pieces;
    for (std::size_t k = 0; k < batch.tables.size(); ++k) {
      if (!fits(batch, k)) continue;
      std::size_t const columns = tables_[k]->column_count();
      for (std::size_t first = 0; first < columns; first += columns_a_piece)
        pieces.push_back({k, first, std::min(columns, first + columns_a_piece)});
    }
    executor.parallel_for(pieces.size(), [&](std::size_t n) {
      Piece const& piece = pieces[n];
      TableRows const& rows = batch.tables[piece.table];
      for (std::size_t column = piece.first_column; column < piece.past_column; ++column)
        tables_[piece.table]->append(column, batch, rows, 0, rows.rows);
    });
  }

  bool fits(const Batch& batch, std::size_t k) const {
    std::size_t const rows = batch.tables[k].rows;
    return rows > 0 && tables_[k]->room(rows) == rows && !has_large_values(batch);
  }

  static bool has_large_values(const Batch& batch) { return batch.raw_size > large_value; }

  /// Counts what was gathered, and takes the tables whose row group fills piece by piece.
  Status advance(const Batch& batch, Executor& executor) {
    for (std::size_t k = 0; k < batch.tables.size(); ++k) {
      TableRows const& rows = batch.tables[k];
      if (rows.rows == 0) continue;
      TableWriter& table = *tables_[k];
      if (fits(batch, k)) {
        if (auto done = table.advance(rows.rows, false, executor); !done) return done;
        continue;
      }
      for (std::size_t begin = 0; begin < rows.rows;) {
        std::size_t end = begin + table.room(rows.rows - begin);
        bool const large = cut_at_large_value(rows, begin, end);
        executor.parallel_for(table.column_count(), [&](std::size_t column) {
          table.append(column, batch, rows, begin, end);
        });
        if (auto done = table.advance(end - begin, large, executor); !done) return done;
        begin = end;
      }
    }
    return {};
  }

  /// Shortens [begin, end) to end after its first row with a large value; true if there is one.
  static bool cut_at_large_value(const TableRows& rows, std::size_t begin, std::size_t& end) {
    bool found = false;
    for (Column const& column : rows.columns) {
      if (column.type != ColumnType::text && column.type != ColumnType::binary) continue;
      for (std::size_t row = begin; row < end; ++row) {
        if (column.texts[row].length <= large_value) continue;
        end = row + 1;
        found = true;
      }
    }
    return found;
  }

  ParquetOptions const options_;
  std::uint64_t part_;
  WriterThread writer_;
  std::vector<std::unique_ptr<TableWriter>> tables_;
};

}  // namespace

extern constinit const Component parquet = component<Parquet>(
    "parquet", "Writes each table as Parquet files: one folder a table, one file an epoch.");

}  // namespace hl7flow::adapters
