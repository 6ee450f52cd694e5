#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/linkage/person_table.h>
#include <hl7flow/parsers/simd/name_match.h>

namespace hl7flow::linkage {

/// What is said together, and so is replaced together.
enum class Group : std::uint8_t { name, birth_date, sex, address, phone, email, identifier };
inline constexpr std::size_t group_count = 7;
constexpr std::uint8_t bit_of(Group group) noexcept {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(group));
}

/// A person as one record describes them, packed for comparison: two cache lines, values as bytes,
/// digits and hashes. 0 is the missing value everywhere. Plain data.
struct alignas(64) PackedPerson {
  simd::ShortName given, family, street;  // beginnings; the street without its number
  std::uint8_t given_size = 0, family_size = 0, street_size = 0;
  char sex = 0;                 // 'f', 'm' or another letter
  std::uint8_t suffix = 0;      // 1 senior, 2 junior, 3 "III", …
  std::uint8_t is_newborn = 0;  // named BABYBOY or the like
  std::uint16_t nickname = 0;   // nickname_group()
  std::uint32_t given_hash = 0, family_hash = 0, street_hash = 0;  // of the whole
  std::uint32_t birth_date = 0;  // a digit every four bits: 0x19800131; 0x19800000 is a year
  std::uint32_t house_number = 0, city_hash = 0, email_hash = 0;
  std::uint64_t postcode = 0;               // its first eight bytes
  std::uint64_t phone = 0, identifier = 0;  // as the date; a hash if it has other characters

  friend bool operator==(const PackedPerson&, const PackedPerson&) = default;
};
static_assert(sizeof(PackedPerson) == 128);

/// The texts of a record, as they came.
struct PersonTexts {
  std::string_view given_name, family_name, suffix, birth_date, sex, address_line, city, postcode,
      phone, email, identifier;
};
/// Brings each text to its normal form (normal_value) and packs it. Thread-safe.
PackedPerson pack(const PersonTexts& texts);
/// Takes over what a group of fields says.
void take_group(PackedPerson& person, const PackedPerson& from, Group group) noexcept;

/// Things of which two records share at least one if they are worth comparing, as hashes; 0 for
/// what is missing. Coarse enough to stand an error or two, fine enough to bring few records.
inline constexpr std::size_t block_key_count = 9;
using BlockKeys = std::array<std::uint64_t, block_key_count>;
BlockKeys block_keys(const PackedPerson& person) noexcept;

}  // namespace hl7flow::linkage
