#include <hl7flow/adapters/parquet/table_writer.h>

#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <parquet/arrow/schema.h>
#include <parquet/column_writer.h>
#include <parquet/exception.h>
#include <parquet/file_writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <mutex>

namespace hl7flow::adapters {
namespace {

/// Pages of a quarter of the default row group: they are encoded and compressed where the rows are
/// handed over, in parallel, and not when the row group closes.
constexpr std::int64_t page_rows = 16'384;
/// A row group also ends when a column holds this many bytes, looked at every `step_rows` rows, or
/// after a row with a large value: what ends it depends on the rows alone.
constexpr std::size_t column_bytes_max = 32u << 20;
constexpr std::size_t step_rows = 256;

/// Arrow's output stream onto a part file.
class PartStream final : public arrow::io::OutputStream {
 public:
  explicit PartStream(PartFile& file) : file_(file) {}
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override {
    return static_cast<std::int64_t>(file_.size());
  }
  arrow::Status Write(const void* data, std::int64_t size) override {
    file_.write({static_cast<const char*>(data), static_cast<std::size_t>(size)});
    return arrow::Status::OK();
  }

 private:
  PartFile& file_;
  bool closed_ = false;
};

std::shared_ptr<arrow::DataType> arrow_type(ColumnType type) {
  switch (type) {
    case ColumnType::text:
      return arrow::utf8();
    case ColumnType::binary:
      return arrow::binary();
    case ColumnType::int64:
      return arrow::int64();
    case ColumnType::float64:
      return arrow::float64();
    case ColumnType::boolean:
      return arrow::boolean();
    case ColumnType::date:
      return arrow::date32();
    case ColumnType::timestamp:
      return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
  }
  return arrow::utf8();
}

Failure arrow_failure(const std::string& what) {
  return {ErrorCode::io, "cannot write Parquet: " + what};
}

}  // namespace

struct TableWriter::File {
  std::unique_ptr<PartFile> part;
  std::shared_ptr<PartStream> stream;
  std::shared_ptr<parquet::WriterProperties> properties;
  std::shared_ptr<parquet::ArrowWriterProperties> arrow_properties;
  std::unique_ptr<parquet::ParquetFileWriter> writer;
};

TableWriter::TableWriter(const TableSchema& schema, const ParquetOptions& options,
                         WriterThread& writer)
    : schema_(schema), options_(options), writer_(writer) {
  for (ColumnSchema const& column : schema_.columns) builders_.emplace_back(column.type);
}

TableWriter::~TableWriter() = default;

std::size_t TableWriter::room(std::size_t rows) const noexcept {
  return std::min({rows, options_.row_group_rows - rows_, step_rows - rows_ % step_rows});
}

void TableWriter::append(std::size_t column, const Batch& batch, const TableRows& rows,
                         std::size_t begin, std::size_t end) {
  builders_[column].append(batch, rows.columns[column], begin, end);
}

Status TableWriter::advance(std::size_t rows, bool has_large_value, Executor& executor) {
  rows_ += rows;
  file_rows_ += rows;
  bool full = has_large_value || rows_ == options_.row_group_rows;
  if (rows_ % step_rows == 0)
    for (ColumnBuilder const& builder : builders_) full |= builder.bytes() >= column_bytes_max;
  return full ? write_row_group(executor) : Status{};
}

Status TableWriter::open_file() {
  auto part = PartFile::create(options_.folder + "/" + schema_.name, "open.parquet", writer_);
  if (!part) return tl::unexpected<Failure>(part.error());
  auto file = std::make_unique<File>();
  file->part = std::move(*part);
  file->stream = std::make_shared<PartStream>(*file->part);
  parquet::WriterProperties::Builder properties;
  properties.created_by("hl7flow")->max_rows_per_page(page_rows)->version(
      parquet::ParquetVersion::PARQUET_2_6);
  properties.dictionary_pagesize_limit(1 << 26);
  properties.data_pagesize(8 << 20);
  auto const codec = arrow::util::Codec::GetCompressionType(options_.codec);
  if (!codec.ok()) return fail(ErrorCode::bad_option, "unknown codec " + options_.codec);
  properties.compression(*codec);
  if (*codec == arrow::Compression::ZSTD) properties.compression_level(options_.level);
  arrow::FieldVector fields;
  for (std::size_t k = 0; k < builders_.size(); ++k) {
    ColumnSchema const& column = schema_.columns[k];
    bool const text = column.type == ColumnType::text || column.type == ColumnType::binary;
    if (!text || builders_[k].is_plain()) properties.disable_dictionary(column.name);
    fields.push_back(arrow::field(column.name, arrow_type(column.type)));
  }
  file->properties = properties.build();
  file->arrow_properties = parquet::ArrowWriterProperties::Builder().build();
  std::shared_ptr<parquet::SchemaDescriptor> schema;
  auto const converted = parquet::arrow::ToParquetSchema(
      arrow::schema(fields).get(), *file->properties, *file->arrow_properties, &schema);
  if (!converted.ok()) return tl::unexpected<Failure>(arrow_failure(converted.ToString()));
  file->writer = parquet::ParquetFileWriter::Open(
      file->stream, std::static_pointer_cast<parquet::schema::GroupNode>(schema->schema_root()),
      file->properties);
  file_ = std::move(file);
  return {};
}

Status TableWriter::write_row_group(Executor& executor) {
  try {
    if (!file_)
      if (auto done = open_file(); !done) return done;
    parquet::RowGroupWriter* const group = file_->writer->AppendBufferedRowGroup();
    std::mutex mutex;
    std::string failed;
    auto const rows = static_cast<std::int64_t>(rows_);
    std::vector<parquet::ColumnWriter*> columns;
    for (int k = 0; k < static_cast<int>(builders_.size()); ++k)
      columns.push_back(group->column(k));
    executor.parallel_for(builders_.size(), [&](std::size_t k) {
      try {
        Buffer<std::int16_t> levels;
        levels.resize(rows_);
        Buffer<std::uint8_t> const& valid = builders_[k].valid();
        for (std::size_t row = 0; row < rows_; ++row) levels[row] = valid[row];
        auto const array = builders_[k].finish();
        parquet::ArrowWriteContext context(arrow::default_memory_pool(),
                                           file_->arrow_properties.get());
        auto const status =
            columns[k]->WriteArrow(levels.data(), nullptr, rows, *array, &context, true);
        if (status.ok()) return;
        std::lock_guard const lock(mutex);
        failed = status.ToString();
      } catch (const std::exception& error) {
        std::lock_guard const lock(mutex);
        failed = error.what();
      }
    });
    if (!failed.empty()) return tl::unexpected<Failure>(arrow_failure(failed));
    group->Close();
  } catch (const std::exception& error) {
    return tl::unexpected<Failure>(arrow_failure(error.what()));
  }
  rows_ = 0;
  return {};
}

Result<std::optional<OutputFile>, Failure> TableWriter::commit(std::uint64_t part,
                                                               Executor& executor) {
  if (file_rows_ == 0) return std::optional<OutputFile>{};
  if (rows_ > 0)
    if (auto done = write_row_group(executor); !done) return tl::unexpected<Failure>(done.error());
  try {
    file_->writer->Close();
  } catch (const std::exception& error) {
    return tl::unexpected<Failure>(arrow_failure(error.what()));
  }
  std::string number = std::to_string(part);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, '0');
  std::string const name = "part-" + number + ".parquet";
  std::uint64_t const bytes = file_->part->size();
  if (auto done = file_->part->finish(name); !done) return tl::unexpected<Failure>(done.error());
  OutputFile const made{schema_.name + "/" + name, schema_.name, file_rows_, bytes};
  file_.reset();
  file_rows_ = 0;
  for (ColumnBuilder& builder : builders_) builder.reset_choice();
  return std::optional<OutputFile>(made);
}

void TableWriter::abort() noexcept { file_.reset(); }

}  // namespace hl7flow::adapters
