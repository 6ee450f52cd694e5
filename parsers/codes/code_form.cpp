#include <hl7flow/parsers/codes/code_form.h>

#include <algorithm>

#include <hl7flow/parsers/codes/check_digits.h>

namespace hl7flow::codes {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Upper case without points, then a point behind `before_point` characters if more follow.
bool with_point(std::string_view text, std::size_t before_point, CodeText& out) {
  if (text.front() == '.') return false;
  std::size_t count = 0;
  for (char const c : text) {
    if (c == '.') continue;
    if (count++ == before_point) out.push('.');
    out.push(to_upper(c));
  }
  return count > 0 && count < 20;
}

bool normal_ndc(std::string_view text, CodeText& out) {
  std::array<std::string_view, 3> parts;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t const end = std::min(text.find('-', begin), text.size());
    if (count == parts.size()) return false;
    parts[count++] = text.substr(begin, end - begin);
    begin = end + 1;
  }
  if (count == 1) {
    std::string_view digits = parts[0];
    // The form of 2033 has six digits of labeler; today's labelers have a 0 before theirs.
    if (digits.size() == 12 && digits[0] == '0') digits.remove_prefix(1);
    if ((digits.size() != 11 && digits.size() != 12) || !all_digits(digits)) return false;
    for (char const c : digits) out.push(c);
    return true;
  }
  if (count != 3) return false;
  constexpr std::array<std::size_t, 3> widths = {5, 4, 2};
  // Some senders fill the missing digit with an asterisk: "*1234-5678-90".
  for (std::string_view& part : parts)
    if (part.starts_with('*')) part.remove_prefix(1);
  if (parts[0].size() == 6 && parts[0][0] == '0') parts[0].remove_prefix(1);
  for (std::size_t k = 0; k < 3; ++k) {
    std::size_t const most = k == 0 ? 6 : widths[k];
    if (!all_digits(parts[k]) || parts[k].size() > most || parts[k].size() + 1 < widths[k])
      return false;
    for (std::size_t zeros = parts[k].size(); zeros < widths[k]; ++zeros) out.push('0');
    for (char const c : parts[k]) out.push(c);
  }
  return true;
}

bool is_icd10cm(std::string_view code) {
  if (code.size() < 3 || code.size() > 8 || !is_upper(code[0]) || !is_digit(code[1])) return false;
  auto const is_part = [](char c) { return is_digit(c) || is_upper(c); };
  if (!is_part(code[2])) return false;
  return code.size() == 3 ||
         (code.size() > 4 && code[3] == '.' && std::all_of(code.begin() + 4, code.end(), is_part));
}

bool is_icd9(std::string_view code) {
  std::size_t const root = code.empty() || code[0] != 'E' ? 3 : 4;
  if (code.size() < root) return false;
  bool const good_first = is_digit(code[0]) || code[0] == 'E' || code[0] == 'V';
  if (!good_first || !all_digits(code.substr(1, root - 1))) return false;
  std::string_view const rest = code.substr(root);
  return rest.empty() ||
         (rest.size() >= 2 && rest.size() <= 3 && rest[0] == '.' && all_digits(rest.substr(1)));
}

bool is_pcs(std::string_view code) {
  return code.size() == 7 && std::all_of(code.begin(), code.end(), [](char c) {
           return is_digit(c) || (is_upper(c) && c != 'I' && c != 'O');
         });
}

}  // namespace

Family family_of(std::string_view system) noexcept {
  struct Row {
    std::string_view system;
    Family family;
  };
  constexpr Row rows[] = {{"LOINC", Family::loinc},    {"ICD-10-CM", Family::icd10cm},
                          {"ICD-10", Family::icd10cm}, {"ICD-10-PCS", Family::icd10pcs},
                          {"ICD-9-CM", Family::icd9},  {"ICD-9-PCS", Family::icd9_procedure},
                          {"RXNORM", Family::rxnorm},  {"NDC", Family::ndc},
                          {"SNOMED", Family::snomed},  {"CVX", Family::cvx},
                          {"MVX", Family::mvx},        {"CPT", Family::cpt},
                          {"HCPCS", Family::hcpcs}};
  for (Row const& row : rows)
    if (row.system == system) return row.family;
  return Family::none;
}

bool normal_form(Family family, std::string_view text, CodeText& out) noexcept {
  out = {};
  text = trimmed(text);
  // No code of a known system is longer, or has a blank inside.
  constexpr std::size_t size_max = 20;
  if (text.empty() || text.size() > size_max) return false;
  if (family != Family::none && text.find(' ') != std::string_view::npos) return false;
  switch (family) {
    case Family::icd10cm:
      return with_point(text, 3, out);
    case Family::icd9:
      return with_point(text, to_upper(text[0]) == 'E' ? 4 : 3, out);
    case Family::icd9_procedure:
      return with_point(text, 2, out);
    case Family::ndc:
      return normal_ndc(text, out);
    case Family::cvx: {
      // Two digits at least: senders write 3 for 03, and 003.
      while (text.size() > 2 && text[0] == '0') text.remove_prefix(1);
      if (text.size() == 1) out.push('0');
      for (char const c : text) out.push(c);
      return true;
    }
    case Family::loinc:
    case Family::rxnorm:
    case Family::snomed:
      while (text.size() > 1 && text[0] == '0') text.remove_prefix(1);
      for (char const c : text) out.push(c);
      return true;
    case Family::icd10pcs:
    case Family::mvx:
    case Family::cpt:
    case Family::hcpcs:
      for (char const c : text) out.push(to_upper(c));
      return true;
    case Family::none:
      break;
  }
  for (char const c : text) out.push(c);
  return true;
}

std::size_t ndc_candidates(std::string_view ten_digits, std::array<CodeText, 3>& out) noexcept {
  if (ten_digits.size() != 10 || !all_digits(ten_digits)) return 0;
  constexpr std::size_t zero_before[] = {0, 5, 9};
  for (std::size_t k = 0; k < 3; ++k) {
    out[k] = {};
    for (std::size_t c = 0; c < ten_digits.size(); ++c) {
      if (c == zero_before[k]) out[k].push('0');
      out[k].push(ten_digits[c]);
    }
  }
  return 3;
}

Form check_form(Family family, std::string_view code) noexcept {
  auto const good_if = [](bool good) { return good ? Form::good : Form::bad_form; };
  switch (family) {
    case Family::loinc: {
      std::size_t const hyphen = code.find('-');
      if (code.size() < 3 || hyphen != code.size() - 2 || !all_digits(code.substr(0, hyphen)) ||
          !is_digit(code.back()))
        return Form::bad_form;
      return has_loinc_check_digit(code) ? Form::good : Form::bad_check_digit;
    }
    case Family::snomed:
      if (!all_digits(code) || code.size() < 6 || code.size() > 18) return Form::bad_form;
      return has_verhoeff_check_digit(code) ? Form::good : Form::bad_check_digit;
    case Family::icd10cm:
      return good_if(is_icd10cm(code));
    case Family::icd10pcs:
      return good_if(is_pcs(code));
    case Family::icd9:
      return good_if(is_icd9(code));
    case Family::icd9_procedure:
      return good_if((code.size() == 2 || (code.size() >= 4 && code.size() <= 5 && code[2] == '.' &&
                                           all_digits(code.substr(3)))) &&
                     all_digits(code.substr(0, 2)));
    case Family::rxnorm:
      return good_if(all_digits(code) && code.size() <= 8);
    case Family::ndc:
      return good_if((code.size() == 11 || code.size() == 12) && all_digits(code));
    case Family::cvx:
      return good_if(all_digits(code) && code.size() <= 3);
    case Family::mvx:
      return good_if(code.size() >= 2 && code.size() <= 4);
    case Family::cpt:
      // Four digits, then a digit or F, T, U, A: categories II and III, laboratory analyses.
      return good_if(code.size() == 5 && all_digits(code.substr(0, 4)) &&
                     (is_digit(code[4]) || code[4] == 'F' || code[4] == 'T' || code[4] == 'U' ||
                      code[4] == 'A' || code[4] == 'M'));
    case Family::hcpcs:
      return good_if(code.size() == 5 && is_upper(code[0]) && all_digits(code.substr(1)));
    case Family::none:
      break;
  }
  return Form::good;
}

}  // namespace hl7flow::codes
