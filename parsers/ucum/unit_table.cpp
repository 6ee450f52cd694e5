#include <hl7flow/parsers/ucum/unit_table.h>

#include <charconv>
#include <cmath>
#include <set>

#include <hl7flow/parsers/ucum/unit_parser.h>

namespace hl7flow::ucum {

extern const std::string_view builtin_units_tsv;  // generated from builtin_units.tsv

namespace {

struct Function {
  std::string_view name;
  Scale scale;
};
constexpr Function functions[] = {{"Cel", Scale::celsius},
                                  {"degF", Scale::fahrenheit},
                                  {"degRe", Scale::reaumur},
                                  {"pH", Scale::negative_lg},
                                  {"hpX", Scale::negative_lg},
                                  {"hpC", Scale::negative_log_100},
                                  {"hpM", Scale::negative_log_1000},
                                  {"hpQ", Scale::negative_log_50000},
                                  {"ln", Scale::ln},
                                  {"lg", Scale::lg},
                                  {"lgTimes2", Scale::lg_times_2},
                                  {"ld", Scale::ld},
                                  {"tanTimes100", Scale::tan_times_100},
                                  {"100tan", Scale::tan_times_100},
                                  {"sqrt", Scale::square_root}};

std::optional<Scale> scale_of(std::string_view function) {
  if (function.empty()) return Scale::ratio;
  for (Function const& one : functions)
    if (one.name == function) return one.scale;
  return std::nullopt;
}

}  // namespace

Result<UnitTable, Failure> UnitTable::make(const std::vector<Definition>& definitions) {
  UnitTable table;
  std::vector<const Definition*> waiting;
  std::set<std::string_view> known;
  std::size_t base_count = 0;
  for (Definition const& one : definitions) {
    bool const is_prefix = one.kind == Definition::Kind::prefix;
    if (one.code.empty() || (!is_prefix && !known.insert(one.code).second))
      return fail(ErrorCode::bad_store, "the unit \"" + one.code + "\" is defined twice");
    if (is_prefix) {
      table.prefixes_.push_back({one.code, one.name, one.value});
    } else if (one.kind == Definition::Kind::base) {
      if (base_count == Dimension{}.size())
        return fail(ErrorCode::bad_store, "there are more than seven base units");
      Atom atom{one.code, one.name, {}, one.metric};
      atom.unit.dimension[base_count++] = 1;
      table.atoms_.emplace(one.code, std::move(atom));
    } else {
      waiting.push_back(&one);
    }
  }
  // A definition may name units that are defined later: each round defines what it can.
  for (bool progress = true; progress && !waiting.empty();) {
    progress = false;
    std::vector<const Definition*> still;
    for (const Definition* one : waiting) {
      auto const scale = scale_of(one->function);
      if (!scale)
        return fail(ErrorCode::bad_store,
                    "the unit \"" + one->code + "\" has the unknown function " + one->function);
      auto const meant = table.parse(one->unit);
      if (!meant || meant->scale != Scale::ratio) {
        still.push_back(one);
        continue;
      }
      Atom atom{one->code, one->name, *meant, one->metric};
      atom.unit.magnitude *= one->value;
      atom.unit.scale = *scale;
      // atan() gives radians, whatever unit the definition has the angle in.
      if (*scale == Scale::tan_times_100) atom.unit.magnitude = 1;
      // [IU] is another spelling of [iU], not a unit of its own.
      if (one->arbitrary && meant->arbitrary[0] == 0) {
        table.arbitrary_.push_back(one->code);
        atom.unit = {};
        atom.unit.arbitrary[0] = static_cast<std::uint16_t>(table.arbitrary_.size());
        atom.unit.arbitrary_exponent[0] = 1;
      }
      table.atoms_.emplace(one->code, std::move(atom));
      progress = true;
    }
    waiting = std::move(still);
  }
  if (!waiting.empty())
    return fail(ErrorCode::bad_store, "the unit \"" + waiting.front()->code +
                                          "\" is defined by \"" + waiting.front()->unit +
                                          "\", which is not known or leads back to it");
  return table;
}

UnitTable::Symbol UnitTable::find(std::string_view code) const noexcept {
  auto const exact = atoms_.find(code);
  if (exact != atoms_.end()) return {&exact->second, nullptr};
  for (Prefix const& prefix : prefixes_) {
    if (code.size() <= prefix.code.size() || !code.starts_with(prefix.code)) continue;
    auto const rest = atoms_.find(code.substr(prefix.code.size()));
    if (rest != atoms_.end() && rest->second.metric) return {&rest->second, &prefix};
  }
  return {};
}

const Unit* UnitTable::find_atom(std::string_view code) const noexcept {
  auto const found = atoms_.find(code);
  return found == atoms_.end() ? nullptr : &found->second.unit;
}

Result<Unit> UnitTable::parse(std::string_view expression) const {
  return UnitParser(*this, expression).parse();
}

std::string UnitTable::canonical(const Unit& unit) const {
  constexpr std::string_view base[] = {"m", "s", "g", "rad", "K", "C", "cd"};
  std::string text;
  auto const add = [&](std::string_view code, int exponent) {
    if (exponent == 0) return;
    if (!text.empty()) text += '.';
    text += code;
    if (exponent != 1) text += std::to_string(exponent);
  };
  for (std::size_t k = 0; k < unit.dimension.size(); ++k) add(base[k], unit.dimension[k]);
  for (std::size_t k = 0; k < unit.arbitrary.size(); ++k)
    if (unit.arbitrary[k] != 0) add(arbitrary_[unit.arbitrary[k] - 1u], unit.arbitrary_exponent[k]);
  return text.empty() ? "1" : text;
}

const UnitTable& builtin_units() {
  static UnitTable const table = [] {
    auto const definitions = read_definitions(builtin_units_tsv);
    auto made = definitions ? UnitTable::make(*definitions)
                            : Result<UnitTable, Failure>(tl::unexpected(definitions.error()));
    // The file is part of the program, and a test reads it.
    return made ? std::move(*made) : UnitTable();
  }();
  return table;
}

Result<std::vector<Definition>, Failure> read_definitions(std::string_view text) {
  std::vector<Definition> definitions;
  for (std::size_t line = 1; !text.empty(); ++line) {
    std::size_t const end = std::min(text.find('\n'), text.size());
    std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (row.empty() || row.front() == '#') continue;
    std::array<std::string_view, 7> cells;
    std::size_t count = 0;
    for (bool more = true; more && count < cells.size(); ++count) {
      std::size_t const tab = std::min(row.find('\t'), row.size());
      cells[count] = row.substr(0, tab);
      more = tab < row.size();
      row.remove_prefix(std::min(tab + 1, row.size()));
    }
    Definition one;
    auto const [stop, error] =
        std::from_chars(cells[3].data(), cells[3].data() + cells[3].size(), one.value);
    bool const good_value = error == std::errc{} && stop == cells[3].data() + cells[3].size() &&
                            std::isfinite(one.value);
    bool const good_kind = cells[0] == "prefix" || cells[0] == "base" || cells[0] == "unit";
    if (count != cells.size() || !good_kind || !good_value || cells[1].empty())
      return fail(ErrorCode::bad_store,
                  "line " + std::to_string(line) + " of the units is no definition");
    one.kind = cells[0] == "prefix" ? Definition::Kind::prefix
               : cells[0] == "base" ? Definition::Kind::base
                                    : Definition::Kind::unit;
    one.code = cells[1];
    one.metric = cells[2].find('m') != std::string_view::npos;
    one.arbitrary = cells[2].find('a') != std::string_view::npos;
    one.unit = cells[4];
    one.function = cells[5];
    one.name = cells[6];
    definitions.push_back(std::move(one));
  }
  return definitions;
}

std::string write_definitions(const std::vector<Definition>& definitions) {
  std::string text;
  for (Definition const& one : definitions) {
    char value[32];
    auto const end = std::to_chars(value, value + sizeof value, one.value).ptr;
    text += one.kind == Definition::Kind::prefix ? "prefix"
            : one.kind == Definition::Kind::base ? "base"
                                                 : "unit";
    for (std::string_view const cell :
         {std::string_view(one.code),
          one.metric ? (one.arbitrary ? std::string_view("ma") : std::string_view("m"))
                     : (one.arbitrary ? std::string_view("a") : std::string_view()),
          std::string_view(value, static_cast<std::size_t>(end - value)),
          std::string_view(one.unit), std::string_view(one.function), std::string_view(one.name)})
      text.append("\t").append(cell);
    text += '\n';
  }
  return text;
}

}  // namespace hl7flow::ucum
