#include <hl7flow/stages/map_codes/triplets.h>

#include <array>
#include <utility>
#include <vector>

#include <hl7flow/parsers/escape.h>

namespace hl7flow::stages {

namespace {

constexpr std::array<std::size_t, 3> first_component = {0, 3, 9};  // of each triplet

/// The components of a value, as sent.
std::vector<std::string> components_of(const FieldView& value) {
  std::vector<std::string> parts;
  std::size_t const count = value.component_count();
  for (std::size_t k = 1; k <= count; ++k) parts.emplace_back(value.component(k).raw());
  return parts;
}

bool is_free(const std::vector<std::string>& parts, std::size_t triplet) {
  for (std::size_t k = first_component[triplet]; k < first_component[triplet] + 3; ++k)
    if (k < parts.size() && !parts[k].empty()) return false;
  return true;
}

void move_triplet(std::vector<std::string>& parts, std::size_t from, std::size_t to) {
  for (std::size_t k = 0; k < 3; ++k)
    std::swap(parts[first_component[from] + k], parts[first_component[to] + k]);
  // The versions of the two code systems, CWE-7 and CWE-8, go with their triplets.
  if (from + to == 1) std::swap(parts[6], parts[7]);
}

}  // namespace

std::string_view hl7_name_of_system(std::string_view system) noexcept {
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"LOINC", "LN"},       {"SNOMED", "SCT"},     {"ICD-10-CM", "I10C"}, {"ICD-10-PCS", "I10P"},
      {"ICD-9-CM", "I9CDX"}, {"ICD-9-PCS", "I9CP"}, {"CPT", "C4"},         {"ICD-10-WHO", "I10"}};
  for (auto const& [name, sent] : names)
    if (name == system) return sent;
  return system;
}

bool with_standard_code(const FieldView& value, const Standard& standard,
                        const codes::Answer& answer, Triplet triplet, std::string& out) {
  bool const has_it = answer.how == codes::How::exact;
  if (has_it && (triplet == Triplet::alternate || answer.coding == 0)) return false;
  std::vector<std::string> parts = components_of(value);
  constexpr std::size_t components_max = 12;
  parts.resize(std::max(parts.size(), components_max));
  if (has_it) {
    move_triplet(parts, answer.coding, 0);
  } else {
    std::size_t const place = is_free(parts, 1) ? 1 : is_free(parts, 2) ? 2 : 0;
    if (place == 0) return false;
    if (triplet == Triplet::primary) move_triplet(parts, 0, place);
    std::size_t const first = triplet == Triplet::primary ? 0 : first_component[place];
    for (std::size_t k = 0; k < 3; ++k) parts[first + k].clear();
    append_escaped(standard.code, value.delimiters(), parts[first]);
    append_escaped(standard.name, value.delimiters(), parts[first + 1]);
    append_escaped(hl7_name_of_system(standard.system), value.delimiters(), parts[first + 2]);
  }
  while (!parts.empty() && parts.back().empty()) parts.pop_back();
  out.clear();
  for (std::size_t k = 0; k < parts.size(); ++k) {
    if (k > 0) out += value.delimiters().component;
    out += parts[k];
  }
  return true;
}

}  // namespace hl7flow::stages
