#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <hl7flow/parsers/linkage/packed_person.h>

// What a message says of persons, taken from it, and what a registry of persons makes of it.
namespace hl7flow::linkage {

enum class EvidenceKind : std::uint8_t {
  describes,  // a record's person is so and so
  same,       // two records are one person
  different,  // they are not
  open,       // what was said of the two before does not count: by a clerk, what clerks said; by a
              // sender, also what lists say
  gone,       // a record was deleted
};

/// Who says it. Of two that say something of a pair of records, the higher one counts; of one, what
/// was said last.
enum class Authority : std::uint8_t {
  listed,  // two identifiers stand in one list of a patient's identifiers (PID-3)
  sender,  // a merge, link or unlink of a sender
  clerk,   // a decision of a person who looked
};

/// What names a record of a person: an identifier and who assigned it, in 128 bits; never all 0.
struct RecordKey {
  std::uint64_t high = 0, low = 0;
  friend bool operator==(const RecordKey&, const RecordKey&) = default;
  friend bool operator<(const RecordKey& a, const RecordKey& b) noexcept {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
  }
};
/// Of an authority and an identifier in it, cut at blanks around them and without regard to case.
RecordKey record_key(std::string_view assigning_authority, std::string_view identifier);

/// A piece of evidence. Plain data; the name of a record is kept elsewhere.
struct Evidence {
  EvidenceKind kind = EvidenceKind::describes;
  Authority authority = Authority::sender;
  std::uint8_t said = 0;     // groups of fields that have a value (bit_of)
  std::uint8_t cleared = 0;  // groups that shall have none: "" in HL7
  std::uint32_t at = 0;      // when it became so, seconds since 1970
  RecordKey record, other;   // `other` of same, different and open
  PackedPerson person;       // of describes
  BlockKeys keys{};          // of `person`
};

}  // namespace hl7flow::linkage
