#include <hl7flow/pipeline/table.h>

namespace hl7flow {

std::string_view name(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::text:
      return "text";
    case ColumnType::binary:
      return "binary";
    case ColumnType::int64:
      return "int64";
    case ColumnType::float64:
      return "double";
    case ColumnType::boolean:
      return "boolean";
    case ColumnType::date:
      return "date";
    case ColumnType::timestamp:
      return "timestamp";
  }
  return "text";
}

void TableRows::attach(const TableSchema& to) {
  if (schema == &to) return clear();
  schema = &to;
  columns.clear();
  columns.resize(to.columns.size());
  for (std::size_t k = 0; k < columns.size(); ++k) columns[k].type = to.columns[k].type;
  rows = capacity_ = 0;
}

void TableRows::resize(std::size_t count) {
  rows = count;
  if (count <= capacity_) return;
  capacity_ = count + count / 2;
  for (Column& column : columns) {
    column.valid.resize(capacity_);
    switch (column.type) {
      case ColumnType::text:
      case ColumnType::binary:
        column.texts.resize(capacity_);
        break;
      case ColumnType::float64:
        column.reals.resize(capacity_);
        break;
      case ColumnType::int64:
      case ColumnType::boolean:
      case ColumnType::date:
      case ColumnType::timestamp:
        column.integers.resize(capacity_);
        break;
    }
  }
}

void TableRows::measure() noexcept {
  for (Column& column : columns) {
    column.has_values = rows > 0 && std::memchr(column.valid.data(), 1, rows) != nullptr;
    column.text_bytes = 0;
    bool const text = column.type == ColumnType::text || column.type == ColumnType::binary;
    if (!text || !column.has_values) continue;
    for (std::size_t row = 0; row < rows; ++row)
      column.text_bytes += column.valid[row] * std::size_t{column.texts[row].length};
  }
}

}  // namespace hl7flow
