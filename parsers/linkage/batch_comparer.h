#pragma once

#include <array>
#include <span>

#include <hl7flow/parsers/linkage/compared_table.h>
#include <hl7flow/parsers/linkage/record_pair.h>
#include <hl7flow/parsers/simd/row_match.h>

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
  static constexpr std::size_t nowhere = ~std::size_t{0};

  /// Some pairs on their way to patterns.
  struct Block {
    std::size_t size = 0;
    std::array<const ValueId*, block_size> a, b;   // rows
    std::array<std::uint32_t, block_size> differ;  // a bit for each comparison whose values do
    std::array<std::uint8_t, block_size> open;     // pairs that are not decided
    Pattern* patterns = nullptr;
  };
  template <class Form>
  struct Two {
    const Form &a, &b;
  };

  bool has(ComparisonKind kind) const noexcept { return place(kind) != nowhere; }
  std::size_t place(ComparisonKind kind) const noexcept {
    return places_[static_cast<std::size_t>(kind)];
  }
  void begin_block(std::span<const RecordPair> pairs, std::size_t begin, Block& block) const;
  void compare_column(Block& block, std::size_t k);
  template <class Form, class Differ>
  std::size_t leave_open(Block& block, std::size_t k, const Form* forms, Differ&& differ) const;
  template <class LevelOf>
  std::size_t count_edits(Block& block, std::size_t k, std::size_t open, LevelOf&& level_of) const;
  void work_out(Block& block, std::size_t k, std::size_t open);
  void swap_names(Block& block);
  void find_slips(Block& block);
  void cross_lines(Block& block);

  const ComparedTable& table_;
  Comparer comparer_;
  simd::RowLevels tops_{};
  std::array<std::size_t, 16> places_{};  // of kinds in a pattern
  bool names_ = false, lines_ = false;    // both are there
};

}  // namespace hl7flow::linkage
