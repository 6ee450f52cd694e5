#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <hl7flow/parsers/codes/store_format.h>
#include <hl7flow/parsers/error.h>

// A store of code systems and maps between them, read where it lies.
namespace hl7flow::codes {

using SystemId = std::uint16_t;
inline constexpr SystemId no_system = 0xffff;

/// A view of a store's bytes, which must outlive it (pipeline/code_store_file.h maps them). Reading
/// allocates nothing and is thread-safe. What it returns points into the store. No record is
/// trusted to point inside its section: a wrong one reads as empty.
class CodeStore {
 public:
  /// Checks format, size and checksum of all bytes. Failures: bad_store.
  static Result<CodeStore, Failure> view(std::span<const std::byte> bytes);

  std::string_view name() const noexcept { return text(header_->name); }
  std::string_view version() const noexcept { return text(header_->version); }
  std::uint64_t checksum() const noexcept { return header_->checksum; }
  std::size_t size() const noexcept { return bytes_.size(); }

  std::span<const SystemRecord> systems() const noexcept { return systems_; }
  std::span<const ConceptRecord> concepts() const noexcept { return concepts_; }
  std::span<const TargetRecord> targets() const noexcept { return targets_; }
  std::span<const MapRecord> maps() const noexcept { return maps_; }
  std::span<const NameRecord> names() const noexcept { return names_; }
  std::span<const ValueSetRecord> value_sets() const noexcept { return value_sets_; }
  std::span<const LoadRecord> loads() const noexcept { return loads_; }
  std::string_view units() const noexcept;
  std::string_view text(TextRef ref) const noexcept {
    return ref.offset <= strings_.size() ? strings_.substr(ref.offset, ref.size)
                                         : std::string_view();
  }

  /// The system of a name as senders write it: "LN", "urn:oid:2.16.840.1.113883.6.1",
  /// "http://loinc.org"; case does not count. no_system if it is none that the store knows.
  SystemId find_system(std::string_view name) const noexcept;
  /// The concept of a code exactly as given; no_concept if the system has none.
  std::uint32_t find(SystemId system, std::string_view code) const noexcept;
  /// The same for many codes of one system: several look-ups wait for memory at once, which is what
  /// a large table costs. `concepts` has room for as many as there are codes; from the start of
  /// each code sixteen bytes can be read, as in a TextBuffer.
  void find_many(SystemId system, std::span<const std::string_view> codes,
                 std::uint32_t* concepts) const noexcept;

  /// Where a concept leads, in the order of the maps' priorities.
  std::span<const TargetRecord> targets_of(std::uint32_t subject) const noexcept;
  std::span<const NameRecord> names_of(std::uint32_t subject) const noexcept;
  /// Concepts of a value set, sorted.
  std::span<const std::uint32_t> members_of(const ValueSetRecord& set) const noexcept;

  std::string_view code(std::uint32_t subject) const noexcept {
    return subject < concepts_.size() ? text(concepts_[subject].code) : std::string_view();
  }
  std::string_view display(std::uint32_t subject) const noexcept {
    return subject < concepts_.size() ? text(concepts_[subject].display) : std::string_view();
  }
  std::string_view system_name(SystemId system) const noexcept {
    return system < systems_.size() ? text(systems_[system].name) : std::string_view();
  }

 private:
  template <class Record>
  std::span<const Record> section(Section which) const noexcept;
  template <class Record>
  std::span<const Record> between(std::span<const Record> all, std::uint32_t begin,
                                  std::uint32_t end) const noexcept;

  std::span<const std::byte> bytes_;
  const StoreHeader* header_ = nullptr;
  std::string_view strings_;
  std::span<const SystemRecord> systems_;
  std::span<const Slot> system_names_;
  std::span<const AliasRecord> aliases_;
  std::span<const ConceptRecord> concepts_;
  std::span<const Slot> slots_;
  std::span<const TargetRecord> targets_;
  std::span<const MapRecord> maps_;
  std::span<const NameRecord> names_;
  std::span<const ValueSetRecord> value_sets_;
  std::span<const std::uint32_t> members_;
  std::span<const LoadRecord> loads_;
};

/// Names of the closed lists, as the program prints them: "deprecated", "wider".
std::string_view name(CodeStatus status) noexcept;
std::string_view name(Equivalence equivalence) noexcept;
std::optional<CodeStatus> code_status(std::string_view name) noexcept;
/// Accepts R4's words ("wider", "equal") and R5's ("source-is-narrower-than-target").
std::optional<Equivalence> equivalence(std::string_view name) noexcept;

}  // namespace hl7flow::codes
