#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <hl7flow/parsers/schema/schema.h>

// Which group each segment of a message belongs to: ORU_R01's flat list of segments becomes
// PATIENT_RESULT(1)/ORDER_OBSERVATION(2)/OBSERVATION(1). Source: HL7 v2.9.1 2.4.2, 2.10.3.
namespace hl7flow {

/// One repetition of a group in a message.
struct GroupInstance {
  std::uint16_t node;        // position of the group in the structure
  std::uint32_t parent;      // position in GroupAssignment::groups; the root is its own parent
  std::uint32_t repetition;  // from 1, within the parent
};

/// Where a segment stands.
struct SegmentPlace {
  enum class Kind : std::uint8_t {
    expected,      // where the structure allows it
    out_of_order,  // the structure has it in this group, but not here, or not another time
    unexpected  // the structure has it nowhere near (Z segments): it goes with the segment before
  };
  std::uint32_t group;  // position in GroupAssignment::groups
  std::uint16_t node;   // position of the segment in the structure; 0 if unexpected
  Kind kind;
};

/// Reused from message to message: assign_groups keeps the memory.
struct GroupAssignment {
  std::vector<SegmentPlace> segments;  // one for each segment of the message, in order
  std::vector<GroupInstance> groups;   // the first is the root; parents stand before members
  std::vector<std::uint32_t> scratch;
};

/// Assigns each segment (packed ids, in the order of the message) its group. Tolerant: never fails.
/// In this order: the segment continues the groups that are open, innermost first, as the structure
/// says, where a group that begins with it is preferred to one that only may contain it; it begins
/// another repetition of an open group though the group's first segment is missing (RXA without
/// ORC); it stands in an open group out of order; it goes with the segment before. Time is linear
/// in the number of segments.
void assign_groups(const schema::StructureDef& structure,
                   std::span<const std::uint32_t> segment_ids, GroupAssignment& out);

/// "PATIENT_RESULT(1)/ORDER_OBSERVATION(2)"; empty for the root. Choices are no level of
/// their own.
std::string group_path(const schema::StructureDef& structure, const GroupAssignment& assignment,
                       std::size_t segment);

}  // namespace hl7flow
