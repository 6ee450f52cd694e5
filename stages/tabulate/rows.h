#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hl7flow/parsers/simd/short_match.h>
#include <hl7flow/pipeline/batch.h>
#include <hl7flow/stages/tabulate/plan.h>

namespace hl7flow::stages {

inline constexpr std::uint32_t no_segment = 0xffffffff;

/// The rows of one table in one batch, before they have values: which message and which segments
/// each reads. Values are then filled in column by column, which keeps each loop's branches
/// predictable and lets a row reuse the value of the row before it when both read one segment.
struct RowList {
  Buffer<std::uint32_t> message;   // ordinal in the batch
  Buffer<std::uint32_t> own;       // the segment the row is for, or no_segment
  Buffer<std::uint32_t> segments;  // slots of the table, row after row
  Buffer<std::uint64_t> held;      // conditions that hold
  std::size_t stride = 0;

  std::size_t size() const noexcept { return message.size(); }
  void clear(std::size_t slots) noexcept {
    message.clear();
    own.clear();
    segments.clear();
    held.clear();
    stride = slots;
  }
};

/// What columns need of each message besides its segments.
struct MessageFacts {
  Delimiters delimiters;  // 0xff (never in UTF-8) for those that are not declared
  Charset charset = Charset::utf8;
  std::int16_t zone_minutes = 0;  // of MSH-7: what times without a zone are in
  TextView id{};

  simd::Splitter splitter() const noexcept {
    return {delimiters.repetition, delimiters.component, delimiters.subcomponent,
            delimiters.escape};
  }
};

/// Fills tables of one batch. Not thread-safe; reused from batch to batch for its memory.
class ColumnFiller {
 public:
  /// `uniform`: all messages with rows have the same delimiters.
  ColumnFiller(Batch& batch, const std::vector<MessageFacts>& facts, TextView input, bool uniform,
               EscapePolicy escapes)
      : batch_(batch), facts_(facts), input_(input), uniform_(uniform), escapes_(escapes) {}

  /// Evaluates the table's conditions, drops the rows that fail, and writes all columns.
  void fill(const CompiledTable& table, RowList& rows);
  std::uint64_t untyped_values() const noexcept { return untyped_values_; }
  std::uint64_t unknown_escapes() const noexcept { return unknown_escapes_; }

 private:
  void test_conditions(const CompiledTable& table, RowList& rows);
  static void keep(RowList& rows, std::uint64_t wanted);
  void fill_builtin(const CompiledColumn& column, const RowList& rows, Column& out);
  void fill_persons(const CompiledColumn& column, const RowList& rows, Column& out);
  void fill_mapped(const CompiledColumn& column, const RowList& rows, Column& out);
  void fill_measured(const CompiledColumn& column, const RowList& rows, Column& out);
  TextView mapped_text(Mapped wanted, const codes::Answer& answer);
  void fill_text(const CompiledColumn& column, const RowList& rows, TableRows& table);
  void fill_first_parts(const Place& place, const RowList& rows, Column& out);
  void fill_parts(const Place& place, std::uint64_t wanted, bool only_missing, const RowList& rows,
                  Column& out);
  void fill_typed(const CompiledColumn& column, const RowList& rows, TableRows& table);
  simd::Leaf find(const Place& place, std::uint32_t segment, const MessageFacts& facts,
                  std::uint32_t message) const;
  simd::Leaf find_slowly(const Place& place, std::uint32_t segment, const MessageFacts& facts,
                         std::uint32_t message) const;
  struct TextValue;
  TextValue text_of(const simd::Leaf& leaf, const MessageFacts& facts);
  TextValue joined_text(const Place& place, std::uint32_t segment, const MessageFacts& facts,
                        std::uint32_t message);
  std::string_view unescaped(std::string_view raw, const MessageFacts& facts);
  TextView decoded(std::string_view raw, const MessageFacts& facts);

  Batch& batch_;
  const std::vector<MessageFacts>& facts_;
  TextView const input_;
  bool const uniform_;
  EscapePolicy const escapes_;
  Buffer<char> scratch_;
  std::string joined_;
  std::uint64_t untyped_values_ = 0;
  // Names that were put into the side text, by what they are of: a batch repeats few.
  struct StoredName {
    std::uint64_t of = 0;  // 0: none
    TextView view{};
  };
  std::vector<StoredName> stored_names_;
  std::uint64_t unknown_escapes_ = 0;
};

/// A view of text that lies in the batch's text or side text; short text is copied into it.
TextView view_of(const Batch& batch, std::string_view text) noexcept;
/// Puts text that lies elsewhere into the batch's side text.
TextView store(Batch& batch, std::string_view text);

}  // namespace hl7flow::stages
