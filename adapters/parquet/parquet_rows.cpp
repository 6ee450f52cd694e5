#include <hl7flow/adapters/parquet/parquet_rows.h>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>

#include <cmath>
#include <filesystem>

#include <hl7flow/pipeline/unreadable.h>

namespace hl7flow::adapters {
namespace {

/// The values of one column of a batch as text.
class TextValues {
 public:
  explicit TextValues(std::shared_ptr<arrow::Array> array) : array_(std::move(array)) {
    if (array_->type_id() != arrow::Type::DICTIONARY) return;
    codes_ = static_cast<const arrow::DictionaryArray*>(array_.get());
    entries_ = std::make_unique<TextValues>(codes_->dictionary());
  }

  /// Valid until the next call.
  std::string_view text(std::int64_t row) {
    if (array_->IsNull(row)) return {};
    switch (array_->type_id()) {
      case arrow::Type::STRING:
      case arrow::Type::BINARY:
        return static_cast<const arrow::BinaryArray&>(*array_).GetView(row);
      case arrow::Type::LARGE_STRING:
      case arrow::Type::LARGE_BINARY:
        return static_cast<const arrow::LargeBinaryArray&>(*array_).GetView(row);
      case arrow::Type::STRING_VIEW:
      case arrow::Type::BINARY_VIEW:
        return static_cast<const arrow::BinaryViewArray&>(*array_).GetView(row);
      case arrow::Type::DICTIONARY:
        return entries_->text(codes_->GetValueIndex(row));
      case arrow::Type::DOUBLE:
        return of_number(static_cast<const arrow::DoubleArray&>(*array_).Value(row), row);
      case arrow::Type::FLOAT:
        return of_number(static_cast<const arrow::FloatArray&>(*array_).Value(row), row);
      default:
        return of_scalar(row);
    }
  }

 private:
  /// Other programs make whole numbers with nulls floating ones: 12345.0 is a postcode.
  std::string_view of_number(double number, std::int64_t row) {
    if (std::isnan(number)) return {};
    if (number != std::floor(number) || std::abs(number) > 9e15) return of_scalar(row);
    text_ = std::to_string(static_cast<std::int64_t>(number));
    return text_;
  }
  std::string_view of_scalar(std::int64_t row) {
    auto const scalar = array_->GetScalar(row);
    text_ = scalar.ok() ? (*scalar)->ToString() : std::string();
    return text_;
  }

  std::shared_ptr<arrow::Array> array_;
  const arrow::DictionaryArray* codes_ = nullptr;
  std::unique_ptr<TextValues> entries_;
  std::string text_;
};

class Rows {
 public:
  Rows(const std::function<Status(const std::vector<std::string>&)>& columns,
       const std::function<void(const std::vector<std::string_view>&)>& row)
      : columns_(columns), row_(row) {}

  arrow::Status read(const std::string& path) {
    ARROW_ASSIGN_OR_RAISE(auto const file, arrow::io::ReadableFile::Open(path));
    ARROW_ASSIGN_OR_RAISE(auto const reader,
                          parquet::arrow::OpenFile(file, arrow::default_memory_pool()));
    std::shared_ptr<arrow::Schema> schema;
    ARROW_RETURN_NOT_OK(reader->GetSchema(&schema));
    std::vector<std::string> names;
    for (int k = 0; k < schema->num_fields(); ++k) {
      if (arrow::is_nested(schema->field(k)->type()->id())) continue;
      names.push_back(schema->field(k)->name());
      places_.push_back(k);
    }
    refused_ = columns_(names);
    if (!refused_) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(auto const batches, reader->GetRecordBatchReader());
    for (;;) {
      ARROW_ASSIGN_OR_RAISE(auto const batch, batches->Next());
      if (!batch) return arrow::Status::OK();
      visit(*batch);
    }
  }
  const Status& refused() const noexcept { return refused_; }

 private:
  void visit(const arrow::RecordBatch& batch) {
    std::vector<TextValues> values;
    values.reserve(places_.size());
    for (int const place : places_) values.emplace_back(batch.column(place));
    std::vector<std::string_view> fields(values.size());
    for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
      for (std::size_t k = 0; k < values.size(); ++k) fields[k] = values[k].text(row);
      row_(fields);
    }
  }

  const std::function<Status(const std::vector<std::string>&)>& columns_;
  const std::function<void(const std::vector<std::string_view>&)>& row_;
  std::vector<int> places_;
  Status refused_;
};

}  // namespace

Status read_parquet_rows(const std::string& path,
                         const std::function<Status(const std::vector<std::string>&)>& columns,
                         const std::function<void(const std::vector<std::string_view>&)>& row) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return unreadable(path);
  Rows rows(columns, row);
  std::string why;
  try {
    if (auto const done = rows.read(path); !done.ok()) why = done.message();
  } catch (const std::exception& thrown) {  // the Parquet library throws where a file is damaged
    why = thrown.what();
  }
  if (!why.empty()) return fail(ErrorCode::bad_config, path + " cannot be read as Parquet: " + why);
  return rows.refused();
}

}  // namespace hl7flow::adapters
