#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <hl7flow/stages/identify/known_persons.h>

namespace hl7flow::cli {

/// What the newest statement about a group of fields said, with when that was.
struct NewestWords {
  std::uint32_t at = 0;
  bool is_said = false;
  std::vector<std::string> texts;  // in the order of fields_of(group)
};

/// One text of PersonTexts and its name as a column.
struct PersonField {
  std::string_view name;
  std::string_view linkage::PersonTexts::*text;
};
std::string_view name(linkage::Group group) noexcept;
const std::vector<PersonField>& fields_of(linkage::Group group);

/// The persons of a state that a stage `identify` keeps, and what was said of each record.
struct PersonState {
  std::unique_ptr<stages::KnownPersons> known;
  std::vector<std::array<NewestWords, linkage::group_count>> words;  // by record number
  std::uint64_t statements = 0;

  std::size_t size() const noexcept { return words.size(); }
  linkage::PersonNumber person(linkage::RecordNumber record) const noexcept {
    return known->registry().person(record);
  }
};

/// Reads a state; `with_words`: and what was said of each record. Failures: not_found; exists if a
/// run has it open; io.
Result<PersonState, Failure> read_person_state(const std::string& folder, bool with_words);

/// The statements of a state that are about one of these records, in the order in which they came.
Result<std::vector<std::string>, Failure> statements_about(
    const std::string& folder, const std::vector<linkage::RecordKey>& records);

/// "HOSP:12345".
std::string record_text(const stages::RecordNameView& name);
/// "2024-03-01 12:00:00"; empty for no time.
std::string time_text(std::uint32_t at);
/// Of a person, in hexadecimal.
std::string id_text(const MessageId& id);

}  // namespace hl7flow::cli
