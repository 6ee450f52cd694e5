#pragma once

#include <array>
#include <cstdint>
#include <string_view>

// What a code of a known system must look like, and the one form under which a store keeps it.
// Pure, thread-safe, no allocation.
namespace hl7flow::codes {

/// Systems whose codes have a form of their own. The form follows from the system's canonical name.
enum class Family : std::uint8_t {
  none,
  loinc,
  icd10cm,  // ICD-10-CM, and ICD-10 of the WHO: a letter, a digit, then a point
  icd10pcs,
  icd9,  // diagnoses: the point stands behind three digits, or behind four characters for E
  icd9_procedure,
  rxnorm,
  ndc,
  snomed,
  cvx,
  mvx,
  cpt,
  hcpcs,
};
/// By the canonical name of a system: "ICD-10-CM".
Family family_of(std::string_view system) noexcept;

/// A code brought to its system's own form; holds up to 24 bytes, longer codes are left as they
/// are.
class CodeText {
 public:
  std::string_view view() const noexcept { return {bytes_.data(), size_}; }
  void push(char c) noexcept {
    if (size_ < bytes_.size()) bytes_[size_++] = c;
  }

 private:
  std::array<char, 24> bytes_{};
  std::uint8_t size_ = 0;
};

/// The form under which stores keep codes of the family: "e119 " becomes "E11.9", "00002-7510-01"
/// becomes "00002751001" (11 digits, as HIPAA has them; a 12-digit NDC of 2033 whose labeler begins
/// with 0 becomes that too). False if the text can have no such form; then `out` is not to be used.
/// A hyphenless NDC of ten digits is ambiguous, and left to ndc_candidates().
bool normal_form(Family family, std::string_view text, CodeText& out) noexcept;

/// The up to three 11-digit forms that ten digits without hyphens may stand for (4-4-2, 5-3-2,
/// 5-4-1); how many. A directory decides.
std::size_t ndc_candidates(std::string_view ten_digits, std::array<CodeText, 3>& out) noexcept;

enum class Form : std::uint8_t { good, bad_form, bad_check_digit };
/// Judges a code in its normal form. Families without a rule are always good.
Form check_form(Family family, std::string_view code) noexcept;

}  // namespace hl7flow::codes
