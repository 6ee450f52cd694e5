#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <hl7flow/parsers/linkage/comparer.h>
#include <hl7flow/parsers/linkage/huge_array.h>
#include <hl7flow/parsers/linkage/parallel_for.h>
#include <hl7flow/parsers/linkage/value_form.h>

namespace hl7flow::linkage {

/// A table as many comparisons read it: the values of a record side by side, and a form of each
/// value. A copy: the table must outlive it and not change. Thread-safe.
class ComparedTable {
 public:
  ComparedTable(const PersonTable& table, std::vector<Comparison> comparisons,
                const ParallelFor& parallel_for = in_turn);

  const PersonTable& table() const noexcept { return table_; }
  const std::vector<Comparison>& comparisons() const noexcept { return comparisons_; }
  /// The values of a record, and where in it that of a role is.
  const ValueId* row(std::uint32_t record) const noexcept {
    return rows_.data() + std::size_t{record} * stride_;
  }
  std::size_t place(Role role) const noexcept { return places_[static_cast<std::size_t>(role)]; }
  std::size_t row_bytes() const noexcept { return stride_ * sizeof(ValueId); }
  /// Of each value of a role, by number.
  const ValueForm* forms(Role role) const noexcept {
    return forms_[static_cast<std::size_t>(role)].data();
  }

 private:
  const PersonTable& table_;
  std::vector<Comparison> comparisons_;
  std::size_t stride_ = 1;  // a power of two: no row lies across cache lines
  std::array<std::size_t, role_count> places_{};
  HugeArray<ValueId> rows_;
  std::array<std::vector<ValueForm>, role_count> forms_;
};

}  // namespace hl7flow::linkage
