#include <hl7flow/adapters/parquet/column_builder.h>

#include <arrow/api.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace hl7flow::adapters {
namespace {

/// After this many rows a dictionary must hold at most half as many entries, or it goes.
constexpr std::size_t trial_rows = 4096;
/// And never more than this: Parquet's readers keep a column's dictionary in cache.
constexpr std::size_t entries_max = 1u << 16;
constexpr std::size_t entry_bytes_max = 4u << 20;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  auto const product = static_cast<Wide>(a ^ 0x9e3779b97f4a7c15ull) * (b ^ 0xd1b54a32d192ed03ull);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_inlined(const TextView& view) noexcept {
  std::uint64_t halves[2];
  std::memcpy(halves, &view, sizeof halves);
  return mix(halves[0], halves[1]);
}

std::uint64_t hash_long(std::string_view text) noexcept {
  std::uint64_t hash = text.size();
  while (text.size() > 16) {
    std::uint64_t halves[2];
    std::memcpy(halves, text.data(), sizeof halves);
    hash = mix(hash ^ halves[0], halves[1]);
    text.remove_prefix(16);
  }
  // The last 16 bytes, overlapping what was read: the text is longer than 12.
  std::uint64_t tail[2] = {0, 0};
  std::memcpy(tail, text.data(), text.size());
  return mix(hash ^ tail[0], tail[1]);
}

bool same(const TextView& a, const TextView& b) noexcept { return std::memcmp(&a, &b, 16) == 0; }

/// A buffer's memory as Arrow's: the values move, and are freed with the Arrow buffer.
template <class T>
std::shared_ptr<arrow::Buffer> hand_over(Buffer<T>& values) {
  struct Owned final : arrow::Buffer {
    explicit Owned(hl7flow::Buffer<T> from)
        : arrow::Buffer(reinterpret_cast<const std::uint8_t*>(from.data()),
                        static_cast<std::int64_t>(from.size() * sizeof(T))),
          held(std::move(from)) {}
    hl7flow::Buffer<T> held;
  };
  hl7flow::Buffer<T> taken;
  taken.swap(values);
  return std::make_shared<Owned>(std::move(taken));
}

struct Validity {
  std::shared_ptr<arrow::Buffer> bits;
  std::int64_t nulls;
};

/// Bytes of 0 or 1 as bits, least significant first.
Validity pack(const Buffer<std::uint8_t>& valid) {
  Buffer<std::uint8_t> bits;
  bits.resize((valid.size() + 7) / 8);
  std::int64_t count = 0;
  for (std::size_t k = 0; k < bits.size(); ++k) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, valid.data() + 8 * k, std::min<std::size_t>(8, valid.size() - 8 * k));
    // Each byte's lowest bit moves to the top byte, in order.
    bits[k] = static_cast<std::uint8_t>(eight * 0x0102040810204080u >> 56);
    count += std::popcount(eight);
  }
  auto const nulls = static_cast<std::int64_t>(valid.size()) - count;
  return {hand_over(bits), nulls};
}

}  // namespace

std::string_view ColumnBuilder::entry(std::int32_t id) const noexcept {
  auto const k = static_cast<std::size_t>(id);
  return {bytes_.data() + offsets_[k], static_cast<std::size_t>(offsets_[k + 1] - offsets_[k])};
}

void ColumnBuilder::append(const Batch& batch, const Column& column, std::size_t begin,
                           std::size_t end) {
  std::size_t const count = end - begin;
  const std::uint8_t* const valid = column.valid.data() + begin;
  if (!column.has_values || std::memchr(valid, 1, count) == nullptr) return append_nulls(count);
  has_values_ = true;
  write_nulls();
  valid_.append(valid, count);
  switch (type_) {
    case ColumnType::text:
    case ColumnType::binary:
      return append_text(batch, column, begin, end);
    case ColumnType::float64:
      reals_.append(column.reals.data() + begin, count);
      break;
    case ColumnType::int64:
    case ColumnType::boolean:
    case ColumnType::date:
    case ColumnType::timestamp:
      integers_.append(column.integers.data() + begin, count);
      break;
  }
}

/// Only counted: write_nulls() writes them when a value follows.
void ColumnBuilder::append_nulls(std::size_t count) {
  std::size_t const rows = valid_.size() + nulls_;
  nulls_ += count;
  // The dictionary's trial may end among them.
  if (plain_ || rows >= trial_rows || rows + count < trial_rows || dictionary_pays(trial_rows))
    return;
  write_nulls();
  turn_plain();
}

void ColumnBuilder::write_nulls() {
  auto const append_zeros = [count = nulls_](auto& values) {
    std::size_t const rows = values.size();
    values.resize(rows + count);
    std::memset(values.data() + rows, 0, count * sizeof(values[0]));
  };
  if (nulls_ == 0) return;
  append_zeros(valid_);
  if (type_ == ColumnType::float64) {
    append_zeros(reals_);
  } else if (type_ != ColumnType::text && type_ != ColumnType::binary) {
    append_zeros(integers_);
  } else if (plain_) {
    if (offsets_.empty()) offsets_.push_back(0);
    offsets_.reserve(offsets_.size() + nulls_);
    for (std::size_t k = 0; k < nulls_; ++k) append_plain({});
  } else {
    append_zeros(indices_);
  }
  nulls_ = 0;
}

void ColumnBuilder::append_plain(std::string_view text) {
  bytes_.append(text.data(), text.size());
  offsets_.push_back(static_cast<std::int32_t>(bytes_.size()));
}

/// The rows' validity is appended already.
void ColumnBuilder::append_text(const Batch& batch, const Column& column, std::size_t begin,
                                std::size_t end) {
  if (offsets_.empty()) offsets_.push_back(0);
  std::size_t row = plain_ ? begin : append_entries(batch, column, begin, end);
  offsets_.reserve(offsets_.size() + (end - row));
  for (; row < end; ++row) {
    bool const valid = column.valid[row] != 0;
    std::string_view const text = valid ? batch.resolve(column.texts[row]) : std::string_view{};
    text_bytes_ += text.size();
    append_plain(text);
  }
}

/// Appends rows as indices of dictionary entries, until the dictionary is found not to pay. Returns
/// the first row that was not appended.
std::size_t ColumnBuilder::append_entries(const Batch& batch, const Column& column,
                                          std::size_t begin, std::size_t end) {
  std::size_t const before = indices_.size();
  indices_.resize(before + (end - begin));
  std::int32_t* const out = indices_.data() + before;
  TextView last{};
  std::int32_t last_id = -1;  // far views of another batch never match: it is forgotten each call
  std::size_t entries = hashes_.size();
  for (std::size_t row = begin; row < end; ++row) {
    bool const valid = column.valid[row] != 0;
    if (valid && (last_id < 0 || !same(column.texts[row], last))) {
      last = column.texts[row];
      last_id = dictionary_id(batch, last);
    }
    text_bytes_ += valid ? last.length : 0;
    out[row - begin] = valid ? last_id : 0;
    // Asked after each row that may change the answer, so that it does not depend on batches.
    std::size_t const rows = before + (row - begin) + 1;
    if (hashes_.size() == entries && rows != trial_rows) continue;
    entries = hashes_.size();
    if (dictionary_pays(rows)) continue;
    indices_.resize(rows);
    turn_plain();
    return row + 1;
  }
  return end;
}

bool ColumnBuilder::dictionary_pays(std::size_t rows) const noexcept {
  std::size_t const entries = hashes_.size();
  bool const tried = rows == trial_rows && entries > trial_rows / 2;
  return !tried && entries <= entries_max && bytes_.size() <= entry_bytes_max;
}

std::int32_t ColumnBuilder::dictionary_id(const Batch& batch, const TextView& view) {
  if (slots_.empty()) grow_slots();
  bool const inlined = view.length <= TextView::inline_size_max;
  std::string_view const text = batch.resolve(view);
  std::uint64_t const hash = inlined ? hash_inlined(view) : hash_long(text);
  std::size_t const mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    std::uint32_t const found = slots_[slot];
    if (found == 0) break;
    auto const id = static_cast<std::int32_t>(found - 1);
    bool const equal =
        inlined ? same(keys_[found - 1], view) : hashes_[found - 1] == hash && entry(id) == text;
    if (equal) return id;
  }
  return add_entry(text, view, hash);
}

std::int32_t ColumnBuilder::add_entry(std::string_view text, const TextView& key,
                                      std::uint64_t hash) {
  std::size_t const entries = hashes_.size();
  if ((entries + 1) * 2 > slots_.size()) grow_slots();
  std::size_t const mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = static_cast<std::uint32_t>(entries + 1);
  hashes_.push_back(hash);
  keys_.push_back(key);
  append_plain(text);
  return static_cast<std::int32_t>(entries);
}

void ColumnBuilder::grow_slots() {
  std::size_t const size = slots_.empty() ? 1024 : slots_.size() * 2;
  slots_.resize(size);
  std::memset(slots_.data(), 0, size * sizeof(std::uint32_t));
  for (std::size_t k = 0; k < hashes_.size(); ++k) {
    std::size_t slot = hashes_[k] & (size - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (size - 1);
    slots_[slot] = static_cast<std::uint32_t>(k + 1);
  }
}

/// The dictionary does not pay: what it stands for becomes plain values.
void ColumnBuilder::turn_plain() {
  Buffer<std::int32_t> offsets;
  Buffer<char> bytes;
  offsets.reserve(indices_.size() + 1);
  offsets.push_back(0);
  for (std::size_t row = 0; row < indices_.size(); ++row) {
    if (valid_[row] != 0) {
      std::string_view const text = entry(indices_[row]);
      bytes.append(text.data(), text.size());
    }
    offsets.push_back(static_cast<std::int32_t>(bytes.size()));
  }
  offsets_.swap(offsets);
  bytes_.swap(bytes);
  indices_.clear();
  hashes_.clear();
  keys_.clear();
  slots_.shrink(0);
  plain_ = true;
}

void ColumnBuilder::clear() {
  has_values_ = false;
  text_bytes_ = nulls_ = 0;
  valid_.clear();
  integers_.clear();
  reals_.clear();
  offsets_.clear();
  bytes_.clear();
  indices_.clear();
  slots_.shrink(0);
  hashes_.clear();
  keys_.clear();
}

std::shared_ptr<arrow::Array> ColumnBuilder::finish() {
  write_nulls();
  auto const count = static_cast<std::int64_t>(valid_.size());
  Validity const validity = pack(valid_);
  valid_.clear();
  has_values_ = false;
  text_bytes_ = 0;
  switch (type_) {
    case ColumnType::float64:
      return std::make_shared<arrow::DoubleArray>(count, hand_over(reals_), validity.bits,
                                                  validity.nulls);
    case ColumnType::int64:
      return std::make_shared<arrow::Int64Array>(count, hand_over(integers_), validity.bits,
                                                 validity.nulls);
    case ColumnType::timestamp:
      return std::make_shared<arrow::TimestampArray>(
          arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"), count, hand_over(integers_),
          validity.bits, validity.nulls);
    case ColumnType::date: {
      Buffer<std::int32_t> days;
      days.resize(integers_.size());
      for (std::size_t k = 0; k < integers_.size(); ++k)
        days[k] = static_cast<std::int32_t>(integers_[k]);
      integers_.clear();
      return std::make_shared<arrow::Date32Array>(count, hand_over(days), validity.bits,
                                                  validity.nulls);
    }
    case ColumnType::boolean: {
      Buffer<std::uint8_t> values;
      values.resize(integers_.size());
      for (std::size_t k = 0; k < integers_.size(); ++k)
        values[k] = static_cast<std::uint8_t>(integers_[k]);
      integers_.clear();
      return std::make_shared<arrow::BooleanArray>(count, pack(values).bits, validity.bits,
                                                   validity.nulls);
    }
    case ColumnType::text:
    case ColumnType::binary:
      break;
  }
  if (offsets_.empty()) offsets_.push_back(0);
  auto const type = type_ == ColumnType::text ? arrow::utf8() : arrow::binary();
  if (plain_) {
    auto data = arrow::ArrayData::Make(
        type, count, {validity.bits, hand_over(offsets_), hand_over(bytes_)}, validity.nulls);
    return arrow::MakeArray(data);
  }
  auto const entries = static_cast<std::int64_t>(offsets_.size()) - 1;
  auto dictionary = arrow::MakeArray(
      arrow::ArrayData::Make(type, entries, {nullptr, hand_over(offsets_), hand_over(bytes_)}, 0));
  auto indices = arrow::MakeArray(arrow::ArrayData::Make(
      arrow::int32(), count, {validity.bits, hand_over(indices_)}, validity.nulls));
  slots_.shrink(0);
  hashes_.clear();
  keys_.clear();
  return std::make_shared<arrow::DictionaryArray>(arrow::dictionary(arrow::int32(), type), indices,
                                                  dictionary);
}

}  // namespace hl7flow::adapters
