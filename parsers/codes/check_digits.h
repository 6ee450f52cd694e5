#pragma once

#include <string_view>

// Check digits of code systems. All functions are pure; text that is not made of the characters a
// scheme uses has no valid check digit. Thread-safe, no allocation.
namespace hl7flow::codes {

/// LOINC "2345-7": digits, a hyphen and a mod 10 digit (LOINC Users' Guide, appendix on check
/// digits). Fourteen deprecated codes were issued with a wrong digit and are accepted
/// (forum.loinc.org, topic 1302).
bool has_loinc_check_digit(std::string_view code) noexcept;

/// A SNOMED CT identifier of 6 to 18 digits, by Verhoeff's dihedral check (SNOMED CT Release File
/// Specifications, "Check-digit computation").
bool has_verhoeff_check_digit(std::string_view digits) noexcept;

/// A National Provider Identifier: ten digits, Luhn over them behind the prefix 80840 (45 CFR
/// 162.406).
bool has_npi_check_digit(std::string_view digits) noexcept;

}  // namespace hl7flow::codes
