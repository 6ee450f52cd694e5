#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// Facts of the standard by version: segments, fields, data types, message structures. Generated
// (generate.py names the sources); static, immutable, no heap, any number of threads.
namespace hl7flow::schema {

/// The versions whose facts are held. 2.8 stands for 2.8.1, 2.8.2 and 2.9 as well.
enum class Version : std::uint8_t {
  v2_1, v2_2, v2_3, v2_3_1, v2_4, v2_5, v2_5_1, v2_6, v2_7, v2_7_1, v2_8  // in order
};
inline constexpr Version latest = Version::v2_8;
inline constexpr std::size_t version_count = 11;

/// The version that MSH-12 names: exact, else the nearest lower one that is held ("2.3.z" -> 2.3,
/// "2.9" -> 2.8); "2.51" is read as 2.5.1. Takes the whole field or its first component. Empty or
/// not a version: the latest. Never fails.
Version version_from_text(std::string_view msh_12) noexcept;
/// "2.5.1".
std::string_view text(Version version) noexcept;

/// How a field or component is used. Fields kept "for backward compatibility" count as optional.
enum class Usage : std::uint8_t { optional, required, conditional, withdrawn };

/// A field of a segment or a component of a data type.
struct FieldDef {
  std::uint16_t name_row, type_row;
  std::uint16_t table_number;  // HL7 or user-defined table, 0 for none
  std::uint8_t repeat_max;     // 0: without limit
  std::uint8_t usage_number;
  std::uint32_t length;        // characters; 0 if the version gives none

  std::string_view name() const noexcept;  // "Patient Identifier List"
  std::string_view type() const noexcept;  // "CX"; "VARIES" for OBX-5 and the like
  bool repeats() const noexcept { return repeat_max != 1; }
  Usage usage() const noexcept { return static_cast<Usage>(usage_number); }
  bool required() const noexcept { return usage() == Usage::required; }
};

struct SegmentDef {
  std::uint32_t packed_id;  // simd::pack'ed
  std::uint16_t id_row, name_row;
  std::uint16_t first_field, field_count;

  std::string_view id() const noexcept;
  std::string_view name() const noexcept;  // "Patient identification"
  /// Field `number` from 1; nullptr beyond the last.
  const FieldDef* field(std::size_t number) const noexcept;
};

struct TypeDef {
  std::uint16_t id_row, name_row;
  std::uint16_t first_component, component_count;  // 0 components: a primitive type

  std::string_view id() const noexcept;    // "CX"
  std::string_view name() const noexcept;  // "Extended Composite ID with Check Digit"
  bool primitive() const noexcept { return component_count == 0; }
  /// Component `number` from 1; nullptr beyond the last.
  const FieldDef* component(std::size_t number) const noexcept;
};

/// A segment or a group in a message structure. The structure is these nodes in preorder: the root
/// first, and after a group its members, `size` nodes with the group itself.
struct StructureNode {
  std::uint32_t segment;  // simd::pack'ed id; 0 for a group
  std::uint16_t name_row;
  std::uint16_t size;
  std::uint8_t flags;

  std::string_view name() const noexcept;  // "PID"; groups without the structure: "PATIENT_RESULT"
  bool is_group() const noexcept { return segment == 0; }
  bool required() const noexcept { return (flags & 1) != 0; }
  bool repeats() const noexcept { return (flags & 2) != 0; }
  /// One of the members, not all in order.
  bool is_choice() const noexcept { return (flags & 4) != 0; }
};

struct StructureDef {
  std::uint16_t name_row, first_node, node_count;

  std::string_view name() const noexcept;  // "ORU_R01"
  std::size_t size() const noexcept { return node_count; }
  /// Node by position in preorder; 0 is the root, a group that is the whole message.
  const StructureNode& node(std::size_t position) const noexcept;
};

/// Of exactly this version; nullptr if it has no such segment (Z segments never are).
const SegmentDef* find_segment(Version version, std::uint32_t packed_id) noexcept;
/// The same, but from the nearest version that has it: lower ones first. For showing, not judging.
const SegmentDef* find_segment_nearest(Version version, std::uint32_t packed_id) noexcept;
const TypeDef* find_type(Version version, std::string_view id) noexcept;
/// By name, of exactly this version.
const StructureDef* find_structure(Version version, std::string_view name) noexcept;

/// The structure of a message, from MSH-9.1, 9.2 and 9.3 as sent. `declared` if it is known, else
/// CODE_TRIGGER where the version has a structure of that name, else what the standard's event map
/// (table 0354) says: ADT^A04 -> ADT_A01. What the version lacks is taken from the nearest version
/// that has it, lower ones first (ORM_O01 is still sent as 2.7). nullptr if nobody knows it.
const StructureDef* find_structure(Version version, std::string_view message_code,
                                   std::string_view trigger, std::string_view declared) noexcept;

/// A structure wide enough for any message, for those whose own is unknown.
const StructureDef& generic_structure() noexcept;

}  // namespace hl7flow::schema
