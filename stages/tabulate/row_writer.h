#pragma once

#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/escape.h>
#include <hl7flow/pipeline/batch.h>
#include <hl7flow/stages/tabulate/plan.h>

namespace hl7flow::stages {

inline constexpr std::uint32_t no_segment = 0xffffffff;

/// What a row is made from: one message, and for each register the segment to read.
struct RowContext {
  Batch* batch = nullptr;
  const MessageEntry* entry = nullptr;
  // The delimiters, with 0xff (never in UTF-8) for those that are not declared.
  char component = '^', repetition = '~', subcomponent = '&', escape = '\\';
  int zone_minutes = 0;  // of MSH-7: what times without a zone are in
  TextView id{};         // message_id
  TextView input{};
  std::array<std::uint32_t, register_count_max> segment{};  // ordinal in the block, or no_segment
};

/// A piece of the batch's text.
struct Piece {
  const char* data = nullptr;
  std::uint32_t size = 0;
  std::string_view view() const noexcept { return {data, size}; }
};

/// Writes rows of one batch. Values are read straight from the index: the hot path of the program.
class RowWriter {
 public:
  explicit RowWriter(Batch& batch) : batch_(batch) {}

  /// Adds a row unless a condition of the table fails. `own` is the segment the row is for, or
  /// no_segment.
  void add_row(const CompiledTable& table, RowContext& context, std::uint32_t own);

  /// A view of text that lies in the batch's text, or in its side text.
  TextView view_of(std::string_view text) const noexcept;
  TextView store(std::string_view text);
  std::uint64_t untyped_values() const noexcept { return untyped_values_; }

 private:
  bool holds(const CompiledCondition& condition, const RowContext& context) const;
  Piece find(const Place& place, const RowContext& context) const;
  Piece find_whole_field(const Place& place, const RowContext& context) const;
  void write(const CompiledColumn& column, const RowContext& context, TableRows& rows);
  void write_text(const CompiledColumn& column, Piece piece, const RowContext& context,
                  TableRows& rows);
  void write_typed(const CompiledColumn& column, Piece piece, const RowContext& context,
                   TableRows& rows);
  void write_builtin(const CompiledColumn& column, const RowContext& context, TableRows& rows);
  TextView decoded(Piece piece, const RowContext& context);

  Batch& batch_;
  Buffer<char> scratch_;
  std::uint64_t untyped_values_ = 0;
  std::uint32_t own_segment_ = no_segment;
};

/// A simple piece's first repetition, component and subcomponent (0: all of it).
Piece split(Piece field, const RowContext& context, std::uint32_t component,
            std::uint32_t subcomponent) noexcept;

}  // namespace hl7flow::stages
