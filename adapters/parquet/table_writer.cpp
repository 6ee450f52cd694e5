#include <hl7flow/adapters/parquet/table_writer.h>

#include <algorithm>

namespace hl7flow::adapters {
namespace {

/// A group also ends when the texts of a column have this many bytes, looked at every `step_rows`
/// rows, or after a row with a large value: what ends it depends on the rows alone.
constexpr std::size_t column_bytes_max = 32u << 20;
constexpr std::size_t step_rows = 256;

}  // namespace

TableWriter::TableWriter(const TableSchema& schema, const ColumnarFormat& format,
                         std::string folder, std::size_t group_rows, WriterThread& writer)
    : schema_(schema),
      format_(format),
      folder_(std::move(folder)),
      group_rows_(group_rows),
      writer_(writer) {
  for (ColumnSchema const& column : schema_.columns)
    builders_.emplace_back(column.type, format_.takes_dictionaries());
}

std::size_t TableWriter::room(std::size_t rows) const noexcept {
  return std::min({rows, group_rows_ - rows_, step_rows - rows_ % step_rows});
}

bool TableWriter::fits(const TableRows& rows) const noexcept {
  if (rows.rows > group_rows_ - rows_) return false;
  for (std::size_t k = 0; k < builders_.size(); ++k)
    if (builders_[k].text_bytes() + rows.columns[k].text_bytes >= column_bytes_max) return false;
  return true;
}

void TableWriter::append(std::size_t column, const Batch& batch, const TableRows& rows,
                         std::size_t begin, std::size_t end) {
  builders_[column].append(batch, rows.columns[column], begin, end);
}

bool TableWriter::advance(std::size_t rows, bool has_large_value) noexcept {
  rows_ += rows;
  file_rows_ += rows;
  bool full = has_large_value || rows_ == group_rows_;
  if (rows_ % step_rows == 0)  // otherwise they fit
    for (ColumnBuilder const& builder : builders_) full |= builder.text_bytes() >= column_bytes_max;
  return full;
}

std::size_t TableWriter::weight(std::size_t column) const noexcept {
  ColumnBuilder const& builder = builders_[column];
  return builder.has_values() ? builder.text_bytes() + rows_ * sizeof(std::int64_t) : 0;
}

Status TableWriter::open_file() {
  auto part = PartFile::create(folder_, "open." + std::string(format_.ending()), writer_);
  if (!part) return tl::unexpected<Failure>(part.error());
  part_ = std::move(*part);
  auto file = format_.open(schema_, builders_, *part_);
  if (!file) return tl::unexpected<Failure>(file.error());
  file_ = std::move(*file);
  return {};
}

Status TableWriter::begin_group() {
  if (!file_)
    if (auto done = open_file(); !done) return done;
  return file_->begin_group(rows_);
}

Status TableWriter::end_group() {
  rows_ = 0;
  return file_->end_group();
}

Status TableWriter::end_file() {
  if (!file_) return {};
  if (auto done = file_->close(); !done) return done;
  file_.reset();
  part_->seal();
  return {};
}

Result<std::optional<OutputFile>, Failure> TableWriter::commit(std::uint64_t part) {
  if (file_rows_ == 0) return std::optional<OutputFile>{};
  std::string const name = part_name(part, format_.ending());
  OutputFile const made{schema_.name + "/" + name, schema_.name, file_rows_, part_->size()};
  if (auto done = part_->finish(name); !done) return tl::unexpected<Failure>(done.error());
  part_.reset();
  file_rows_ = 0;
  for (ColumnBuilder& builder : builders_) builder.reset_choice();
  return std::optional<OutputFile>(made);
}

void TableWriter::abort() noexcept {
  file_.reset();
  part_.reset();
}

}  // namespace hl7flow::adapters
