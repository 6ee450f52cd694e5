#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// What the synthetic hospital is made of. Names and addresses are invented; codes are facts of
// LOINC, ICD-10-CM, RxNorm and CVX.
namespace hl7flow::synthetic {

struct City {
  std::string_view name, state, postal_code;
};
struct Analyte {
  std::string_view code, name, unit;
  std::uint32_t low, high, scale;  // of the reference range; values are divided by 10^scale
};
struct Panel {
  std::string_view code, name;
  std::span<const Analyte> analytes;
};
struct Coding {
  std::string_view code, name;
};
struct Drug {
  std::string_view code, name, amount, unit, form, route, frequency;
};
struct Ward {
  std::string_view name, service;
};
struct Clinician {
  std::string_view id, family_name, given_name;
};
/// How one sending system bends the standard.
struct Dialect {
  std::string_view application, facility, version, charset, coded_type;
  bool names_structure;  // MSH-9.3
  bool sends_zone;       // MSH-7
  bool trailing_separators;
  bool z_segment;
};

std::span<const std::string_view> family_names();
std::span<const std::string_view> female_names();
std::span<const std::string_view> male_names();
std::span<const std::string_view> streets();
std::span<const City> cities();
std::span<const Panel> panels();
std::span<const Analyte> vital_signs();
std::span<const Coding> diagnoses();
std::span<const Coding> allergens();
std::span<const Coding> vaccines();
std::span<const Coding> procedures();
std::span<const Coding> document_types();
std::span<const Drug> drugs();
std::span<const Ward> wards();
std::span<const Clinician> clinicians();
std::span<const std::string_view> report_sentences();

extern const Dialect admission_system, laboratory_system, radiology_system, pharmacy_system,
    scheduling_system, billing_system, document_system, immunization_system;

}  // namespace hl7flow::synthetic
