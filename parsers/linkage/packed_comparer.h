#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/linkage/comparer.h>
#include <hl7flow/parsers/linkage/packed_person.h>

namespace hl7flow::linkage {

/// What packed persons are compared by. Levels are those of Comparer: 0 missing, 1 different.
enum class Aspect : std::uint8_t {
  given_name,
  family_name,
  names_swapped,
  birth_date,
  sex,
  address,
  city,
  postcode,
  phone,
  email,
  identifier,
};
inline constexpr std::size_t aspect_count = 11;
using AspectLevels = std::array<Level, aspect_count>;
std::string_view name(Aspect aspect) noexcept;
Level top_of(Aspect aspect) noexcept;
/// False for levels that no comparison gives: of some aspects there are 1 and the top alone.
bool has_level(Aspect aspect, Level level) noexcept;

/// Why a pair is left to a person to decide, however likely the numbers make it.
enum class Caution : std::uint8_t {
  none,
  twins,        // family name, birth date and home are the same, and the given name is another; or
                // it is only alike, and sex or identifier is another
  newborn,      // one has no name yet: it may be a twin
  generations,  // the same name and home, born many years apart: father and son
  suffix,       // junior and senior
};
std::string_view name(Caution caution) noexcept;

/// log2(m / u) of each level, and the prior odds of any two records, in bits. Weights that know
/// households have the same of two who live together, as in LinkageModel: a pair is weighed against
/// them too, and of what is an address only what says most against a pair counts.
struct AspectWeights {
  std::array<std::array<float, level_max + 1>, aspect_count> bits{};
  float prior = 0;
  bool knows_households = false;
  std::array<std::array<float, level_max + 1>, aspect_count> household{};
  float household_prior = 0;
  friend bool operator==(const AspectWeights&, const AspectWeights&) = default;
};
/// Weights for where none were learned, from how often people of a large population agree by chance
/// and how often records of one person are in error, as a rule. Not fitted to any list.
AspectWeights default_weights() noexcept;
/// What those are made of: how probable a level is for records of one person, and of two.
struct LevelShares {
  double m, u;
};
LevelShares default_shares(Aspect aspect, Level level) noexcept;

/// A pair with a caution has no more bits than this: one in three.
inline constexpr float caution_bits = -1;

/// The same either way round.
AspectLevels compare(const PackedPerson& one, const PackedPerson& other) noexcept;
/// What speaks for two persons, and whether it does: an identifier that agrees outweighs it.
Caution suspicion(const PackedPerson& a, const PackedPerson& b,
                  const AspectLevels& levels) noexcept;
Caution caution(const PackedPerson& a, const PackedPerson& b, const AspectLevels& levels) noexcept;
/// False if there is no suspicion, whatever the levels: before they are worked out.
bool may_be_suspicious(const PackedPerson& a, const PackedPerson& b) noexcept;
/// What each aspect adds to a score, and what the score loses because the two may be of one
/// household.
std::array<float, aspect_count> bits_of(const AspectWeights& weights,
                                        const AspectLevels& levels) noexcept;
float household_bits(const AspectWeights& weights, const AspectLevels& levels) noexcept;
/// log2 of the odds that both are one person.
float score(const AspectWeights& weights, const PackedPerson& a, const PackedPerson& b) noexcept;

}  // namespace hl7flow::linkage
