#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <hl7flow/parsers/linkage/comparer.h>
#include <hl7flow/parsers/linkage/huge_array.h>
#include <hl7flow/parsers/linkage/parallel_for.h>
#include <hl7flow/parsers/linkage/value_form.h>

namespace hl7flow::linkage {

/// A table as many comparisons read it: the values of a record side by side, in the order of the
/// comparisons, and a form of each value. A copy: the table must outlive it and not change.
/// Thread-safe.
class ComparedTable {
 public:
  ComparedTable(const PersonTable& table, std::vector<Comparison> comparisons,
                const ParallelFor& parallel_for = in_turn);

  const PersonTable& table() const noexcept { return table_; }
  const std::vector<Comparison>& comparisons() const noexcept { return comparisons_; }
  /// The values of a record, of each comparison; 0 for the names that are swapped.
  const ValueId* row(std::uint32_t record) const noexcept {
    return rows_.data() + std::size_t{record} * comparison_max;
  }
  /// Of each value of a role, by number: of roles of digits, and of the others.
  const NumberForm* numbers(Role role) const noexcept {
    return numbers_[static_cast<std::size_t>(role)].data();
  }
  const WordForm* words(Role role) const noexcept {
    return words_[static_cast<std::size_t>(role)].data();
  }

 private:
  const PersonTable& table_;
  std::vector<Comparison> comparisons_;
  HugeArray<ValueId> rows_;
  std::array<std::vector<NumberForm>, role_count> numbers_;
  std::array<std::vector<WordForm>, role_count> words_;
};

}  // namespace hl7flow::linkage
