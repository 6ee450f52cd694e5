#include <hl7flow/adapters/parquet/arrow_format.h>

#include <arrow/api.h>
#include <arrow/ipc/api.h>
#include <arrow/util/compression.h>

#include <hl7flow/adapters/parquet/arrow_output.h>

namespace hl7flow::adapters {
namespace {

class ArrowFile final : public ColumnarFile {
 public:
  ArrowFile(std::shared_ptr<arrow::Schema> schema, std::shared_ptr<PartStream> stream,
            std::shared_ptr<arrow::ipc::RecordBatchWriter> writer)
      : schema_(std::move(schema)), stream_(std::move(stream)), writer_(std::move(writer)) {}

  Status begin_group(std::size_t rows) override {
    rows_ = static_cast<std::int64_t>(rows);
    columns_.resize(static_cast<std::size_t>(schema_->num_fields()));
    return {};
  }

  void encode(std::size_t column, ColumnBuilder& builder) override {
    columns_[column] = builder.finish();
  }

  Status end_group() override {
    auto const status =
        writer_->WriteRecordBatch(*arrow::RecordBatch::Make(schema_, rows_, std::move(columns_)));
    columns_.clear();
    if (!status.ok()) return arrow_failure(status.ToString());
    return {};
  }

  Status close() override {
    auto const status = writer_->Close();
    if (!status.ok()) return arrow_failure(status.ToString());
    return {};
  }

 private:
  std::shared_ptr<arrow::Schema> const schema_;
  std::shared_ptr<PartStream> const stream_;
  std::shared_ptr<arrow::ipc::RecordBatchWriter> const writer_;
  arrow::ArrayVector columns_;  // of the group
  std::int64_t rows_ = 0;
};

}  // namespace

Result<std::unique_ptr<ArrowFormat>, Failure> ArrowFormat::make(const std::string& codec,
                                                                int level) {
  if (codec != "zstd" && codec != "lz4" && codec != "uncompressed")
    return fail(ErrorCode::bad_option,
                "Arrow files know the codecs zstd, lz4 and uncompressed, "
                "not " +
                    codec);
  return std::unique_ptr<ArrowFormat>(new ArrowFormat(codec, level));
}

Result<std::unique_ptr<ColumnarFile>, Failure> ArrowFormat::open(const TableSchema& schema,
                                                                 const std::vector<ColumnBuilder>&,
                                                                 PartFile& part) const {
  auto options = arrow::ipc::IpcWriteOptions::Defaults();
  options.use_threads = false;  // the graph's threads are all the threads there are
  if (codec_ != "uncompressed") {
    auto const type = arrow::util::Codec::GetCompressionType(codec_);
    if (!type.ok()) return arrow_failure(type.status().ToString());
    auto codec = *type == arrow::Compression::ZSTD ? arrow::util::Codec::Create(*type, level_)
                                                   : arrow::util::Codec::Create(*type);
    if (!codec.ok()) return arrow_failure(codec.status().ToString());
    options.codec = std::move(*codec);
  }
  auto const columns = arrow_schema(schema);
  auto stream = std::make_shared<PartStream>(part);
  auto writer = arrow::ipc::MakeFileWriter(stream, columns, options);
  if (!writer.ok()) return arrow_failure(writer.status().ToString());
  return std::unique_ptr<ColumnarFile>(
      std::make_unique<ArrowFile>(columns, std::move(stream), std::move(*writer)));
}

}  // namespace hl7flow::adapters
