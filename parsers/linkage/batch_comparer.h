#pragma once

#include <array>
#include <span>

#include <hl7flow/parsers/linkage/compared_table.h>
#include <hl7flow/parsers/linkage/record_pair.h>

namespace hl7flow::linkage {

/// Compares many pairs, with the patterns of Comparer: a column at a time of some hundred pairs,
/// first what the values' numbers and forms decide, then, with Comparer, what is left. Pairs in
/// order are the fastest. One caller's own; any number of them may share a table, which must
/// outlive it.
class BatchComparer {
 public:
  explicit BatchComparer(const ComparedTable& table);
  /// Of each pair, by number; `patterns` has room for all.
  void compare(std::span<const RecordPair> pairs, Pattern* patterns);

 private:
  static constexpr std::size_t block_size = 128;
  struct Block {
    std::size_t size = 0;
    std::array<const ValueId*, block_size> a{}, b{};  // rows
    std::array<std::uint8_t, block_size> open{};      // pairs that are not decided
  };
  struct Column {
    std::size_t place;
    const ValueForm* forms;
  };

  Column column(Role role) const noexcept { return {table_.place(role), table_.forms(role)}; }
  bool has(ComparisonKind kind) const noexcept { return place_of(kind) != nowhere; }
  std::size_t place_of(ComparisonKind kind) const noexcept {
    return places_[static_cast<std::size_t>(kind)];
  }
  void compare_block(Block& block, Pattern* patterns);
  void compare_column(Block& block, std::size_t k, Pattern* patterns);
  template <class Differ>
  void decide(Block& block, std::size_t k, Pattern* patterns, Differ&& differ);
  void work_out_all(Block& block, std::size_t k, Pattern* patterns);
  void swap_names(Block& block, Pattern* patterns);
  void cross_lines(Block& block, Pattern* patterns);

  static constexpr std::size_t nowhere = ~std::size_t{0};
  const ComparedTable& table_;
  Comparer comparer_;
  std::array<std::size_t, 16> places_{};  // of kinds in a pattern
  bool names_ = false, lines_ = false;    // both are there
};

}  // namespace hl7flow::linkage
