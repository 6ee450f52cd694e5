#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <hl7flow/parsers/error.h>
#include <hl7flow/parsers/linkage/evidence.h>

namespace hl7flow::stages {

/// Names a record in somebody else's text.
struct RecordNameView {
  std::string_view assigning_authority, identifier;
};

/// One thing said of persons, in the words in which it was said: what the log of a state holds, so
/// that a later release may read more out of it than this one does.
struct PersonStatement {
  linkage::EvidenceKind kind = linkage::EvidenceKind::describes;
  linkage::Authority authority = linkage::Authority::sender;
  bool is_repeated = false;  // of a description: it says what is known, so the words are left out
  std::uint8_t said = 0, cleared = 0;  // as in linkage::Evidence
  std::uint32_t at = 0;
  RecordNameView record, other;
  linkage::PersonTexts texts;
};

/// Texts of a statement are cut to so many bytes.
inline constexpr std::size_t statement_text_max = 255;

void append_statement(const PersonStatement& statement, std::string& out);
/// Takes a statement off the front of `bytes`, into which its texts then point. Failures: io if
/// these are no statement.
Result<PersonStatement, Failure> take_statement(std::string_view& bytes);
/// What it comes to. Of a repeated description: without the person, which is known.
linkage::Evidence evidence_of(const PersonStatement& statement);

}  // namespace hl7flow::stages
