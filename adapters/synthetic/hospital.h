#pragma once

#include <cstdint>

#include <hl7flow/adapters/synthetic/random.h>
#include <hl7flow/adapters/synthetic/vocabulary.h>

namespace hl7flow::synthetic {

/// A person, made from the seed and a number alone: the same number is the same person in every
/// message, and nothing is stored.
struct Patient {
  std::uint32_t number;
  bool female;
  std::string_view family_name, given_name, mother_maiden_name;
  char middle_initial;
  std::uint32_t birth_year, birth_month, birth_day;
  std::uint32_t house_number;
  std::string_view street;
  City city;
  std::uint64_t phone;        // seven digits
  std::uint32_t national_id;  // nine digits, 900 … 999 as the first three: never issued
  bool has_national_id, has_email, is_married;
  std::string_view race;
};
Patient make_patient(std::uint64_t seed, std::uint32_t number);

/// One visit of a patient.
struct Encounter {
  std::uint64_t visit_number;
  char patient_class;  // I, O or E
  Ward ward;
  std::uint32_t room, bed;
  Clinician attending, referring;
  Coding reason;
};
Encounter make_encounter(std::uint64_t seed, std::uint32_t patient, std::uint32_t visit);

/// Seconds since the start of the simulated day, and how it is written.
struct Moment {
  std::uint32_t year, month, day, hour, minute, second;
};
/// The `seconds`th second after 2026-03-02 00:00, a Monday.
Moment moment_at(std::uint64_t seconds);

/// When message `ordinal` of `count` is sent: quiet at night, a morning peak around ten and a
/// second one in the afternoon. Never goes back.
std::uint64_t second_of_message(std::uint64_t ordinal, std::uint64_t count);

}  // namespace hl7flow::synthetic
