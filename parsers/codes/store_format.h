#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

// How a code store lies in memory and on disk: a header, then sections of fixed records, each at a
// multiple of 64 bytes, little-endian. A store is made once (store_builder.h), then only read
// (code_store.h); processes that map the same file share its memory. docs/concepts/code-stores.md
// draws it.
namespace hl7flow::codes {

inline constexpr std::array<char, 8> store_magic = {'H', 'L', '7', 'C', 'O', 'D', 'E', 'S'};
/// Changed with every change of the records: a store of another version is refused, not guessed at.
inline constexpr std::uint32_t store_format_version = 1;
inline constexpr std::uint32_t no_concept = 0xffffffff;

enum class CodeStatus : std::uint8_t { active, trial, discouraged, deprecated, retired };

/// How a target relates to its source, in the words of FHIR R4: "narrower" is a target whose
/// meaning is narrower than the source's.
enum class Equivalence : std::uint8_t {
  equivalent,
  wider,
  narrower,
  inexact,
  related,
  unmatched,  // the map says that there is no target
};

enum class MapKind : std::uint8_t {
  translation,  // between systems
  successor,    // from a retired code to the one that took its place, in one system
};

enum class NameKind : std::uint8_t {
  synonym,
  short_name,
  component,  // LOINC's six axes
  property,
  time_aspect,
  specimen,  // LOINC's system
  scale,
  method,
  unit,  // example units, in UCUM
  related,
  order_or_observation,
  concept_class,
};

/// Bytes of the strings section.
struct TextRef {
  std::uint32_t offset, size;
};

struct SystemRecord {
  TextRef name, title, uri, oid, version;
  std::uint32_t first_line, line_mask;  // of its table: line_mask + 1 lines
  std::uint32_t concept_count;          // that its own release lists
  std::uint32_t reserved;
};

struct ConceptRecord {
  TextRef code, display;
  std::uint32_t parent;                // concept, or no_concept
  std::uint32_t valid_from, valid_to;  // yyyymmdd, both included; 0: open
  std::uint32_t first_target;          // its targets end where the next concept's begin
  std::uint32_t first_name;
  std::uint32_t rank;  // 1: the most frequent; 0: unknown
  std::uint16_t system;
  CodeStatus status;
  std::uint8_t flags;  // ConceptFlag
};
enum ConceptFlag : std::uint8_t {
  listed = 1,      // in a release of its system, not only the end of a map
  selectable = 2,  // may stand in a message: no header, no chapter
};

struct TargetRecord {
  std::uint32_t target;  // concept, or no_concept where the map says that there is none
  std::uint16_t map;
  Equivalence equivalence;
  std::uint8_t priority;     // within its group, from 1; 0: the map does not say
  std::uint8_t group;        // combinations: one target of each group belongs to the answer
  std::uint8_t alternative;  // GEM scenario: only targets of one alternative belong together
  std::uint16_t reserved;
  TextRef rule;  // what must hold, as the map has it (SNOMED CT "IFA …"); empty: always
};

struct NameRecord {
  TextRef text;
  std::uint32_t subject;  // concept
  NameKind kind;
  std::uint8_t reserved[3];
};

struct MapRecord {
  TextRef name, version, uri;
  std::uint16_t source, target;  // systems
  MapKind kind;
  std::uint8_t reserved[3];
};

struct ValueSetRecord {
  TextRef name, uri, version;
  std::uint32_t first_member, member_count;
};

/// What a build read of one file: nothing is dropped quietly.
struct LoadRecord {
  TextRef file, kind, first_problem;
  std::uint64_t rows_read, rows_loaded, rows_skipped, rows_bad;
};

/// One place of the tables that find a code: 16 bytes, four a cache line.
/// key[11] says how the code lies in the key: up to 11, its length, with its bytes from key[0];
/// long_code, a hash that must be confirmed by the concept's code.
struct Slot {
  std::array<std::uint8_t, 12> key;
  std::uint32_t concept_plus_one;  // 0: free
};
inline constexpr std::size_t inline_code_max = 11;
inline constexpr std::uint8_t long_code = 0xff;
inline constexpr std::size_t slots_a_line = 4;

enum class Section : std::uint8_t {
  strings,
  systems,
  system_names,  // a table like a system's, whose concepts are entries of `aliases`
  aliases,
  concepts,
  slots,
  targets,
  maps,
  names,
  value_sets,
  members,
  loads,
  units,  // text: definitions of units, a line each
  count
};
inline constexpr std::size_t section_count = static_cast<std::size_t>(Section::count);

/// Another name of a system, in upper case.
struct AliasRecord {
  TextRef name;
  std::uint16_t system;
  std::uint16_t reserved;
};

struct SectionPlace {
  std::uint64_t offset, size;  // bytes, from the start of the store
};

struct StoreHeader {
  std::array<char, 8> magic;
  std::uint32_t format_version;
  std::uint32_t header_size;
  std::uint64_t store_size;
  std::uint64_t checksum;  // XXH3 of all behind the header, seeded with the XXH3 of its rest
  TextRef name, version;   // of the store, as its maker called it
  std::array<SectionPlace, section_count> sections;
};

static_assert(std::is_trivially_copyable_v<StoreHeader>);
static_assert(sizeof(Slot) == 16 && sizeof(ConceptRecord) == 44 && sizeof(TargetRecord) == 20);
static_assert(sizeof(SystemRecord) == 56 && sizeof(NameRecord) == 16 && sizeof(MapRecord) == 32);
static_assert(sizeof(LoadRecord) == 56 && sizeof(AliasRecord) == 12);

}  // namespace hl7flow::codes
