#include <hl7flow/adapters/parquet/parquet_format.h>

#include <arrow/api.h>
#include <parquet/arrow/schema.h>
#include <parquet/column_writer.h>
#include <parquet/exception.h>
#include <parquet/file_writer.h>
#include <parquet/properties.h>

#include <cstring>
#include <mutex>

#include <hl7flow/adapters/parquet/arrow_output.h>

namespace hl7flow::adapters {
namespace {

/// Pages of a quarter of the default row group: they are encoded and compressed where the rows are
/// handed over, in parallel, and not when the row group closes.
constexpr std::int64_t page_rows = 16'384;

/// Rows without a value in any of them. Many columns of HL7 are never used by a sender: they skip
/// all of Arrow's machinery for values.
void write_nulls(parquet::ColumnWriter& column, const Buffer<std::int16_t>& levels) {
  auto const write = [&](auto& writer) {
    writer.WriteBatch(static_cast<std::int64_t>(levels.size()), levels.data(), nullptr, nullptr);
  };
  switch (column.type()) {
    case parquet::Type::BYTE_ARRAY:
      return write(static_cast<parquet::ByteArrayWriter&>(column));
    case parquet::Type::DOUBLE:
      return write(static_cast<parquet::DoubleWriter&>(column));
    case parquet::Type::INT32:
      return write(static_cast<parquet::Int32Writer&>(column));
    case parquet::Type::BOOLEAN:
      return write(static_cast<parquet::BoolWriter&>(column));
    default:
      return write(static_cast<parquet::Int64Writer&>(column));
  }
}

class ParquetFile final : public ColumnarFile {
 public:
  ParquetFile(PartFile& part, const std::shared_ptr<parquet::WriterProperties>& properties)
      : stream_(std::make_shared<PartStream>(part)), properties_(properties) {}

  Status open(const TableSchema& table) {
    try {
      std::shared_ptr<parquet::SchemaDescriptor> schema;
      auto const converted = parquet::arrow::ToParquetSchema(
          arrow_schema(table).get(), *properties_, *arrow_properties_, &schema);
      if (!converted.ok()) return arrow_failure(converted.ToString());
      writer_ = parquet::ParquetFileWriter::Open(
          stream_, std::static_pointer_cast<parquet::schema::GroupNode>(schema->schema_root()),
          properties_);
    } catch (const std::exception& error) {
      return arrow_failure(error.what());
    }
    return {};
  }

  Status begin_group(std::size_t rows) override {
    try {
      rows_ = rows;
      group_ = writer_->AppendBufferedRowGroup();
      columns_.clear();
      for (int k = 0; k < group_->num_columns(); ++k) columns_.push_back(group_->column(k));
    } catch (const std::exception& error) {
      return arrow_failure(error.what());
    }
    return {};
  }

  void encode(std::size_t column, ColumnBuilder& builder) override {
    std::string const problem = write_column(builder, *columns_[column]);
    if (problem.empty()) return;
    std::lock_guard const lock(mutex_);
    failed_ = problem;
  }

  Status end_group() override {
    if (!failed_.empty()) return arrow_failure(failed_);
    try {
      group_->Close();
    } catch (const std::exception& error) {
      return arrow_failure(error.what());
    }
    return {};
  }

  Status close() override {
    try {
      writer_->Close();
    } catch (const std::exception& error) {
      return arrow_failure(error.what());
    }
    return {};
  }

 private:
  /// What went wrong, or nothing.
  std::string write_column(ColumnBuilder& builder, parquet::ColumnWriter& column) const {
    try {
      Buffer<std::int16_t> levels;
      levels.resize(rows_);
      if (!builder.has_values()) {
        std::memset(levels.data(), 0, rows_ * sizeof(std::int16_t));
        write_nulls(column, levels);
        builder.clear();
        return {};
      }
      Buffer<std::uint8_t> const& valid = builder.valid();
      for (std::size_t row = 0; row < rows_; ++row) levels[row] = valid[row];
      auto const array = builder.finish();
      parquet::ArrowWriteContext context(arrow::system_memory_pool(), arrow_properties_.get());
      auto const status = column.WriteArrow(
          levels.data(), nullptr, static_cast<std::int64_t>(rows_), *array, &context, true);
      return status.ok() ? std::string() : status.ToString();
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  std::shared_ptr<PartStream> const stream_;
  std::shared_ptr<parquet::WriterProperties> const properties_;
  std::shared_ptr<parquet::ArrowWriterProperties> const arrow_properties_ =
      parquet::ArrowWriterProperties::Builder().build();
  std::unique_ptr<parquet::ParquetFileWriter> writer_;
  // The group that is being written.
  std::size_t rows_ = 0;
  parquet::RowGroupWriter* group_ = nullptr;
  std::vector<parquet::ColumnWriter*> columns_;
  std::mutex mutex_;
  std::string failed_;
};

}  // namespace

Result<std::unique_ptr<ParquetFormat>, Failure> ParquetFormat::make(const std::string& codec,
                                                                    int level) {
  auto const type = arrow::util::Codec::GetCompressionType(codec);
  if (!type.ok() || !arrow::util::Codec::IsAvailable(*type) || !parquet::IsCodecSupported(*type))
    return fail(
        ErrorCode::bad_option,
        "Parquet knows the codecs zstd, lz4_raw, snappy, gzip, brotli and uncompressed, not " +
            codec);
  return std::unique_ptr<ParquetFormat>(new ParquetFormat(codec, level));
}

Result<std::unique_ptr<ColumnarFile>, Failure> ParquetFormat::open(
    const TableSchema& schema, const std::vector<ColumnBuilder>& builders, PartFile& part) const {
  parquet::WriterProperties::Builder properties;
  properties.memory_pool(arrow::system_memory_pool());  // the program's allocator, not a second one
  properties.created_by("hl7flow")->max_rows_per_page(page_rows)->version(
      parquet::ParquetVersion::PARQUET_2_6);
  properties.dictionary_pagesize_limit(1 << 26);
  properties.data_pagesize(8 << 20);
  auto const codec = arrow::util::Codec::GetCompressionType(codec_);
  properties.compression(*codec);
  if (*codec == arrow::Compression::ZSTD) properties.compression_level(level_);
  for (std::size_t k = 0; k < builders.size(); ++k) {
    ColumnSchema const& column = schema.columns[k];
    bool const text = column.type == ColumnType::text || column.type == ColumnType::binary;
    if (!text || builders[k].is_plain()) properties.disable_dictionary(column.name);
  }
  auto file = std::make_unique<ParquetFile>(part, properties.build());
  if (auto done = file->open(schema); !done) return tl::unexpected<Failure>(done.error());
  return std::unique_ptr<ColumnarFile>(std::move(file));
}

}  // namespace hl7flow::adapters
