#pragma once

#include <hl7flow/parsers/linkage/person_registry.h>

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

// Patients and what is said of them, for tests of the registry.
namespace hl7flow::linkage {

struct Patient {
  std::string given = "Maria", family = "Gonzalez", suffix, born = "19800131", sex = "F",
              address = "12 Oak Street", city = "Springfield", postcode = "62701",
              phone = "217-555-0143", email, identifier;
};

inline Evidence describes(std::string_view id, const Patient& patient, std::uint32_t at = 1) {
  Evidence made;
  made.record = record_key("GENERAL", id);
  made.at = at;
  made.said = 0x7f;
  made.person = pack({patient.given, patient.family, patient.suffix, patient.born, patient.sex,
                      patient.address, patient.city, patient.postcode, patient.phone, patient.email,
                      patient.identifier});
  made.keys = block_keys(made.person);
  return made;
}

inline Evidence says(EvidenceKind kind, std::string_view a, std::string_view b,
                     std::uint32_t at = 1, Authority authority = Authority::sender) {
  Evidence made;
  made.kind = kind;
  made.authority = authority;
  made.at = at;
  made.record = record_key("GENERAL", a);
  made.other = record_key("GENERAL", b);
  return made;
}

inline PersonRegistry registry() { return PersonRegistry(RegistryOptions{}); }

inline PersonNumber apply(PersonRegistry& persons, const Evidence& evidence) {
  auto const done = persons.apply(evidence);
  EXPECT_TRUE(done) << done.error().text;
  return done ? done->person : no_number;
}

inline PersonNumber person_of(const PersonRegistry& persons, std::string_view id) {
  auto const record = persons.find(record_key("GENERAL", id));
  return record ? persons.person(*record) : no_number;
}

/// The records of each person, whatever their numbers.
inline std::set<std::set<RecordKey>> partition_of(const PersonRegistry& persons) {
  std::map<PersonNumber, std::set<RecordKey>> groups;
  for (RecordNumber k = 0; k < persons.size(); ++k)
    groups[persons.person(k)].insert(persons.key(k));
  std::set<std::set<RecordKey>> all;
  for (auto& [person, records] : groups) all.insert(std::move(records));
  return all;
}

}  // namespace hl7flow::linkage
