#include <hl7flow/parsers/ucum/unit_spelling.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hl7flow::ucum {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// Whole texts, in lower case without blanks. Those that are UCUM too, but mean something else
/// there, are here because senders never mean that.
constexpr Pair whole_texts[] = {
    {"k/ul", "10*3/uL"},
    {"k/mm3", "10*3/mm3"},
    {"k/cumm", "10*3/mm3"},
    {"k/mcl", "10*3/uL"},
    {"m/ul", "10*6/uL"},
    {"m/mm3", "10*6/mm3"},
    {"m/cumm", "10*6/mm3"},
    {"m/mcl", "10*6/uL"},
    {"c", "Cel"},
    {"f", "[degF]"},
    {"bpm", "/min"},
    {"beats/min", "/min"},
    {"beats/minute", "/min"},
    {"breaths/min", "/min"},
    {"breaths/minute", "/min"},
    {"mm/hr", "mm/h"},
    {"ratio", "{ratio}"},
    {"index", "{index}"},
    {"titer", "{titer}"},
    {"score", "{score}"},
    {"inr", "{INR}"},
    {"copies/ml", "{copies}/mL"},
    {"cfu/ml", "[CFU]/mL"},
    {"ml/min/1.73m2", "mL/min/{1.73_m2}"},
    {"ml/min/1.73m^2", "mL/min/{1.73_m2}"},
    {"ml/min/1.73sqm", "mL/min/{1.73_m2}"},
    {"ml/min/bsa", "mL/min/{1.73_m2}"},
    {"mg/gcreat", "mg/g{creat}"},
    {"mg/gcr", "mg/g{creat}"},
    {"mcg/mgcreat", "ug/mg{creat}"},
    {"%ofwbc", "%"},
    {"phunits", "[pH]"},
    {"ph", "[pH]"},
};

/// Parts between slashes, in lower case without blanks.
constexpr Pair part_texts[] = {
    {"thou", "10*3"},
    {"thousand", "10*3"},
    {"x10e3", "10*3"},
    {"x10^3", "10*3"},
    {"10^3", "10*3"},
    {"10e3", "10*3"},
    {"x10*3", "10*3"},
    {"10x3", "10*3"},
    {"x103", "10*3"},
    {"x10(3)", "10*3"},
    {"1000", "10*3"},
    {"10**3", "10*3"},
    {"mil", "10*6"},
    {"million", "10*6"},
    {"x10e6", "10*6"},
    {"x10^6", "10*6"},
    {"10^6", "10*6"},
    {"10e6", "10*6"},
    {"x10*6", "10*6"},
    {"10x6", "10*6"},
    {"x106", "10*6"},
    {"x10(6)", "10*6"},
    {"10**6", "10*6"},
    {"x10e9", "10*9"},
    {"x10^9", "10*9"},
    {"10^9", "10*9"},
    {"10e9", "10*9"},
    {"x10*9", "10*9"},
    {"x10e12", "10*12"},
    {"x10^12", "10*12"},
    {"10^12", "10*12"},
    {"10e12", "10*12"},
    {"cells", "{cells}"},
    {"cell", "{cells}"},
    {"#", "{#}"},
    {"count", "{count}"},
    {"copies", "{copies}"},
    {"iu", "[iU]"},
    {"i.u.", "[iU]"},
    {"miu", "m[iU]"},
    {"uiu", "u[iU]"},
    {"mciu", "u[iU]"},
    {"kiu", "k[iU]"},
    {"u", "U"},
    {"mu", "mU"},
    {"uu", "uU"},
    {"ku", "kU"},
    {"unit", "U"},
    {"units", "U"},
    {"mcg", "ug"},
    {"mcl", "uL"},
    {"mcmol", "umol"},
    {"cumm", "mm3"},
    {"cmm", "mm3"},
    {"mm^3", "mm3"},
    {"mm3", "mm3"},
    {"hr", "h"},
    {"hrs", "h"},
    {"hour", "h"},
    {"hours", "h"},
    {"h", "h"},
    {"sec", "s"},
    {"secs", "s"},
    {"second", "s"},
    {"seconds", "s"},
    {"s", "s"},
    {"msec", "ms"},
    {"ms", "ms"},
    {"min", "min"},
    {"mins", "min"},
    {"minute", "min"},
    {"minutes", "min"},
    {"d", "d"},
    {"day", "d"},
    {"days", "d"},
    {"24h", "(24.h)"},
    {"24hr", "(24.h)"},
    {"24hrs", "(24.h)"},
    {"wk", "wk"},
    {"week", "wk"},
    {"weeks", "wk"},
    {"mo", "mo"},
    {"month", "mo"},
    {"months", "mo"},
    {"yr", "a"},
    {"yrs", "a"},
    {"year", "a"},
    {"years", "a"},
    {"meq", "meq"},
    {"ueq", "ueq"},
    {"eq", "eq"},
    {"mosm", "mosm"},
    {"mosmol", "mosm"},
    {"osm", "osm"},
    {"mmhg", "mm[Hg]"},
    {"cmh2o", "cm[H2O]"},
    {"cmh20", "cm[H2O]"},
    {"degf", "[degF]"},
    {"degreesf", "[degF]"},
    {"degc", "Cel"},
    {"degreesc", "Cel"},
    {"cel", "Cel"},
    {"celsius", "Cel"},
    {"fahrenheit", "[degF]"},
    {"pct", "%"},
    {"percent", "%"},
    {"hpf", "[HPF]"},
    {"/hpf", "/[HPF]"},
    {"lpf", "[LPF]"},
    {"gm", "g"},
    {"gms", "g"},
    {"gram", "g"},
    {"grams", "g"},
    {"kgs", "kg"},
    {"lb", "[lb_av]"},
    {"lbs", "[lb_av]"},
    {"pounds", "[lb_av]"},
    {"oz", "[oz_av]"},
    {"in", "[in_i]"},
    {"inch", "[in_i]"},
    {"inches", "[in_i]"},
    {"ft", "[ft_i]"},
    {"feet", "[ft_i]"},
    {"m2", "m2"},
    {"m^2", "m2"},
    {"sqm", "m2"},
    {"kg", "kg"},
    {"g", "g"},
    {"mg", "mg"},
    {"ug", "ug"},
    {"ng", "ng"},
    {"pg", "pg"},
    {"fg", "fg"},
    {"l", "L"},
    {"dl", "dL"},
    {"ml", "mL"},
    {"ul", "uL"},
    {"nl", "nL"},
    {"fl", "fL"},
    {"cc", "mL"},
    {"liter", "L"},
    {"liters", "L"},
    {"mol", "mol"},
    {"mmol", "mmol"},
    {"umol", "umol"},
    {"nmol", "nmol"},
    {"pmol", "pmol"},
    {"cm", "cm"},
    {"mm", "mm"},
    {"um", "um"},
    {"m", "m"},
    {"%", "%"},
    {"kpa", "kPa"},
    {"mpa", "MPa"},
    {"ppm", "[ppm]"},
    {"ppb", "[ppb]"},
    {"cfu", "[CFU]"},
    {"pfu", "[PFU]"},
    {"mets", "[MET]"},
    {"kcal", "kcal"},
    {"ukat", "ukat"},
    {"nkat", "nkat"},
    {"tab", "{tbl}"},
    {"tablet", "{tbl}"},
};

template <std::size_t count>
std::string_view find(const Pair (&table)[count], std::string_view text) {
  for (Pair const& row : table)
    if (row.first == text) return row.second;
  return {};
}

/// Lower case, without blanks; the two Unicode signs for micro as u, the degree sign dropped.
std::string folded(std::string_view text) {
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    std::string_view const rest = text.substr(k);
    if (rest.starts_with("\xc2\xb5") || rest.starts_with("\xce\xbc")) {
      out += 'u';
      ++k;
    } else if (rest.starts_with("\xc2\xb0")) {
      out += "deg";
      ++k;
    } else if (text[k] != ' ') {
      out += text[k] >= 'A' && text[k] <= 'Z' ? static_cast<char>(text[k] + 32) : text[k];
    }
  }
  return out;
}

/// The text with each part between slashes in UCUM; empty if a part is not known.
std::string part_by_part(std::string_view text) {
  std::string out;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t const end = std::min(text.find('/', begin), text.size());
    std::string_view const part = text.substr(begin, end - begin);
    if (begin > 0) out += '/';
    if (!part.empty()) {
      std::string_view const known = find(part_texts, part);
      if (known.empty()) return {};
      out += known;
    } else if (begin > 0) {
      return {};
    }
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string_view name(Spelling spelling) noexcept {
  constexpr std::array<std::string_view, 3> names = {"unknown_unit", "exact", "local_spelling"};
  return names[static_cast<std::size_t>(spelling)];
}

ReadUnit read_unit(const UnitTable& table, std::string_view text, bool declared_ucum) {
  constexpr std::size_t size_max = 64;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  ReadUnit read;
  if (text.empty() || text.size() > size_max) return read;
  std::string const plain = folded(text);
  std::string_view const whole = find(whole_texts, plain);
  if (whole.empty() || declared_ucum) {
    if (auto const unit = table.parse(text)) {
      read.spelling = Spelling::exact;
      read.code = text;
      read.unit = *unit;
      return read;
    }
  }
  std::string const code = whole.empty() ? part_by_part(plain) : std::string(whole);
  auto const unit = table.parse(code);
  if (!unit) return read;
  read.spelling = Spelling::local;
  read.code = code;
  read.unit = *unit;
  return read;
}

}  // namespace hl7flow::ucum
