#include <hl7flow/pipeline/arrow_export.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace hl7flow {
namespace {

constexpr std::size_t offset_max = std::numeric_limits<std::int32_t>::max();

/// Consumers do not all take a null pointer for a buffer without bytes.
alignas(64) constexpr std::array<std::byte, 64> no_bytes{};

const void* or_no_bytes(const void* bytes) { return bytes != nullptr ? bytes : no_bytes.data(); }

const char* format_of(ColumnType type, TextLayout layout) {
  bool const views = layout == TextLayout::views;
  switch (type) {
    case ColumnType::text:
      return views ? "vu" : "u";
    case ColumnType::binary:
      return views ? "vz" : "z";
    case ColumnType::int64:
      return "l";
    case ColumnType::float64:
      return "g";
    case ColumnType::boolean:
      return "b";
    case ColumnType::date:
      return "tdD";
    case ColumnType::timestamp:
      return "tsu:UTC";
  }
  return "n";
}

/// Children of a schema or an array, and what the children's memory is.
template <class Node>
struct Family {
  std::vector<Node> children;
  std::vector<Node*> pointers;
  const void* validity = nullptr;  // of the struct: none, every row is valid

  explicit Family(std::size_t count) : children(count) {
    for (Node& child : children) pointers.push_back(&child);
  }
  /// A child whose release is null was moved out, or never made.
  ~Family() {
    for (Node& child : children)
      if (child.release != nullptr) child.release(&child);
  }
};

template <class Node, class Data>
void release(Node* node) {
  delete static_cast<Data*>(node->private_data);
  node->release = nullptr;
}

/// What one exported column owns; the rest is the batch's.
struct ColumnData {
  std::array<const void*, 5> buffers{};
  Buffer<std::uint8_t> validity, bits;
  std::vector<std::int32_t> integers;  // days, or offsets of plain text
  Buffer<char> bytes;                  // of plain text
  std::array<std::int64_t, 2> sizes{};
};

/// One byte a value to one bit a value; how many are 0.
template <class Value>
std::int64_t pack(const Value* values, std::size_t count, Buffer<std::uint8_t>& bits) {
  bits.resize((count + 7) / 8);
  std::int64_t zeros = 0;
  for (std::size_t byte = 0; byte < bits.size(); ++byte) {
    unsigned packed = 0;
    for (std::size_t k = byte * 8; k < std::min(count, byte * 8 + 8); ++k) {
      bool const set = values[k] != 0;
      packed |= unsigned{set} << (k % 8);
      zeros += set ? 0 : 1;
    }
    bits[byte] = static_cast<std::uint8_t>(packed);
  }
  return zeros;
}

Status copy_plain(const Batch& batch, const Column& column, std::size_t rows, ColumnData& data) {
  data.integers.resize(rows + 1);
  data.integers[0] = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (column.valid[row] != 0) {
      std::string_view const text = batch.resolve(column.texts[row]);
      data.bytes.append(text.data(), text.size());
    }
    if (data.bytes.size() > offset_max)
      return fail(ErrorCode::value_out_of_range, "a column has more than 2 GiB of text");
    data.integers[row + 1] = static_cast<std::int32_t>(data.bytes.size());
  }
  return {};
}

/// Sets the column's buffers after the first and returns how many there are.
Result<std::int64_t, Failure> fill(const Batch& batch, const Column& column, std::size_t rows,
                                   TextLayout layout, ColumnData& data) {
  switch (column.type) {
    case ColumnType::int64:
    case ColumnType::timestamp:
      data.buffers[1] = or_no_bytes(column.integers.data());
      return 2;
    case ColumnType::float64:
      data.buffers[1] = or_no_bytes(column.reals.data());
      return 2;
    case ColumnType::boolean:
      pack(column.integers.data(), rows, data.bits);
      data.buffers[1] = or_no_bytes(data.bits.data());
      return 2;
    case ColumnType::date:
      data.integers.resize(rows);
      for (std::size_t row = 0; row < rows; ++row)
        data.integers[row] = static_cast<std::int32_t>(column.integers[row]);
      data.buffers[1] = or_no_bytes(data.integers.data());
      return 2;
    case ColumnType::text:
    case ColumnType::binary:
      break;
  }
  if (layout == TextLayout::plain) {
    if (auto done = copy_plain(batch, column, rows, data); !done)
      return tl::unexpected<Failure>(done.error());
    data.buffers[1] = data.integers.data();
    data.buffers[2] = or_no_bytes(data.bytes.data());
    return 3;
  }
  if (batch.text.size() > offset_max || batch.side_text.size() > offset_max)
    return fail(ErrorCode::value_out_of_range, "the batch has more than 2 GiB of text");
  data.sizes = {static_cast<std::int64_t>(batch.text.size()),
                static_cast<std::int64_t>(batch.side_text.size())};
  data.buffers[1] = or_no_bytes(column.texts.data());
  data.buffers[2] = or_no_bytes(batch.text.data());
  data.buffers[3] = or_no_bytes(batch.side_text.data());
  data.buffers[4] = data.sizes.data();
  return 5;
}

Status export_column(const Batch& batch, const Column& column, std::size_t rows, TextLayout layout,
                     ArrowArray& out) {
  auto data = std::make_unique<ColumnData>();
  std::int64_t const nulls = pack(column.valid.data(), rows, data->validity);
  if (nulls != 0) data->buffers[0] = data->validity.data();
  auto const count = fill(batch, column, rows, layout, *data);
  if (!count) return tl::unexpected<Failure>(count.error());
  out = ArrowArray{};
  out.length = static_cast<std::int64_t>(rows);
  out.null_count = nulls;
  out.n_buffers = *count;
  out.buffers = data->buffers.data();
  out.private_data = data.release();
  out.release = release<ArrowArray, ColumnData>;
  return {};
}

}  // namespace

void export_schema(const TableSchema& table, TextLayout layout, ArrowSchema* out) {
  auto family = std::make_unique<Family<ArrowSchema>>(table.columns.size());
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    auto name = std::make_unique<std::string>(table.columns[k].name);
    ArrowSchema& child = family->children[k];
    child.format = format_of(table.columns[k].type, layout);
    child.name = name->c_str();
    child.flags = ARROW_FLAG_NULLABLE;
    child.private_data = name.release();
    child.release = release<ArrowSchema, std::string>;
  }
  *out = ArrowSchema{};
  out->format = "+s";
  out->name = "";
  out->n_children = static_cast<std::int64_t>(table.columns.size());
  out->children = family->pointers.data();
  out->private_data = family.release();
  out->release = release<ArrowSchema, Family<ArrowSchema>>;
}

Status export_rows(const Batch& batch, const TableRows& rows, TextLayout layout, ArrowArray* out) {
  auto family = std::make_unique<Family<ArrowArray>>(rows.columns.size());
  for (std::size_t k = 0; k < rows.columns.size(); ++k)
    if (auto done = export_column(batch, rows.columns[k], rows.rows, layout, family->children[k]);
        !done)
      return done;
  *out = ArrowArray{};
  out->length = static_cast<std::int64_t>(rows.rows);
  out->n_buffers = 1;
  out->buffers = &family->validity;
  out->n_children = static_cast<std::int64_t>(rows.columns.size());
  out->children = family->pointers.data();
  out->private_data = family.release();
  out->release = release<ArrowArray, Family<ArrowArray>>;
  return {};
}

}  // namespace hl7flow
