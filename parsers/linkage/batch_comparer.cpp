#include <hl7flow/parsers/linkage/batch_comparer.h>

#include <algorithm>

namespace hl7flow::linkage {

BatchComparer::BatchComparer(const ComparedTable& table)
    : table_(table), comparer_(table.table(), table.comparisons()) {
  places_.fill(nowhere);
  for (std::size_t k = 0; k < table.comparisons().size(); ++k)
    places_[static_cast<std::size_t>(table.comparisons()[k].kind)] = k;
  names_ = has(ComparisonKind::names_swapped);
  lines_ = has(ComparisonKind::address_line_1) && has(ComparisonKind::address_line_2);
}

void BatchComparer::compare(std::span<const RecordPair> pairs, Pattern* patterns) {
  Block block;
  for (std::size_t begin = 0; begin < pairs.size(); begin += block_size) {
    block.size = std::min(block_size, pairs.size() - begin);
    for (std::size_t i = 0; i < block.size; ++i) {
      block.a[i] = table_.row(pairs[begin + i].a);
      block.b[i] = table_.row(pairs[begin + i].b);
      // The next block's are on their way while this one is compared.
      std::size_t const next = begin + i + block_size;
      if (next < pairs.size()) __builtin_prefetch(table_.row(pairs[next].b));
    }
    compare_block(block, patterns + begin);
  }
}

void BatchComparer::compare_block(Block& block, Pattern* patterns) {
  for (std::size_t i = 0; i < block.size; ++i) patterns[i] = {};
  for (std::size_t k = 0; k < table_.comparisons().size(); ++k)
    if (table_.comparisons()[k].kind != ComparisonKind::names_swapped)
      compare_column(block, k, patterns);
  if (names_) swap_names(block, patterns);
  if (lines_) cross_lines(block, patterns);
}

void BatchComparer::compare_column(Block& block, std::size_t k, Pattern* patterns) {
  switch (table_.comparisons()[k].kind) {
    case ComparisonKind::given_name:
      return decide(block, k, patterns, are_different_given_names);
    case ComparisonKind::family_name:
      return decide(block, k, patterns, are_different_names);
    case ComparisonKind::birth_date:
      return decide(block, k, patterns, are_different_dates);
    case ComparisonKind::postcode:
      return decide(block, k, patterns, are_different_postcodes);
    case ComparisonKind::number:
      return decide(block, k, patterns, are_different_numbers);
    case ComparisonKind::text:
    case ComparisonKind::address_line_1:
    case ComparisonKind::address_line_2:
      return decide(block, k, patterns, are_different_texts);
    case ComparisonKind::sex:
    case ComparisonKind::word:
      return decide(block, k, patterns, [](auto const&, auto const&) { return true; });
    default:
      return work_out_all(block, k, patterns);
  }
}

/// Levels of a column. Which pairs are open is as good as random: no branch hangs on it.
template <class Differ>
void BatchComparer::decide(Block& block, std::size_t k, Pattern* patterns, Differ&& differ) {
  Comparison const& one = table_.comparisons()[k];
  auto const [place, forms] = column(one.role);
  std::size_t open = 0;
  for (std::size_t i = 0; i < block.size; ++i) {
    ValueId const a = block.a[i][place], b = block.b[i][place];
    bool const both = a != 0 && b != 0, equal = a == b;
    Level const level = equal ? one.top : Level{1};
    patterns[i][k] = static_cast<Level>(level & -static_cast<int>(both));
    block.open[open] = static_cast<std::uint8_t>(i);
    open += static_cast<std::size_t>(both & !equal & !differ(forms[a], forms[b]));
  }
  for (std::size_t n = 0; n < open; ++n) {
    std::size_t const i = block.open[n];
    ValueId const a = block.a[i][place], b = block.b[i][place];
    patterns[i][k] = comparer_.work_out(one.kind, one.role, std::min(a, b), one.role, std::max(a, b));
  }
}

void BatchComparer::work_out_all(Block& block, std::size_t k, Pattern* patterns) {
  Comparison const& one = table_.comparisons()[k];
  std::size_t const place = table_.place(one.role);
  for (std::size_t i = 0; i < block.size; ++i)
    patterns[i][k] = comparer_.alike(one.kind, one.role, block.a[i][place], block.b[i][place]);
}

/// Given and family name crosswise, where that may fit better.
void BatchComparer::swap_names(Block& block, Pattern* patterns) {
  std::size_t const given = place_of(ComparisonKind::given_name);
  std::size_t const family = place_of(ComparisonKind::family_name);
  std::size_t const swapped = place_of(ComparisonKind::names_swapped);
  auto const [given_place, given_forms] = column(Role::given_name);
  auto const [family_place, family_forms] = column(Role::family_name);
  std::size_t open = 0;
  for (std::size_t i = 0; i < block.size; ++i) {
    ValueId const given_a = block.a[i][given_place], given_b = block.b[i][given_place];
    ValueId const family_a = block.a[i][family_place], family_b = block.b[i][family_place];
    Pattern& pattern = patterns[i];
    pattern[swapped] = (pattern[given] | pattern[family]) != 0 ? 1 : 0;
    bool const may_a = (given_a != 0) & (family_b != 0) &
                       !are_different_names(given_forms[given_a], family_forms[family_b]);
    bool const may_b = (family_a != 0) & (given_b != 0) &
                       !are_different_names(family_forms[family_a], given_forms[given_b]);
    int const straight = std::max<int>(pattern[given], 1) + std::max<int>(pattern[family], 1);
    int const across_most = 2 + 4 * static_cast<int>(may_a) + 4 * static_cast<int>(may_b);
    block.open[open] = static_cast<std::uint8_t>(i);
    open += static_cast<std::size_t>(across_most > straight + 2);
  }
  for (std::size_t n = 0; n < open; ++n) {
    std::size_t const i = block.open[n];
    comparer_.compare_names(block.a[i][given_place], block.a[i][family_place],
                            block.b[i][given_place], block.b[i][family_place], patterns[i]);
  }
}

/// Address lines crosswise, where the first ones differ.
void BatchComparer::cross_lines(Block& block, Pattern* patterns) {
  std::size_t const first = place_of(ComparisonKind::address_line_1);
  auto const [first_place, first_forms] = column(Role::address_line_1);
  auto const [second_place, second_forms] = column(Role::address_line_2);
  std::size_t open = 0;
  for (std::size_t i = 0; i < block.size; ++i) {
    ValueId const first_a = block.a[i][first_place], first_b = block.b[i][first_place];
    ValueId const second_a = block.a[i][second_place], second_b = block.b[i][second_place];
    bool const may_down = (first_a != 0) & (second_b != 0) &
                          !are_different_texts(first_forms[first_a], second_forms[second_b]);
    bool const may_up = (second_a != 0) & (first_b != 0) &
                        !are_different_texts(second_forms[second_a], first_forms[first_b]);
    block.open[open] = static_cast<std::uint8_t>(i);
    open += static_cast<std::size_t>((patterns[i][first] <= 1) & (may_down | may_up));
  }
  for (std::size_t n = 0; n < open; ++n) {
    std::size_t const i = block.open[n];
    comparer_.compare_lines(block.a[i][first_place], block.a[i][second_place],
                            block.b[i][first_place], block.b[i][second_place], patterns[i]);
  }
}

}  // namespace hl7flow::linkage
