#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <hl7flow/parsers/escape.h>
#include <hl7flow/pipeline/table.h>
#include <hl7flow/stages/tabulate/model.h>

// The table model, compiled for speed. Segment identifiers become small numbers ("registers"); a
// row is described by the segments it reads ("slots" of its table); a column says which slot, which
// field and which part of it.
namespace hl7flow::stages {

inline constexpr std::uint8_t no_register = 0xff;
inline constexpr std::size_t register_count_max = 64;

/// Where one path leads, within a row's segments.
struct Place {
  std::uint16_t slot = 0;
  std::uint16_t field = 0;      // as a mark number: MSH-3 is 2
  std::uint16_t component = 0;  // 0: the whole field
  std::uint16_t subcomponent = 0;
  bool simple = true;        // first repetition, no match: the fast way
  Path path;                 // for what is not simple
  std::vector<Path> joined;  // whose texts follow that of the path
};

/// A condition on one of CompiledTable::tested places; evaluated once a row.
struct CompiledCondition {
  std::uint16_t tested = 0;
  bool negated = false;
  std::vector<std::string> values;  // none: any text
};

struct CompiledColumn {
  ColumnType type = ColumnType::text;
  Builtin builtin = Builtin::none;
  Mapped mapped = Mapped::none;
  std::vector<Place> places;      // the first that has text counts
  std::uint64_t conditions = 0;   // bits of CompiledTable::conditions that must hold
  std::uint16_t output = 0;       // column of the table
  std::uint16_t text_output = 0;  // of its text, for a typed column
};

/// One segment that rows of a table read.
struct Slot {
  std::uint8_t segment = no_register;
  bool after = false;  // the one after the row's own segment, within its group
};

struct CompiledTable {
  std::vector<Slot> slots;
  std::vector<Place> tested;
  std::vector<CompiledCondition> conditions;  // at most 64
  std::uint64_t row_conditions = 0;
  std::vector<CompiledColumn> columns;
  std::uint16_t output = 0;        // table of the batch
  std::uint64_t own_segments = 0;  // registers that rows are made for; 0: one row a message
  std::uint64_t followers = 0;     // registers that are read behind the row's own segment
};

/// Packed segment id to register, by a small open hash table.
class Registers {
 public:
  Registers() { slots_.fill({0, no_register}); }
  std::uint8_t find(std::uint32_t packed_id) const noexcept {
    for (std::size_t slot = hash(packed_id);; slot = (slot + 1) % slots_.size()) {
      if (slots_[slot].id == packed_id) return slots_[slot].number;
      if (slots_[slot].number == no_register) return no_register;
    }
  }
  /// The register of an id, a new one if needed; no_register when all are taken.
  std::uint8_t add(std::uint32_t packed_id);
  const std::vector<std::uint32_t>& ids() const noexcept { return ids_; }

 private:
  struct Entry {
    std::uint32_t id;
    std::uint8_t number;
  };
  static std::size_t hash(std::uint32_t id) noexcept { return (id * 0x9e3779b1u) >> 24; }
  std::array<Entry, 256> slots_;
  std::vector<std::uint32_t> ids_;
};

struct Plan {
  std::vector<TableSchema> schemas;  // of the batch's tables, those of no segment last
  std::vector<CompiledTable> tables;
  Registers registers;
  std::vector<std::vector<std::uint16_t>> tables_of;  // by register: tables with a row for it
  std::vector<std::uint16_t> message_tables;
  std::uint16_t duplicates = 0, person_links = 0, person_reviews = 0, repeated_orders = 0,
                rejects = 0;
  EscapePolicy escapes = EscapePolicy::decode;
  bool uses_message_id = false;
  bool uses_timestamps = false;
};

/// Columns of the duplicates table, in order.
enum class DuplicateColumn : std::uint8_t {
  message_id,
  input,
  offset,
  repeat,
  action,
  first_message_id,
  messages_apart,
  seconds_apart,
  sending_application,
  sending_facility,
  message_type,
  control_id
};

/// Columns of the person_links table, in order.
enum class PersonLinkColumn : std::uint8_t {
  message_id,
  person_id,
  previous_person_id,
  assigning_authority,
  identifier,
  reason,
  matched_assigning_authority,
  matched_identifier,
  probability,
  bits
};

/// Columns of the person_reviews table, in order.
enum class PersonReviewColumn : std::uint8_t {
  message_id,
  person_id_a,
  assigning_authority_a,
  identifier_a,
  person_id_b,
  assigning_authority_b,
  identifier_b,
  reason,
  probability,
  bits
};

/// Columns of the repeated_orders table, in order.
enum class RepeatedOrderColumn : std::uint8_t {
  message_id,
  segment,
  person_id,
  assigning_authority,
  patient_id,
  service_code,
  service_name,
  service_system,
  kind,
  at,
  placer_order_number,
  filler_order_number,
  provider_id,
  previous_message_id,
  previous_kind,
  previous_at,
  seconds_apart,
  same_provider,
  sending_facility
};

/// Columns of the rejects table, in order.
enum class RejectColumn : std::uint8_t {
  message_id,
  input,
  offset,
  size,
  code,
  reason,
  position,
  raw
};

Result<std::unique_ptr<Plan>, Failure> compile(const std::vector<TableModel>& tables);

}  // namespace hl7flow::stages
