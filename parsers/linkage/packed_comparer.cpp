#include <hl7flow/parsers/linkage/packed_comparer.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include <hl7flow/parsers/linkage/digit_edits.h>
#include <hl7flow/parsers/linkage/name_suffix.h>

namespace hl7flow::linkage {

namespace {

struct Name {
  const simd::ShortName& text;
  std::uint32_t size, hash;
};

/// 5 exact; 4, 3, 2: Jaro-Winkler .92, .82, .7. An initial agrees with what it begins.
Level of_names(const Name& a, const Name& b) noexcept {
  if (a.hash == 0 || b.hash == 0) return 0;
  if (a.hash == b.hash) return 5;
  if (a.size == 0 || b.size == 0) return 1;
  if (a.size == 1 || b.size == 1) return a.text.text[0] == b.text.text[0] ? 3 : 1;
  double const alike = simd::short_jaro_winkler(a.text, a.size, b.text, b.size);
  return alike >= 0.92 ? 4 : alike >= 0.82 ? 3 : alike >= 0.7 ? 2 : 1;
}

/// "smith jones" and "jones" are one family name of two.
bool has_word(const simd::ShortName& whole, std::uint32_t size, const simd::ShortName& word,
              std::uint32_t word_size) noexcept {
  std::string_view const text(whole.text.data(), size), wanted(word.text.data(), word_size);
  std::size_t const at = text.find(wanted);
  if (at == std::string_view::npos || word_size < 3) return false;
  bool const begins = at == 0 || text[at - 1] == ' ';
  bool const ends = at + word_size == size || text[at + word_size] == ' ';
  return begins && ends;
}

Level of_family(const PackedPerson& a, const PackedPerson& b) noexcept {
  Level const level =
      of_names({a.family, a.family_size, a.family_hash}, {b.family, b.family_size, b.family_hash});
  bool const in_other = level > 0 && level < 4 &&
                        (has_word(a.family, a.family_size, b.family, b.family_size) ||
                         has_word(b.family, b.family_size, a.family, a.family_size));
  return in_other ? Level{4} : level;
}

Level of_given(const PackedPerson& a, const PackedPerson& b) noexcept {
  Level const level =
      of_names({a.given, a.given_size, a.given_hash}, {b.given, b.given_size, b.given_hash});
  if (level == 0 || level >= 4) return level;
  bool const nicknames = a.nickname != 0 && a.nickname == b.nickname;
  // "mary ann" and "mary".
  bool const in_other = has_word(a.given, a.given_size, b.given, b.given_size) ||
                        has_word(b.given, b.given_size, a.given, a.given_size);
  return nicknames || in_other ? Level{4} : level;
}

/// How many digits differ; two neighbours that changed places count once.
int edits(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t const differ = differing_places(a, b);
  int const count = std::popcount(differ);
  if (count != 2) return count;
  int const low = std::countr_zero(differ);
  bool const neighbours = (differ >> low & 0x10u) != 0;
  bool const swapped =
      (a >> low & 15) == (b >> (low + 4) & 15) && (b >> low & 15) == (a >> (low + 4) & 15);
  return neighbours && swapped ? 1 : 2;
}

/// 5 exact; 4 one edit; 3 two parts agree or day and month changed places; 2 one part.
Level of_dates(std::uint32_t a, std::uint32_t b) noexcept {
  if (a == 0 || b == 0) return 0;
  if (a == b) return 5;
  auto const part = [](std::uint32_t date, unsigned shift) { return date >> shift & 0xff; };
  bool const same_year = a >> 16 == b >> 16;
  bool const whole = part(a, 0) != 0 && part(b, 0) != 0;
  if (!whole) return same_year ? 3 : 1;
  int const count = edits(a, b);
  if (count <= 1) return 4;
  bool const swapped = same_year && part(a, 8) == part(b, 0) && part(a, 0) == part(b, 8);
  int const parts =
      (same_year ? 1 : 0) + (part(a, 8) == part(b, 8) ? 1 : 0) + (part(a, 0) == part(b, 0) ? 1 : 0);
  if (parts == 2 || swapped) return 3;
  return count <= 2 || (parts == 1 && count <= 3) ? 2 : 1;
}

constexpr std::uint64_t is_hash = std::uint64_t{1} << 63;

/// 4 exact; 3 one edit; 2 two edits.
Level of_numbers(std::uint64_t a, std::uint64_t b) noexcept {
  if (a == 0 || b == 0) return 0;
  if (a == b) return 4;
  if (((a | b) & is_hash) != 0) return 1;
  int const count = edits(a, b);
  return count <= 1 ? 3 : count == 2 ? 2 : 1;
}

/// 4 the same street and house; 3 the street is spelled otherwise; 2 the same street only.
Level of_addresses(const PackedPerson& a, const PackedPerson& b) noexcept {
  if (a.street_hash == 0 || b.street_hash == 0) return 0;
  bool const same_house = a.house_number == b.house_number;
  if (a.street_hash == b.street_hash) return same_house ? 4 : 2;
  if (a.street_size == 0 || b.street_size == 0) return 1;
  double const alike = simd::short_jaro_winkler(a.street, a.street_size, b.street, b.street_size);
  return alike < 0.92 ? Level{1} : same_house ? Level{3} : Level{2};
}

/// 5 exact; 4 one character; 3 two; 2 the same beginning of three.
Level of_postcodes(std::uint64_t a, std::uint64_t b) noexcept {
  if (a == 0 || b == 0) return 0;
  if (a == b) return 5;
  int differ = 0;
  for (unsigned shift = 0; shift < 64; shift += 8)
    differ += (a >> shift & 0xff) != (b >> shift & 0xff) ? 1 : 0;
  if (differ <= 2) return differ == 1 ? 4 : 3;
  return (a & 0xffffff) == (b & 0xffffff) ? 2 : 1;
}

Level same_or_not(std::uint32_t a, std::uint32_t b, Level top) noexcept {
  return a == 0 || b == 0 ? Level{0} : a == b ? top : Level{1};
}

int years_between(const PackedPerson& a, const PackedPerson& b) noexcept {
  auto const year = [](std::uint32_t date) {
    return static_cast<int>((date >> 28) * 1000 + (date >> 24 & 15) * 100 + (date >> 20 & 15) * 10 +
                            (date >> 16 & 15));
  };
  return std::abs(year(a.birth_date) - year(b.birth_date));
}

constexpr std::string_view aspect_names[aspect_count] = {
    "given_name", "family_name", "names_swapped", "birth_date", "sex",       "address_1",
    "city",       "postcode",    "phone",         "email",      "identifier"};
constexpr std::size_t at(Aspect aspect) noexcept { return static_cast<std::size_t>(aspect); }

}  // namespace

std::string_view name(Aspect aspect) noexcept { return aspect_names[at(aspect)]; }

Level top_of(Aspect aspect) noexcept {
  constexpr Level tops[aspect_count] = {5, 5, 2, 5, 2, 4, 4, 5, 4, 4, 4};
  return tops[at(aspect)];
}

bool has_level(Aspect aspect, Level level) noexcept {
  bool const is_yes_or_no = aspect == Aspect::city || aspect == Aspect::email;
  return level == 1 || level == top_of(aspect) ||
         (!is_yes_or_no && level > 1 && level < top_of(aspect));
}

std::string_view name(Caution caution) noexcept {
  constexpr std::string_view names[] = {"none", "twins", "newborn", "generations", "suffix"};
  return names[static_cast<std::size_t>(caution)];
}

LevelShares default_shares(Aspect aspect, Level level) noexcept {
  struct Row {
    Aspect aspect;
    Level level;
    double m, u;
  };
  // Home and telephone are a family's, so that together with the name they must not outweigh a
  // given name and a birth date that differ: u is that of people who are worth comparing.
  constexpr Row rows[] = {{Aspect::given_name, 5, .84, .010},
                          {Aspect::given_name, 4, .08, .004},
                          {Aspect::given_name, 3, .02, .02},
                          {Aspect::given_name, 2, .01, .08},
                          {Aspect::given_name, 1, .05, .886},
                          {Aspect::family_name, 5, .86, .0025},
                          {Aspect::family_name, 4, .05, .0012},
                          {Aspect::family_name, 3, .01, .01},
                          {Aspect::family_name, 2, .01, .08},
                          {Aspect::family_name, 1, .07, .906},
                          {Aspect::names_swapped, 1, .99, .99},
                          {Aspect::names_swapped, 2, .005, .001},
                          {Aspect::birth_date, 5, .95, .00004},
                          {Aspect::birth_date, 4, .025, .0008},
                          {Aspect::birth_date, 3, .01, .006},
                          {Aspect::birth_date, 2, .005, .06},
                          {Aspect::birth_date, 1, .01, .933},
                          {Aspect::sex, 2, .99, .5},
                          {Aspect::sex, 1, .01, .5},
                          {Aspect::address, 4, .55, .004},
                          {Aspect::address, 3, .05, .002},
                          {Aspect::address, 2, .05, .03},
                          {Aspect::address, 1, .35, .964},
                          {Aspect::city, 4, .8, .4},
                          {Aspect::city, 1, .2, .6},
                          {Aspect::postcode, 5, .62, .08},
                          {Aspect::postcode, 4, .02, .01},
                          {Aspect::postcode, 3, .02, .03},
                          {Aspect::postcode, 2, .1, .2},
                          {Aspect::postcode, 1, .24, .68},
                          {Aspect::phone, 4, .55, .004},
                          {Aspect::phone, 3, .02, .002},
                          {Aspect::phone, 2, .01, .01},
                          {Aspect::phone, 1, .42, .984},
                          {Aspect::email, 4, .7, .0015},
                          {Aspect::email, 1, .3, .9985},
                          {Aspect::identifier, 4, .93, 1e-6},
                          {Aspect::identifier, 3, .04, .0001},
                          {Aspect::identifier, 2, .01, .01},
                          {Aspect::identifier, 1, .02, .99}};
  for (Row const& row : rows)
    if (row.aspect == aspect && row.level == level) return {row.m, row.u};
  return {1, 1};
}

AspectWeights default_weights() noexcept {
  AspectWeights made;
  for (std::size_t k = 0; k < aspect_count; ++k)
    for (Level level = 1; level <= level_max; ++level) {
      auto const [m, u] = default_shares(static_cast<Aspect>(k), level);
      made.bits[k][level] = static_cast<float>(std::log2(m / u));
    }
  made.prior = -20;  // a million to one
  return made;
}

AspectLevels compare(const PackedPerson& one, const PackedPerson& other) noexcept {
  // Jaro's similarity is now and then another one from the other side, and so is which of two
  // swapped names is called the given one: whoever came first, they are compared from one side.
  bool const turned = std::tie(other.given_hash, other.family_hash, other.street_hash) <
                      std::tie(one.given_hash, one.family_hash, one.street_hash);
  const PackedPerson& a = turned ? other : one;
  const PackedPerson& b = turned ? one : other;
  AspectLevels levels{};
  Level given = of_given(a, b), family = of_family(a, b);
  Level swapped = given == 0 && family == 0 ? 0 : 1;
  if (given <= 1 || family <= 1) {
    Level const given_family =
        of_names({a.given, a.given_size, a.given_hash}, {b.family, b.family_size, b.family_hash});
    Level const family_given =
        of_names({a.family, a.family_size, a.family_hash}, {b.given, b.given_size, b.given_hash});
    int const straight = std::max<int>(given, 1) + std::max<int>(family, 1);
    int const across = std::max<int>(given_family, 1) + std::max<int>(family_given, 1);
    if (across > straight + 2) {
      given = given_family;
      family = family_given;
      swapped = 2;
    }
  }
  levels[at(Aspect::given_name)] = given;
  levels[at(Aspect::family_name)] = family;
  levels[at(Aspect::names_swapped)] = swapped;
  levels[at(Aspect::birth_date)] = of_dates(a.birth_date, b.birth_date);
  levels[at(Aspect::sex)] =
      same_or_not(static_cast<unsigned char>(a.sex), static_cast<unsigned char>(b.sex), 2);
  levels[at(Aspect::address)] = of_addresses(a, b);
  levels[at(Aspect::city)] = same_or_not(a.city_hash, b.city_hash, 4);
  levels[at(Aspect::postcode)] = of_postcodes(a.postcode, b.postcode);
  levels[at(Aspect::phone)] = of_numbers(a.phone, b.phone);
  levels[at(Aspect::email)] = same_or_not(a.email_hash, b.email_hash, 4);
  levels[at(Aspect::identifier)] = of_numbers(a.identifier, b.identifier);
  return levels;
}

Caution suspicion(const PackedPerson& a, const PackedPerson& b,
                  const AspectLevels& levels) noexcept {
  auto const level = [&](Aspect aspect) { return levels[at(aspect)]; };
  if (are_two_generations(a.suffix, b.suffix)) return Caution::suffix;
  bool const same_family = level(Aspect::family_name) >= 4;
  bool const same_home = level(Aspect::address) >= 3 || level(Aspect::phone) >= 4;
  bool const born_together = level(Aspect::birth_date) == 5;
  // Also of one name: "BABYBOY" has none that could differ.
  if ((a.is_newborn != 0 || b.is_newborn != 0) && born_together) return Caution::newborn;
  if (!same_family || !same_home) return Caution::none;
  Level const given = level(Aspect::given_name);
  // Alike in all but a letter is how a slip looks; with another sex or number, how twins do.
  bool const differ_else = level(Aspect::sex) == 1 || level(Aspect::identifier) == 1;
  if (born_together && given >= 1 && (given <= 2 || (given <= 4 && differ_else)))
    return Caution::twins;
  bool const apart = level(Aspect::birth_date) >= 1 && level(Aspect::birth_date) <= 3 &&
                     years_between(a, b) >= generation_years;
  return apart && given >= 4 ? Caution::generations : Caution::none;
}

Caution caution(const PackedPerson& a, const PackedPerson& b, const AspectLevels& levels) noexcept {
  // Those of twins may be in a row.
  if (levels[at(Aspect::identifier)] == 4) return Caution::none;
  return suspicion(a, b, levels);
}

bool may_be_suspicious(const PackedPerson& a, const PackedPerson& b) noexcept {
  if (are_two_generations(a.suffix, b.suffix)) return true;
  if (a.birth_date == 0 || b.birth_date == 0) return false;
  if (a.birth_date != b.birth_date) return years_between(a, b) >= generation_years;
  return a.given_hash != b.given_hash || a.is_newborn != 0 || b.is_newborn != 0;
}

std::array<float, aspect_count> bits_of(const AspectWeights& weights,
                                        const AspectLevels& levels) noexcept {
  std::array<float, aspect_count> made{};
  for (std::size_t k = 0; k < aspect_count; ++k) made[k] = weights.bits[k][levels[k]];
  if (!weights.knows_households) return made;
  // Who moved has another street, city and postcode at once.
  constexpr std::size_t home[] = {at(Aspect::address), at(Aspect::city), at(Aspect::postcode)};
  float moved = 0;
  for (std::size_t const k : home) moved = std::min(moved, made[k]);
  bool is_counted = false;
  for (std::size_t const k : home) {
    if (made[k] >= 0) continue;
    if (is_counted || made[k] > moved) made[k] = 0;
    is_counted |= made[k] < 0;
  }
  return made;
}

float household_bits(const AspectWeights& weights, const AspectLevels& levels) noexcept {
  if (!weights.knows_households) return 0;
  float household = weights.household_prior;
  for (std::size_t k = 0; k < aspect_count; ++k) household += weights.household[k][levels[k]];
  if (household < -20) return 0;
  return household > 20 ? -household : -std::log2(1 + std::exp2(household));
}

float score(const AspectWeights& weights, const PackedPerson& a, const PackedPerson& b) noexcept {
  AspectLevels const levels = compare(a, b);
  float sum = weights.prior;
  if (weights.knows_households) {
    for (float const bits : bits_of(weights, levels)) sum += bits;
    sum += household_bits(weights, levels);
  } else {
    for (std::size_t k = 0; k < aspect_count; ++k) sum += weights.bits[k][levels[k]];
  }
  if (sum <= caution_bits) return sum;
  return caution(a, b, levels) == Caution::none ? sum : caution_bits;
}

}  // namespace hl7flow::linkage
