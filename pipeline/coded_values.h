#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <hl7flow/parsers/codes/code_resolver.h>
#include <hl7flow/pipeline/loaded_codes.h>

namespace hl7flow {

/// What map_codes found for one repetition of one field.
struct CodedValue {
  std::uint32_t segment = 0;     // ordinal in the batch's index
  std::uint16_t field = 0;       // as HL7 counts
  std::uint16_t repetition = 1;  // from 1
  codes::Answer answer;
};

/// What map_codes made of the unit of an observation (OBX-6), and of its number (OBX-5).
struct MeasuredValue {
  std::uint32_t segment = 0;
  std::uint32_t unit = 0;   // ordinal in CodedValues::units
  bool has_number = false;  // OBX-5 is one, and the unit is known
  double number = 0;        // in the unit's canonical form
};

/// A unit as it occurred in a batch.
struct MeasuredUnit {
  std::string outcome;    // exact, local_spelling or unknown_unit
  std::string code;       // in UCUM
  std::string canonical;  // in base units: "m-3.g"
};

/// The coded values of a batch, by segment and field.
class CodedValues {
 public:
  /// The store that the answers are of; null if no stage mapped codes.
  std::shared_ptr<const LoadedCodes> codes;

  void begin(std::size_t segment_count) {
    values_.clear();
    first_.assign(segment_count, none);
  }
  /// Values come in the order of segments.
  void add(const CodedValue& value) {
    if (first_[value.segment] == none)
      first_[value.segment] = static_cast<std::uint32_t>(values_.size());
    values_.push_back(value);
  }
  /// The first repetition of a field; null if it is not coded, or empty.
  const CodedValue* find(std::uint32_t segment, std::uint16_t field) const noexcept {
    if (segment >= first_.size() || first_[segment] == none) return nullptr;
    for (std::size_t k = first_[segment]; k < values_.size() && values_[k].segment == segment; ++k)
      if (values_[k].field == field) return &values_[k];
    return nullptr;
  }
  std::span<const CodedValue> all() const noexcept { return values_; }

  std::vector<MeasuredUnit> units;
  std::vector<MeasuredValue> measured;  // in the order of segments
  const MeasuredValue* find_measured(std::uint32_t segment) const noexcept {
    auto const found = std::lower_bound(
        measured.begin(), measured.end(), segment,
        [](const MeasuredValue& one, std::uint32_t wanted) { return one.segment < wanted; });
    return found != measured.end() && found->segment == segment ? &*found : nullptr;
  }
  void clear() noexcept {
    values_.clear();
    first_.clear();
    units.clear();
    measured.clear();
    codes.reset();
  }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  std::vector<CodedValue> values_;
  std::vector<std::uint32_t> first_;  // of each segment
};

}  // namespace hl7flow
