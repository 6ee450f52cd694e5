#pragma once

#include <memory>
#include <string_view>

#include <hl7flow/parsers/buffer.h>
#include <hl7flow/pipeline/batch.h>

namespace arrow {
class Array;
}

namespace hl7flow::adapters {

/// Gathers one column of one row group. Text is a dictionary while that pays (few distinct values)
/// and plain otherwise: most HL7 columns repeat, and a dictionary made here costs a tenth of one
/// made by the Parquet writer. What it decides depends on the rows alone, never on how they were
/// cut into batches. One thread at a time.
class ColumnBuilder {
 public:
  explicit ColumnBuilder(ColumnType type, bool may_be_dictionary = true)
      : type_(type), may_be_dictionary_(may_be_dictionary), plain_(!may_be_dictionary) {}

  /// Appends rows [begin, end) of a batch's column.
  void append(const Batch& batch, const Column& column, std::size_t begin, std::size_t end);
  /// Forgets the rows and starts anew.
  void clear();
  /// Hands out the rows as an Arrow array and starts anew.
  std::shared_ptr<arrow::Array> finish();
  bool is_plain() const noexcept { return plain_; }
  /// Bytes of all texts appended, equal ones too: what the column could at most hold.
  std::size_t text_bytes() const noexcept { return text_bytes_; }
  bool has_values() const noexcept { return has_values_; }
  /// Definition levels for Parquet: 1 where there is a value. Valid until finish().
  const Buffer<std::uint8_t>& valid() {
    write_nulls();
    return valid_;
  }
  /// A new file: the choice between dictionary and plain is open again.
  void reset_choice() noexcept { plain_ = !may_be_dictionary_; }

 private:
  void append_nulls(std::size_t count);
  void write_nulls();
  void append_text(const Batch& batch, const Column& column, std::size_t begin, std::size_t end);
  std::size_t append_entries(const Batch& batch, const Column& column, std::size_t begin,
                             std::size_t end);
  void append_plain(std::string_view text);
  bool dictionary_pays(std::size_t rows) const noexcept;
  std::int32_t dictionary_id(const Batch& batch, const TextView& view);
  std::int32_t add_entry(std::string_view text, const TextView& key, std::uint64_t hash);
  void grow_slots();
  void turn_plain();
  std::string_view entry(std::int32_t id) const noexcept;

  ColumnType const type_;
  bool const may_be_dictionary_;
  bool plain_;
  bool has_values_ = false;  // any that is not null
  std::size_t text_bytes_ = 0;
  Buffer<std::uint8_t> valid_;
  std::size_t nulls_ = 0;  // rows after those of the buffers; many columns have nothing else
  // Fixed-size values.
  Buffer<std::int64_t> integers_;
  Buffer<double> reals_;
  // Text: dictionary entries, or all values when plain.
  Buffer<std::int32_t> offsets_;  // one more than there are entries
  Buffer<char> bytes_;
  Buffer<std::int32_t> indices_;
  // The dictionary's hash table: open addressing; 0 is free, else entry + 1.
  Buffer<std::uint32_t> slots_;
  Buffer<std::uint64_t> hashes_;  // by entry
  Buffer<TextView> keys_;         // by entry; compared whole for inlined text
};

}  // namespace hl7flow::adapters
