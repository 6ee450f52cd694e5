#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <hl7flow/parsers/linkage/person_table.h>

namespace hl7flow::linkage {

/// How alike two records are in one respect: 0 if one of them says nothing, 1 if they differ, more
/// the more they agree.
using Level = std::uint8_t;
inline constexpr std::size_t comparison_max = 16, level_max = 6;
using Pattern = std::array<Level, comparison_max>;

enum class ComparisonKind : std::uint8_t {
  given_name,       // 5 exact; 4 Jaro-Winkler .92, or one edit of a name of four letters or more;
                    // 3 Jaro-Winkler .82; 2 a nickname of the other
  family_name,      // the same, but for 2: Jaro-Winkler .7
  given_name_slip,  // of given names that are alike only: how rare the rarer is; see slip_level()
  names_swapped,    // 2 if given and family name are compared crosswise, 1 if not
  full_name,       // 5, 4: all words of the shorter are in the other, 3 or 2 of them; 3: six of ten
  birth_date,      // 5 exact; 4 one edit; 3 two parts agree; 2 one part
  sex,             // 2 equal
  address_line_1,  // 4 exact; 3, 2: Jaro-Winkler .92, .8; lines may be crossed
  address_line_2,
  postcode,  // 5 exact; 4 one edit; 3 the same outward code or two edits; 2 the same area
  number,    // 4 exact; 3 one edit; 2 two edits
  text,      // 4 exact; 3, 2: Jaro-Winkler .92, .8
  word,      // 2 equal
};

struct Comparison {
  ComparisonKind kind;
  Role role;
  Level top;          // of exact agreement
  bool by_frequency;  // agreement on a rare value says more
  double share = 1;   // of its weight that counts: less for what others say too
};

/// Who bears a parent's name was born at least so many years later.
inline constexpr int generation_years = 14;

/// Whether two given names that are alike are one, written wrongly, or two that many bear: what a
/// slip makes of a name is seldom a name. `rarer` records have the rarer one, of all that have any:
/// 3 those of one person; 2 as many as slips come to; 1 more.
Level slip_level(std::uint32_t rarer, std::uint32_t all) noexcept;
/// Whether given names of that level are alike only.
constexpr bool may_be_slip(Level given_name) noexcept { return given_name == 3 || given_name == 4; }
/// Of what another comparison found, without a value of its own.
constexpr bool is_of_another(ComparisonKind kind) noexcept {
  return kind == ComparisonKind::names_swapped || kind == ComparisonKind::given_name_slip;
}

/// True for the parts of an address.
bool is_of_home(Role role) noexcept;
/// True for what people who live together share.
bool is_of_household(ComparisonKind kind, Role role) noexcept;

/// The comparisons that the columns of a table allow.
std::vector<Comparison> comparisons_for(const PersonTable& table);
std::string_view name(const Comparison& comparison) noexcept;

/// Compares records of a table, which must outlive it. Remembers how alike two values are. One
/// caller's own; any number of them may share a table.
class Comparer {
 public:
  Comparer(const PersonTable& table, std::vector<Comparison> comparisons);
  Pattern compare(std::size_t a, std::size_t b);
  const std::vector<Comparison>& comparisons() const noexcept { return comparisons_; }

  /// How alike two values of a role are. Remembers it.
  Level alike(ComparisonKind kind, Role role, ValueId a, ValueId b);
  /// The levels of given and family name, and whether they are swapped.
  void compare_names(ValueId given_a, ValueId family_a, ValueId given_b, ValueId family_b,
                     Pattern& pattern);
  /// That of a slip, once the names are compared.
  void compare_slip(ValueId given_a, ValueId given_b, Pattern& pattern) const;
  /// Those of two address lines.
  void compare_lines(ValueId first_a, ValueId second_a, ValueId first_b, ValueId second_b,
                     Pattern& pattern);

 private:
  Level work_out(ComparisonKind kind, Role role_a, ValueId a, Role role_b, ValueId b) const;
  Level crossed(ComparisonKind kind, Role role_a, ValueId a, Role role_b, ValueId b);

  struct Known {
    std::uint64_t key = ~std::uint64_t{0};
    std::uint16_t roles = 0;
    Level level = 0;
  };
  static constexpr std::size_t known_count = 1u << 16;

  bool has(ComparisonKind kind) const noexcept;
  Level level(const Pattern& pattern, ComparisonKind kind) const noexcept;

  const PersonTable& table_;
  std::vector<Comparison> comparisons_;
  std::vector<Known> known_;
  std::array<std::uint8_t, 16> place_{};  // of the special kinds in a pattern
};

}  // namespace hl7flow::linkage
