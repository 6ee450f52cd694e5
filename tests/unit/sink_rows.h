#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/pipeline/batch.h>

// Rows of every column type, made at random, with what they were made from beside them: what the
// tests of the sinks compare with.
namespace hl7flow::test {

struct Value {
  std::optional<std::string> text;
  std::optional<std::int64_t> integer;
  std::optional<double> real;
};

inline const TableSchema& every_type() {
  static const TableSchema schema{"things",
                                  {{"text", ColumnType::text, ""},
                                   {"bytes", ColumnType::binary, ""},
                                   {"count", ColumnType::int64, ""},
                                   {"value", ColumnType::float64, ""},
                                   {"flag", ColumnType::boolean, ""},
                                   {"day", ColumnType::date, ""},
                                   {"at", ColumnType::timestamp, ""}}};
  return schema;
}

/// Text with what formats trip over, in UTF-8.
inline std::string random_text(std::mt19937_64& random) {
  static const std::vector<std::string> pieces = {
      "a",    "BC", "0123456789", " ", ",", ";", "\"", "\\", "\n", "\r", "\t", "\x01", "\x1f",
      "\x7f", "é",  "日本",       "😀", "=", "@", "|",  "^",  "'",  "/",  "~",  "&"};
  std::string text;
  std::size_t const count = random() % 4 == 0 ? random() % 40 : random() % 6;
  for (std::size_t k = 0; k < count; ++k) text += pieces[random() % pieces.size()];
  return text;
}

/// Puts a text into one of the batch's two buffers, as stages do.
inline TextView place(Batch& batch, std::string_view text, bool in_side_text) {
  TextView view{static_cast<std::uint32_t>(text.size()), {}};
  if (text.size() <= TextView::inline_size_max) {
    std::memcpy(view.inlined.data(), text.data(), text.size());
    return view;
  }
  TextBuffer& buffer = in_side_text ? batch.side_text : batch.text;
  std::memcpy(view.far.prefix.data(), text.data(), 4);
  view.far.buffer = in_side_text ? 1 : 0;
  view.far.offset = static_cast<std::uint32_t>(buffer.size());
  buffer.append(text);
  return view;
}

/// Appends rows to the batch's table and returns them: values by row and column.
inline std::vector<std::vector<Value>> add_rows(Batch& batch, std::size_t count,
                                                std::mt19937_64& random) {
  if (batch.tables.empty()) batch.tables.resize(1);
  TableRows& rows = batch.tables[0];
  if (rows.schema == nullptr) rows.attach(every_type());
  std::vector<std::vector<Value>> made;
  std::size_t const first = rows.rows;
  rows.resize(first + count);
  for (std::size_t row = first; row < rows.rows; ++row) {
    std::vector<Value> values(rows.columns.size());
    for (std::size_t k = 0; k < rows.columns.size(); ++k) {
      Column& column = rows.columns[k];
      Value& value = values[k];
      bool const valid = random() % 4 != 0;
      column.valid[row] = valid ? 1 : 0;
      if (column.type == ColumnType::text || column.type == ColumnType::binary) {
        std::string text = random_text(random);
        if (column.type == ColumnType::binary) text += '\xff';
        column.texts[row] = valid ? place(batch, text, random() % 2 == 0) : TextView{0, {}};
        if (valid) value.text = text;
        continue;
      }
      std::int64_t integer = static_cast<std::int64_t>(random());
      if (column.type == ColumnType::boolean) integer &= 1;
      if (column.type == ColumnType::date) integer = integer % 700'000;  // years 53 to 3886
      if (column.type == ColumnType::timestamp) integer = integer % 60'000'000'000'000'000;
      if (column.type == ColumnType::float64) {
        double const real = static_cast<double>(integer) * 1e-12;
        column.reals[row] = valid ? real : 0;
        if (valid) value.real = real;
      } else {
        column.integers[row] = valid ? integer : 0;
        if (valid) value.integer = integer;
      }
    }
    made.push_back(std::move(values));
  }
  return made;
}

}  // namespace hl7flow::test
