#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <hl7flow/parsers/codes/code_resolver.h>
#include <hl7flow/parsers/ucum/unit_spelling.h>
#include <hl7flow/pipeline/batch.h>
#include <hl7flow/stages/map_codes/field_rules.h>

namespace hl7flow::stages {

/// Where a message that is written as HL7 text has its standard codes.
enum class Triplet : std::uint8_t {
  keep,       // messages stay as they were sent
  alternate,  // in the first triplet of components that is free, behind what was sent
  primary,    // first, and what was sent behind it
};

/// The coded fields and a store to look them up in. Immutable; made anew when the store is
/// replaced.
struct Mapping {
  Mapping(std::shared_ptr<const LoadedCodes> loaded, const std::vector<FieldRule>& fields,
          codes::Several several, Triplet triplet);

  const ucum::UnitTable& units() const { return own_units ? *own_units : ucum::builtin_units(); }

  std::shared_ptr<const LoadedCodes> codes;
  codes::Resolver resolver;
  const std::vector<FieldRule>& rules;
  RuleTable table;
  std::optional<ucum::UnitTable> own_units;  // of the store; else the program's
  Triplet triplet;
  std::vector<std::vector<codes::SystemId>> wanted;  // of each rule
  bool has_dates = false;                            // codes that are valid for a time
};

/// Maps the codes of batches, one batch at a time. Kept from batch to batch for its memory: of a
/// feed's values most were seen before, and what a value came to is remembered.
class CodeMapper {
 public:
  void run(const std::shared_ptr<const Mapping>& mapping, Batch& batch);

 private:
  struct Remembered {
    static constexpr std::size_t size_max = 96;
    std::uint64_t hash = 0;
    std::uint32_t day = 0;
    std::uint16_t rule = 0;
    std::uint8_t size = 0;  // 0: nothing is remembered here
    std::array<char, size_max> text;
    codes::Answer answer;
  };
  static constexpr std::size_t remembered_count = 2048;

  void map_message(std::size_t message);
  void map_field(std::uint16_t ordinal, const SegmentView& segment, const MessageEntry& entry);
  codes::Answer answer_of(std::uint16_t ordinal, const FieldView& value, const SegmentView& segment,
                          const MessageEntry& entry);
  codes::Answer ask(std::uint16_t ordinal, const FieldView& value,
                    std::string_view system_elsewhere, const MessageEntry& entry);
  void edit(const FieldView& value, const codes::Answer& answer);
  void write_edits(std::size_t message);
  void measure(const SegmentView& segment, const MessageEntry& entry);
  void see_sender(const SegmentView& header);
  void count(const codes::Answer& answer);
  void write_counts();

  std::shared_ptr<const Mapping> mapping_;
  Batch* batch_ = nullptr;
  std::uint32_t day_ = 0;
  struct Edit {
    std::size_t begin, end;  // in the batch's text
    std::string text;
  };
  std::vector<Edit> edits_;  // of the message at hand, in order
  std::vector<Remembered> remembered_;
  struct KnownUnit {
    ucum::ReadUnit read;
    std::string canonical;
    std::uint64_t batch = 0;    // the last that it occurred in
    std::uint32_t ordinal = 0;  // there
  };
  static constexpr std::size_t units_max = 4096;
  std::unordered_map<std::string, KnownUnit> units_;  // by OBX-6 as sent
  std::string unit_key_;
  std::uint64_t batches_ = 0;
  std::vector<std::string> senders_;
  std::size_t sender_ = 0;
  std::vector<std::uint64_t> counts_;  // by sender, system, outcome
  std::array<Buffer<char>, 9> scratch_;
};

}  // namespace hl7flow::stages
