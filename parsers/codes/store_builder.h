#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/codes/code_store.h>

// Makes a store of what releases of code systems say.
namespace hl7flow::codes {

struct SystemFacts {
  std::string name;  // canonical: "LOINC"
  std::string title, uri, oid, version;
  std::vector<std::string> aliases;  // further names in messages
};

struct ConceptFacts {
  std::string_view code;  // in the system's normal form (code_form.h)
  std::string_view display;
  CodeStatus status = CodeStatus::active;
  bool selectable = true;
  std::uint32_t valid_from = 0, valid_to = 0;  // yyyymmdd; 0: open
  std::uint32_t rank = 0;
};

/// Whose map it is. Where several know a code, the first of these decides.
enum class MapOrigin : std::uint8_t {
  site,     // what the people who use the store decided
  release,  // what an owner of codes publishes
  sample,   // what comes with the program
};

struct MapFacts {
  std::string name, version, uri;
  SystemId source = no_system;
  SystemId target = no_system;  // no_system: the map says of codes that nothing corresponds
  MapKind kind = MapKind::translation;
  MapOrigin origin = MapOrigin::release;
};
using MapId = std::uint16_t;

struct TargetFacts {
  Equivalence equivalence = Equivalence::equivalent;
  std::uint8_t priority = 0, group = 0, alternative = 0;
  std::string_view rule;
};

/// What was read of one file. `problem` keeps the first.
struct LoadReport {
  std::string file, kind, first_problem;
  std::uint64_t rows_read = 0, rows_loaded = 0;
  std::uint64_t rows_skipped = 0;  // for a reason of the format: other languages, suppressed names
  std::uint64_t rows_bad = 0;      // that do not parse
  void bad(std::uint64_t row, std::string_view why);
};

/// Collects systems, concepts, names and maps in any order, then writes the store. The same calls
/// make the same bytes. Text is copied. Not thread-safe; moves only.
class StoreBuilder {
 public:
  StoreBuilder();
  ~StoreBuilder();
  StoreBuilder(StoreBuilder&&) noexcept;
  StoreBuilder& operator=(StoreBuilder&&) noexcept;

  /// The system of that canonical name, made if it is new. Facts that are not empty are added to
  /// what is known; a name or alias that another system has stays with that one.
  SystemId system(const SystemFacts& facts);
  /// The system that a name stands for, or no_system.
  SystemId find_system(std::string_view name) const;
  std::string_view system_name(SystemId system) const;

  /// Adds a concept as listed by its own system's release. What was known of the code is replaced,
  /// except where `facts` are empty. Returns no_concept for a code that is empty, or longer than
  /// 64 KiB.
  std::uint32_t add(SystemId system, const ConceptFacts& facts);
  /// The concept of a code, made unlisted if it is new: what a map names.
  std::uint32_t mention(SystemId system, std::string_view code, std::string_view display = {});
  std::uint32_t find(SystemId system, std::string_view code) const;
  SystemId system_of(std::uint32_t subject) const;
  std::string_view code(std::uint32_t subject) const;
  std::string_view display(std::uint32_t subject) const;
  std::uint32_t parent(std::uint32_t subject) const;
  void set_display(std::uint32_t subject, std::string_view display);
  void set_parent(std::uint32_t subject, std::uint32_t parent);
  void set_status(std::uint32_t subject, CodeStatus status);
  void add_name(std::uint32_t subject, NameKind kind, std::string_view text);

  /// The map of that name between the systems, made if it is new. In the store, maps are in order
  /// of origin, then as they were made; ids are the builder's own.
  MapId map(const MapFacts& facts);
  /// `target` may be no_concept: the map says that there is none. The same target of the same
  /// source, map, group and alternative is kept once.
  void add_target(MapId map, std::uint32_t source, std::uint32_t target, const TargetFacts& facts);

  /// A set of concepts; returns its number for add_member.
  std::uint32_t value_set(std::string_view name, std::string_view uri, std::string_view version);
  void add_member(std::uint32_t set, std::uint32_t member);

  void add_units(std::string_view definitions);
  void report(LoadReport report);
  const std::vector<LoadReport>& reports() const;
  std::size_t concept_count() const;

  /// The bytes of the store. Failures: bad_store, if something is too large for the format.
  Result<std::vector<std::byte>, Failure> build(std::string_view name, std::string_view version);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hl7flow::codes
