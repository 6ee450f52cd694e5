#include <hl7flow/adapters/synthetic/hospital.h>

#include <array>

namespace hl7flow::synthetic {
namespace {

/// Messages sent in each hour of the day, relative to the others.
constexpr std::array<std::uint32_t, 24> hourly_load = {
    2, 1, 1, 1, 2, 4, 8, 12, 16, 19, 20, 18, 15, 17, 18, 17, 14, 11, 8, 7, 6, 5, 4, 3};

constexpr std::uint32_t total_load() {
  std::uint32_t sum = 0;
  for (std::uint32_t const load : hourly_load) sum += load;
  return sum;
}

constexpr std::string_view races[] = {"2106-3", "2054-5", "2028-9", "2131-1"};

}  // namespace

Patient make_patient(std::uint64_t seed, std::uint32_t number) {
  Random random(seed ^ (std::uint64_t{number} + 1) * 0xd6e8feb86659fd93ull);
  Patient patient{};
  patient.number = number;
  patient.female = random.chance(52);
  patient.family_name = random.pick(family_names());
  patient.mother_maiden_name = random.pick(family_names());
  patient.given_name = random.pick(patient.female ? female_names() : male_names());
  patient.middle_initial = static_cast<char>('A' + random.below(26));
  patient.birth_year = 1930 + random.below(96);
  patient.birth_month = 1 + random.below(12);
  patient.birth_day = 1 + random.below(28);
  patient.house_number = 1 + random.below(9899);
  patient.street = random.pick(streets());
  patient.city = random.pick(cities());
  patient.phone = 5550000 + random.below(10000);
  patient.national_id = 900'000'000 + random.below(99'999'999);
  patient.has_national_id = random.chance(60);
  patient.has_email = random.chance(30);
  patient.is_married = random.chance(45);
  patient.race = random.pick(races);
  return patient;
}

Encounter make_encounter(std::uint64_t seed, std::uint32_t patient, std::uint32_t visit) {
  Random random(seed * 31 + std::uint64_t{patient} * 1'000'003 + visit);
  Encounter encounter{};
  encounter.visit_number = 70'000'000 + std::uint64_t{patient} * 8 + visit;
  constexpr char classes[] = {'I', 'I', 'O', 'O', 'E'};
  encounter.patient_class = classes[random.below(5)];
  encounter.ward = random.pick(wards());
  encounter.room = 100 + random.below(60);
  encounter.bed = 1 + random.below(2);
  encounter.attending = random.pick(clinicians());
  encounter.referring = random.pick(clinicians());
  encounter.reason = random.pick(diagnoses());
  return encounter;
}

Moment moment_at(std::uint64_t seconds) {
  // Civil date from days (Howard Hinnant's algorithm); 2026-03-02 is day 20514.
  std::uint64_t const days = 20'514 + seconds / 86'400 + 719'468;
  std::uint64_t const era = days / 146'097;
  std::uint64_t const day_of_era = days % 146'097;
  std::uint64_t const year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  std::uint64_t const day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  std::uint64_t const shifted_month = (5 * day_of_year + 2) / 153;
  std::uint64_t const month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  std::uint64_t const rest = seconds % 86'400;
  return {static_cast<std::uint32_t>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)),
          static_cast<std::uint32_t>(month),
          static_cast<std::uint32_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1),
          static_cast<std::uint32_t>(rest / 3600),
          static_cast<std::uint32_t>(rest / 60 % 60),
          static_cast<std::uint32_t>(rest % 60)};
}

std::uint64_t second_of_message(std::uint64_t ordinal, std::uint64_t count) {
  constexpr std::uint64_t load = total_load();
  if (count == 0) return 0;
  // Position in the day's load, in 3600ths of a unit.
  std::uint64_t place = static_cast<std::uint64_t>(static_cast<double>(ordinal) /
                                                   static_cast<double>(count) * (load * 3600.0));
  for (std::uint64_t hour = 0; hour < 24; ++hour) {
    std::uint64_t const size = hourly_load[hour] * std::uint64_t{3600};
    if (place < size) return hour * 3600 + place / hourly_load[hour];
    place -= size;
  }
  return 86'399;
}

}  // namespace hl7flow::synthetic
