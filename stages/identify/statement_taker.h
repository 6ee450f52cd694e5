#pragma once

#include <array>
#include <string>
#include <vector>

#include <hl7flow/parsers/buffer.h>
#include <hl7flow/pipeline/batch.h>
#include <hl7flow/stages/identify/person_statement.h>

namespace hl7flow::stages {

/// Takes from messages what they say of persons, by HL7 v2.9 chapter 3:
///
///   a PID                                 describes a record, whose other identifiers (PID-3) are
///                                         of the same person
///   MRG of A18 A30 A34 A36 A39 A40        the prior identifiers (MRG-1) are of the same person
///   MRG of A43 A46 A47                    they are now, and not of that of MRG-4 any more
///   two PID of A24, A37                   are one person; are not
///   A23, A29                              the record is gone
///
/// Accounts and visits (A35, A41, A42, A44, A45, A49 to A51) say nothing of who is who. Kept from
/// message to message for its memory; not thread-safe.
class StatementTaker {
 public:
  /// Adds to batch.found_persons.statements and words, and a PersonOfSegment without a person for
  /// each PID that has a record.
  void take(Batch& batch, std::uint32_t message);

 private:
  struct Identifier {
    std::string authority, number, type;
    RecordNameView view() const noexcept { return {authority, number}; }
  };

  void read_patient(const SegmentView& segment);
  void read_merge(const SegmentView& segment);
  void read_identifiers(const FieldView& field, std::vector<Identifier>& out);
  void read_texts(const SegmentView& segment, PersonStatement& statement);
  std::string_view text(const FieldView& value);
  std::string_view phone_of(const FieldView& value);
  void add(const PersonStatement& statement);
  void add_bond(linkage::EvidenceKind kind, linkage::Authority authority,
                const RecordNameView& record, const RecordNameView& other);

  Batch* batch_ = nullptr;
  std::uint32_t message_ = 0, segment_ = 0;
  Charset charset_ = Charset::utf8;
  std::uint32_t at_ = 0;
  std::string event_, sender_;
  std::string national_number_;                  // of PID-3, type SS
  std::vector<Identifier> identifiers_, prior_;  // of the last PID; of an MRG
  std::vector<Identifier> patients_;             // the record of each PID of the message
  std::array<std::string, 12> decoded_;
  std::size_t decoded_count_ = 0;
  Buffer<char> scratch_;
};

}  // namespace hl7flow::stages
