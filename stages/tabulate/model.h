#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hl7flow/pipeline/condition.h>
#include <hl7flow/pipeline/table.h>

// The table model as it is configured: which tables, one row per what, which columns from where. A
// table is data, not code (docs/tasks/define-tables.md). Start-up only.
namespace hl7flow::stages {

/// Values that do not come from a field.
enum class Builtin : std::uint8_t {
  none,
  message_id,  // hash of the message's bytes: the same in every run
  input,       // the file's name
  offset,      // of the message's first byte in its input
  size,        // bytes of the message
  segment,     // position in the message of the segment that the row is for, from 1
  charset,     // that the message was decoded with
  segment_count,
  person_id,  // of the nearest PID, where identify found it
};

/// What map_codes found for the column's field.
enum class Mapped : std::uint8_t {
  none,
  code,  // of the answer
  system,
  display,
  outcome,         // exact, alias, successor, map; or why there is no answer
  equivalence,     // of the answer to what was sent
  map,             // the map that was passed
  unit,            // of the observation, in UCUM
  unit_outcome,    // exact, local_spelling or unknown_unit
  unit_canonical,  // in base units
  value_canonical,
};

struct ColumnModel {
  std::string name;
  ColumnType type = ColumnType::text;
  Builtin builtin = Builtin::none;
  Mapped mapped = Mapped::none;
  // The first that has text counts; of several that are joined, their texts one behind another.
  std::vector<std::vector<Path>> paths;
  bool after = false;           // look for the segment after the row's, in its group, not before it
  std::vector<Condition> when;  // all must hold, else the column is null
  std::string description;
};

struct TableModel {
  std::string name;
  std::vector<std::uint32_t>
      per;  // packed segment ids: one row for each occurrence; empty: one a message
  std::vector<Condition> when;
  std::vector<ColumnModel> columns;
};

/// Tables that are not made of segments: duplicates, rejects, and those of persons and repeated
/// orders.
bool is_own_table(std::string_view name) noexcept;

/// Reads "[[table]]" entries. A table of a name that is known already replaces it; with
/// `extend = true` it adds columns to it. Failures: bad_config with file and line.
Status read_tables(const ConfigNode& root, std::vector<TableModel>& tables);

/// Adds to those of the default tables that are there the columns for what map_codes found.
Status add_mapped_columns(std::vector<TableModel>& tables);

/// Adds person_id to the default tables that have a patient, and to messages.
void add_person_columns(std::vector<TableModel>& tables);

/// The tables that every conversion makes unless told otherwise.
Result<std::vector<TableModel>, Failure> default_tables();

}  // namespace hl7flow::stages
