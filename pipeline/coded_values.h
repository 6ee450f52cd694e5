#pragma once

#include <cstdint>
#include <memory>
#include <span>
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
  void clear() noexcept {
    values_.clear();
    first_.clear();
    codes.reset();
  }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  std::vector<CodedValue> values_;
  std::vector<std::uint32_t> first_;  // of each segment
};

}  // namespace hl7flow
