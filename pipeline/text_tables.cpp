#include <hl7flow/pipeline/text_tables.h>

#include <algorithm>

namespace hl7flow {
namespace {

/// Rows that one thread takes at a time: some ten microseconds of work.
constexpr std::size_t piece_rows = 256;
/// A piece's memory that one huge value has taken is given back.
constexpr std::size_t kept_text_max = 4u << 20;

struct Piece {
  std::size_t table, begin, end;
};

std::vector<Piece> pieces_of(const Batch& batch) {
  std::vector<Piece> pieces;
  for (std::size_t table = 0; table < batch.tables.size(); ++table) {
    std::size_t const rows = batch.tables[table].rows;
    for (std::size_t begin = 0; begin < rows; begin += piece_rows)
      pieces.push_back({table, begin, std::min(rows, begin + piece_rows)});
  }
  return pieces;
}

}  // namespace

TextTables::TextTables(Place place) : place_(std::move(place)), part_(place_.first_part) {}

Status TextTables::write(const Batch& batch, Executor& executor) {
  for (std::size_t k = tables_.size(); k < batch.tables.size(); ++k) {
    TableSchema const& schema = *batch.tables[k].schema;
    Buffer<char> header;
    begin_table(k, schema, header);
    tables_.push_back({schema.name, {header.begin(), header.end()}, nullptr, 0});
  }
  std::vector<Piece> const pieces = pieces_of(batch);
  if (texts_.size() < pieces.size()) texts_.resize(pieces.size());
  executor.parallel_for(pieces.size(), [&](std::size_t k) {
    texts_[k].clear();
    append_rows(batch, pieces[k].table, pieces[k].begin, pieces[k].end, texts_[k]);
  });
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    Table& table = tables_[pieces[k].table];
    if (auto done = append(table, texts_[k]); !done) return done;
    table.rows += pieces[k].end - pieces[k].begin;
    texts_[k].shrink(kept_text_max);
  }
  return {};
}

Status TextTables::append(Table& table, const Buffer<char>& text) {
  if (!table.file) {
    auto file = PartFile::create(place_.folder + '/' + table.name,
                                 "open." + std::string(place_.ending), writer_);
    if (!file) return tl::unexpected<Failure>(file.error());
    table.file = std::move(*file);
    table.file->write(table.header);
  }
  table.file->write({text.data(), text.size()});
  return {};
}

Result<std::vector<OutputFile>, Failure> TextTables::commit(Executor&) {
  for (Table& table : tables_)
    if (table.file) table.file->seal();
  std::vector<OutputFile> files;
  std::string const name = part_name(part_++, place_.ending);
  for (Table& table : tables_) {
    if (!table.file) continue;
    OutputFile made{table.name + '/' + name, table.name, table.rows, table.file->size()};
    if (auto done = table.file->finish(name); !done) return tl::unexpected<Failure>(done.error());
    table.file.reset();
    table.rows = 0;
    files.push_back(std::move(made));
  }
  return files;
}

void TextTables::abort() noexcept {
  for (Table& table : tables_) table.file.reset();
}

}  // namespace hl7flow
