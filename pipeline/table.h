#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/buffer.h>

// Rows that stages add to a batch and sinks take from it, in columns. Text columns hold Arrow's
// "string view" layout, so a value of up to 12 bytes lies in the column and a longer one points
// into the batch: tabulating copies no text, and any Arrow consumer can take the columns as they
// are (arrow_export.h).
namespace hl7flow {

enum class ColumnType : std::uint8_t {
  text,    // UTF-8
  binary,  // bytes
  int64,
  float64,
  boolean,    // stored as int64 0 or 1
  date,       // days since 1970-01-01, stored as int64
  timestamp,  // microseconds since 1970-01-01T00:00:00Z
};
std::string_view name(ColumnType type) noexcept;

/// A text or binary value: Arrow's binary view, 16 bytes.
struct TextView {
  static constexpr std::uint32_t inline_size_max = 12;

  struct Far {
    std::array<char, 4> prefix;
    std::uint32_t buffer;  // 0: the batch's text, 1: its side text
    std::uint32_t offset;
  };

  std::uint32_t length;
  union {
    std::array<char, inline_size_max> inlined;  // zero-padded
    Far far;
  };
};
static_assert(sizeof(TextView) == 16);

struct ColumnSchema {
  std::string name;
  ColumnType type = ColumnType::text;
  std::string description;  // where the value comes from: "PID-3.1"
};

struct TableSchema {
  std::string name;
  std::vector<ColumnSchema> columns;
};

/// The values of one column of one batch. Exactly one of the value arrays is used, by type.
struct Column {
  ColumnType type = ColumnType::text;
  Buffer<TextView> texts;
  Buffer<std::int64_t> integers;
  Buffer<double> reals;
  Buffer<std::uint8_t> valid;  // one byte a row: 1 if there is a value, else 0

  // Of all rows, as TableRows::measure() found them.
  bool has_values = false;
  std::size_t text_bytes = 0;  // of the values that are texts
};

/// The rows of one table in one batch. The schema outlives the batch.
struct TableRows {
  const TableSchema* schema = nullptr;
  std::vector<Column> columns;
  std::size_t rows = 0;

  void attach(const TableSchema& to);
  void clear() noexcept { rows = 0; }
  /// Sets the number of rows; values are then written by index, every one of them.
  void resize(std::size_t count);
  /// Counts what is in the columns. The pipeline does it behind the last stage, side by side for
  /// many batches, so that a sink need not look at each value to know what it will take.
  void measure() noexcept;

 private:
  std::size_t capacity_ = 0;
};

}  // namespace hl7flow
