#pragma once

#include <hl7flow/parsers/schema/schema.h>

// What the generated facts.cpp defines; only schema.cpp reads it. Definitions that versions share
// stand once: a version is three lists of row numbers, sorted for bisection.
namespace hl7flow::schema {

struct RowList {
  const std::uint16_t* rows;
  std::uint32_t count;
};
struct VersionTables {
  RowList segments;    // by packed id
  RowList types;       // by id
  RowList structures;  // by name
};
/// Packed message code and trigger -> structure name; sorted, several structures for one pair.
struct EventRow {
  std::uint32_t code, trigger;
  std::uint16_t structure_name_row;
};

extern const char name_text[];
extern const std::uint32_t name_begin[];  // name n is name_text[name_begin[n], name_begin[n + 1])
extern const FieldDef field_rows[];
extern const std::uint16_t field_lists[];
extern const SegmentDef segment_rows[];
extern const TypeDef type_rows[];
extern const StructureNode node_rows[];
extern const std::uint16_t node_lists[];
extern const StructureDef structure_rows[];
extern const EventRow event_rows[];
extern const std::uint32_t event_row_count;
extern const std::uint16_t generic_structure_row;
extern const VersionTables version_tables[];

}  // namespace hl7flow::schema
