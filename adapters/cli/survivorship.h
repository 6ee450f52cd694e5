#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/error.h>

// Of several records of one person: whose value is the person's.
namespace hl7flow::cli {

enum class SurvivorRule : std::uint8_t {
  most_frequent,  // what most records say
  longest,        // what is written with the most characters
  first,          // what the first record says that says something
  newest,         // what was said last
  source,         // what the most trusted source says; of several such, what most of them say
};
std::string_view name(SurvivorRule rule) noexcept;

/// What one record says of a field.
struct SurvivorCandidate {
  std::string_view value;  // equal for those that say the same
  std::size_t length;      // in characters, as it was written
  std::int64_t at;         // when it was said; the least number if nobody knows
  std::size_t source;      // its place among the sources, the most trusted first
};
/// Which of the candidates survives, of which there is at least one. Of equals the one that comes
/// first.
std::size_t survivor_of(SurvivorRule rule, std::span<const SurvivorCandidate> candidates);

/// UTF-8 text in characters.
std::size_t characters_of(std::string_view text) noexcept;

/// Which rule is for which field.
class Survivorship {
 public:
  /// `texts` are RULE, for all fields that have none of their own, or FIELD=RULE. Failures: usage
  /// for a rule or a field that is not known, and for one that is named twice.
  static Result<Survivorship, Failure> read(const std::vector<std::string>& texts,
                                            const std::vector<std::string>& fields,
                                            SurvivorRule usual);

  SurvivorRule rule_of(std::size_t field) const { return rules_[field]; }
  bool uses(SurvivorRule rule) const;
  /// As JSON: {"name": "newest", …}.
  std::string json() const;

 private:
  std::vector<std::string> fields_;
  std::vector<SurvivorRule> rules_;
};

/// --survivorship, into `texts`.
void add_survivorship_option(CLI::App& command, std::vector<std::string>& texts,
                             const std::string& help);

}  // namespace hl7flow::cli
