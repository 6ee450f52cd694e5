#include <hl7flow/adapters/parquet/arrow_output.h>

#include <arrow/api.h>

namespace hl7flow::adapters {
namespace {

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

}  // namespace

arrow::Status PartStream::Close() {
  closed_ = true;
  return arrow::Status::OK();
}

arrow::Result<std::int64_t> PartStream::Tell() const {
  return static_cast<std::int64_t>(file_.size());
}

arrow::Status PartStream::Write(const void* data, std::int64_t size) {
  file_.write({static_cast<const char*>(data), static_cast<std::size_t>(size)});
  return arrow::Status::OK();
}

std::shared_ptr<arrow::Schema> arrow_schema(const TableSchema& table) {
  arrow::FieldVector fields;
  for (ColumnSchema const& column : table.columns)
    fields.push_back(arrow::field(column.name, arrow_type(column.type)));
  return arrow::schema(fields);
}

tl::unexpected<Failure> arrow_failure(const std::string& what) {
  return fail(ErrorCode::io, "Arrow cannot write: " + what);
}

}  // namespace hl7flow::adapters
