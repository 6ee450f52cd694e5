#include <hl7flow/adapters/parquet/columnar_tables.h>

#include <algorithm>

namespace hl7flow::adapters {
namespace {

/// A row with a larger value ends its group, so that memory does not gather.
constexpr std::uint32_t large_value = 1u << 20;

/// False if no value of the batch can be large.
bool may_have_large_values(const Batch& batch) {
  return std::max(batch.text.size(), batch.side_text.size()) > large_value;
}

/// Shortens [begin, end) to end after its first row with a large value; true if there is one.
bool cut_at_large_value(const TableRows& rows, std::size_t begin, std::size_t& end) {
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

}  // namespace

Status ColumnarTables::write(const Batch& batch, Executor& executor) {
  for (std::size_t k = tables_.size(); k < batch.tables.size(); ++k) {
    TableSchema const& schema = *batch.tables[k].schema;
    tables_.push_back(std::make_unique<TableWriter>(schema, *format_, folder_ + '/' + schema.name,
                                                    group_rows_, writer_));
  }
  gather(batch, executor);
  return advance(batch, executor);
}

Result<std::vector<OutputFile>, Failure> ColumnarTables::commit(Executor& executor) {
  std::vector<TableWriter*> rest;
  for (auto const& table : tables_)
    if (table->has_rows()) rest.push_back(table.get());
  if (auto done = write_groups(rest, executor); !done) return tl::unexpected<Failure>(done.error());
  for (auto const& table : tables_)
    if (auto done = table->end_file(); !done) return tl::unexpected<Failure>(done.error());
  std::vector<OutputFile> files;
  for (auto const& table : tables_) {
    auto file = table->commit(part_);
    if (!file) return tl::unexpected<Failure>(file.error());
    if (*file) files.push_back(**file);
  }
  ++part_;
  return files;
}

void ColumnarTables::abort() noexcept {
  for (auto const& table : tables_) table->abort();
}

/// The rows that fit the current groups, all columns of all tables side by side.
void ColumnarTables::gather(const Batch& batch, Executor& executor) {
  struct Piece {
    std::size_t table, first_column, past_column;
  };
  constexpr std::size_t columns_a_piece = 8;
  bool const small = !may_have_large_values(batch);
  std::vector<Piece> pieces;
  fits_.assign(batch.tables.size(), false);
  for (std::size_t k = 0; k < batch.tables.size(); ++k) {
    if (batch.tables[k].rows == 0) continue;
    fits_[k] = small && tables_[k]->fits(batch.tables[k]);
    if (!fits_[k]) continue;
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

/// Counts what was gathered, and takes the tables whose group fills piece by piece.
Status ColumnarTables::advance(const Batch& batch, Executor& executor) {
  std::vector<TableWriter*> full;
  for (std::size_t k = 0; k < batch.tables.size(); ++k) {
    TableRows const& rows = batch.tables[k];
    if (rows.rows == 0) continue;
    TableWriter& table = *tables_[k];
    if (fits_[k]) {
      if (table.advance(rows.rows, false)) full.push_back(&table);
      continue;
    }
    for (std::size_t begin = 0; begin < rows.rows;) {
      std::size_t end = begin + table.room(rows.rows - begin);
      bool const large = cut_at_large_value(rows, begin, end);
      executor.parallel_for(table.column_count(), [&](std::size_t column) {
        table.append(column, batch, rows, begin, end);
      });
      if (table.advance(end - begin, large))
        if (auto done = write_groups({&table}, executor); !done) return done;
      begin = end;
    }
  }
  return write_groups(full, executor);
}

/// A group of each table, all columns side by side, those with the most work first.
Status ColumnarTables::write_groups(const std::vector<TableWriter*>& tables, Executor& executor) {
  struct Piece {
    TableWriter* table;
    std::size_t column, weight;
  };
  std::vector<Piece> pieces;
  for (TableWriter* const table : tables) {
    if (auto done = table->begin_group(); !done) return done;
    for (std::size_t column = 0; column < table->column_count(); ++column)
      pieces.push_back({table, column, table->weight(column)});
  }
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](Piece const& a, Piece const& b) { return a.weight > b.weight; });
  executor.parallel_for(pieces.size(),
                        [&](std::size_t k) { pieces[k].table->encode(pieces[k].column); });
  for (TableWriter* const table : tables)
    if (auto done = table->end_group(); !done) return done;
  return {};
}

}  // namespace hl7flow::adapters
