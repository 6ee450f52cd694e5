#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hl7flow/parsers/codes/code_store.h>
#include <hl7flow/parsers/er7.h>
#include <hl7flow/pipeline/condition.h>

namespace hl7flow::stages {

/// One coded field to look at.
struct FieldRule {
  std::uint32_t segment = 0;  // packed id
  std::uint16_t field = 0;
  std::vector<std::string> wanted;  // names of systems, the best first; none: the code's own
  std::uint16_t system_field = 0;   // of the same segment, where the value names none; 0: no
  std::optional<Condition> when;    // about the same segment
};

/// Reads the "field" entries of a configuration: `path`, `to`, `when`, `system_from`. Failures:
/// bad_config with the place.
Result<std::vector<FieldRule>, Failure> read_field_rules(const ConfigNode& list);
/// The fields that are looked at unless told otherwise.
Result<std::vector<FieldRule>, Failure> default_field_rules();

/// Rules by segment. A message's segments are mostly none of these.
class RuleTable {
 public:
  explicit RuleTable(const std::vector<FieldRule>& rules);
  /// Ordinals of the rules of a segment; null if there are none.
  const std::vector<std::uint16_t>* find(std::uint32_t packed_id) const noexcept {
    for (std::size_t slot = hash(packed_id);; slot = (slot + 1) % slots_.size()) {
      if (slots_[slot].rules == 0) return nullptr;
      if (slots_[slot].id == packed_id) return &rules_[slots_[slot].rules - 1u];
    }
  }

 private:
  struct Slot {
    std::uint32_t id = 0;
    std::uint16_t rules = 0;  // ordinal in rules_, from 1
  };
  static std::size_t hash(std::uint32_t id) noexcept { return (id * 0x9e3779b1u) >> 24; }
  std::array<Slot, 256> slots_{};
  std::vector<std::vector<std::uint16_t>> rules_;
};

}  // namespace hl7flow::stages
