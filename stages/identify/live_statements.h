#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include <hl7flow/parsers/linkage/person_registry.h>
#include <hl7flow/stages/identify/person_statement.h>

namespace hl7flow::stages {

/// Which statements of a log still count: of each record and group of fields the words that were
/// said last and when they were last said, of each pair and authority the last word, by the rules
/// of PersonRegistry. What a log can be written anew from. Not thread-safe.
class LiveStatements {
 public:
  /// The statement of that number; numbers come in order. `other` is the other record of a bond.
  void see(const PersonStatement& statement, std::uint64_t number, linkage::RecordNumber record,
           linkage::RecordNumber other);
  /// At most so many statements say the same.
  std::uint64_t count() const noexcept { return words_ + bonds_.size() + 2 * records_.size(); }

  using Write = std::function<Status(const PersonStatement&)>;
  /// What the statement of that number still says, in the form in which it does; with it each
  /// record has the number that it has. For all statements in order, then finish() once.
  Status rewrite(const PersonStatement& statement, std::uint64_t number,
                 linkage::RecordNumber record, linkage::RecordNumber other,
                 const Write& write) const;
  /// When words were last said again. `name_of` gives the names of records.
  Status finish(const std::function<RecordNameView(linkage::RecordNumber)>& name_of,
                const Write& write) const;

 private:
  static constexpr std::uint64_t none = UINT64_MAX;
  struct Words {
    std::uint64_t number = none;  // of the statement
    std::uint32_t at = 0;         // when it was said
    std::uint32_t again_at = 0;   // and when last
  };
  struct Record {
    std::uint64_t named_by = none;
    std::array<Words, linkage::group_count> groups;
  };
  struct Pair {
    linkage::RecordNumber a, b;
    linkage::Authority authority;
    friend bool operator==(const Pair&, const Pair&) = default;
  };
  struct Hash {
    std::size_t operator()(const Pair& pair) const noexcept {
      std::uint64_t const both = std::uint64_t{pair.a} << 32 | pair.b;
      return (both ^ static_cast<std::uint64_t>(pair.authority) << 30) * 0x9e3779b97f4a7c15u;
    }
  };
  struct Bond {
    std::uint64_t number;
    std::uint32_t at;
  };
  static Pair pair_of(const PersonStatement& statement, linkage::RecordNumber a,
                      linkage::RecordNumber b) noexcept;
  Record& record_at(linkage::RecordNumber number, std::uint64_t statement);

  std::vector<Record> records_;
  std::unordered_map<Pair, Bond, Hash> bonds_;
  std::uint64_t words_ = 0;  // groups of all records that have some
};

}  // namespace hl7flow::stages
