#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/ucum/unit.h>

namespace hl7flow::ucum {

/// A prefix, base unit or unit as a table of units defines it.
struct Definition {
  enum class Kind : std::uint8_t { prefix, base, unit } kind = Kind::unit;
  std::string code;
  std::string name;
  bool metric = false;  // may have a prefix
  bool arbitrary = false;
  double value = 1;      // of the prefix; how many `unit` it is
  std::string unit;      // an expression; empty for prefixes and base units
  std::string function;  // of a special unit, in UCUM's words: "Cel", "lgTimes2"
};

/// All units that expressions may be made of. Immutable once made; thread-safe.
class UnitTable {
 public:
  /// Works out every definition. Failures: bad_store, for one that is defined twice, by nothing
  /// that is known, by itself, or by a function that is not known.
  static Result<UnitTable, Failure> make(const std::vector<Definition>& definitions);

  /// The meaning of an expression in case-sensitive UCUM. Errors: bad_value, with the offset of
  /// what does not fit. No allocation.
  Result<Unit> parse(std::string_view expression) const;

  /// An atom or a prefix with an atom, without operators and exponents.
  const Unit* find_atom(std::string_view code) const noexcept;
  /// "g.m-3": the base units of a unit, "1" if it has none.
  std::string canonical(const Unit& unit) const;
  std::size_t size() const noexcept { return atoms_.size(); }

 private:
  friend class UnitParser;
  struct Atom {
    std::string code, name;
    Unit unit;
    bool metric = false;
  };
  struct Prefix {
    std::string code, name;
    double value = 1;
  };
  /// An atom with its prefix; atom is null if there is none of that code.
  struct Symbol {
    const Atom* atom = nullptr;
    const Prefix* prefix = nullptr;
  };
  Symbol find(std::string_view code) const noexcept;

  std::map<std::string, Atom, std::less<>> atoms_;
  std::vector<Prefix> prefixes_;
  std::vector<std::string> arbitrary_;  // codes, from number 1
};

/// The units that clinical feeds use, from facts of metrology; UCUM's own table, which is licensed,
/// has more: `hl7flow codes build --ucum ucum-essence.xml`. Made at the first call.
const UnitTable& builtin_units();

/// Reads the text form of definitions, a line each: kind, code, flags, value, unit, function, name,
/// parted by tabs. Failures: bad_store with the line.
Result<std::vector<Definition>, Failure> read_definitions(std::string_view text);
std::string write_definitions(const std::vector<Definition>& definitions);

}  // namespace hl7flow::ucum
