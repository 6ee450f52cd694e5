#include <hl7flow/parsers/linkage/batch_comparer.h>

#include <algorithm>

namespace hl7flow::linkage {

namespace {

static_assert(comparison_max == simd::row_width);

/// Levels of numbers of digits by how many edits are between them; 0: not decided.
Level level_of_number(const NumberForm&, const NumberForm&, std::uint32_t edits) {
  constexpr Level levels[] = {0, 3, 2, 1};
  return levels[edits];
}

/// It has no outward code and no area.
Level level_of_postcode(const NumberForm&, const NumberForm&, std::uint32_t edits) {
  constexpr Level levels[] = {0, 4, 3, 1};
  return levels[edits];
}

Level level_of_date(const NumberForm& a, const NumberForm& b, std::uint32_t edits) {
  if (edits <= 1) return 4;
  if (!are_days(a, b)) return 0;
  int const parts = same_parts(a, b);
  auto const month_and_day = static_cast<std::uint32_t>(b.digits >> 16);
  auto const swapped = static_cast<std::uint64_t>(month_and_day >> 8 | (month_and_day & 0xffu) << 8)
                           << 16 |
                       (b.digits & 0xffffu);
  if (parts == 2 || a.digits == swapped) return 3;
  if (edits == 2) return 2;
  if (parts == 0) return 1;
  return differing_digits(a, b) <= 3 ? Level{2} : Level{0};
}

}  // namespace

BatchComparer::BatchComparer(const ComparedTable& table)
    : table_(table), comparer_(table.table(), table.comparisons()) {
  places_.fill(nowhere);
  for (std::size_t k = 0; k < table.comparisons().size(); ++k) {
    Comparison const& one = table.comparisons()[k];
    places_[static_cast<std::size_t>(one.kind)] = k;
    if (!is_of_another(one.kind)) tops_[k] = one.top;
  }
  names_ = has(ComparisonKind::names_swapped);
  lines_ = has(ComparisonKind::address_line_1) && has(ComparisonKind::address_line_2);
}

void BatchComparer::compare(std::span<const RecordPair> pairs, Pattern* patterns) {
  Block block;
  for (std::size_t begin = 0; begin < pairs.size(); begin += block_size) {
    block.patterns = patterns + begin;
    begin_block(pairs, begin, block);
    for (std::size_t k = 0; k < table_.comparisons().size(); ++k) compare_column(block, k);
    if (names_) swap_names(block);
    if (has(ComparisonKind::given_name_slip)) find_slips(block);
    if (lines_) cross_lines(block);
  }
}

/// What the numbers of values decide, of all columns.
void BatchComparer::begin_block(std::span<const RecordPair> pairs, std::size_t begin,
                                Block& block) const {
  block.size = std::min(block_size, pairs.size() - begin);
  for (std::size_t i = 0; i < block.size; ++i) {
    // The next block's rows are on their way while this one is compared.
    RecordPair const next = pairs[std::min(begin + i + block_size, pairs.size() - 1)];
    __builtin_prefetch(table_.row(next.a));
    __builtin_prefetch(table_.row(next.b));
    block.a[i] = table_.row(pairs[begin + i].a);
    block.b[i] = table_.row(pairs[begin + i].b);
    block.differ[i] = simd::match_rows(block.a[i], block.b[i], tops_, block.patterns[i]);
  }
}

/// What the forms of values decide, and then the rest.
void BatchComparer::compare_column(Block& block, std::size_t k) {
  Comparison const& one = table_.comparisons()[k];
  WordForm const* const words = table_.words(one.role);
  NumberForm const* const numbers = table_.numbers(one.role);
  switch (one.kind) {
    case ComparisonKind::given_name:
      return work_out(block, k, leave_open(block, k, words, are_different_given_names));
    case ComparisonKind::family_name:
      return work_out(block, k, leave_open(block, k, words, are_different_names));
    case ComparisonKind::text:
    case ComparisonKind::address_line_1:
    case ComparisonKind::address_line_2:
      return work_out(block, k, leave_open(block, k, words, are_different_texts));
    case ComparisonKind::birth_date: {
      std::size_t const open = leave_open(block, k, numbers, are_different_dates);
      return work_out(block, k, count_edits(block, k, open, level_of_date));
    }
    case ComparisonKind::postcode: {
      std::size_t const open = leave_open(block, k, numbers, are_different_postcodes);
      return work_out(block, k, count_edits(block, k, open, level_of_postcode));
    }
    case ComparisonKind::number: {
      std::size_t const open = leave_open(block, k, numbers, are_different_numbers);
      return work_out(block, k, count_edits(block, k, open, level_of_number));
    }
    case ComparisonKind::given_name_slip:
    case ComparisonKind::names_swapped:
    case ComparisonKind::sex:
    case ComparisonKind::word:
      return;
    default:
      for (std::size_t i = 0; i < block.size; ++i)
        block.patterns[i][k] = comparer_.alike(one.kind, one.role, block.a[i][k], block.b[i][k]);
  }
}

/// The pairs whose values differ but for what `differ` shows. Which ones they are is as good as
/// random: no branch hangs on it.
template <class Form, class Differ>
std::size_t BatchComparer::leave_open(Block& block, std::size_t k, const Form* forms,
                                      Differ&& differ) const {
  std::size_t count = 0, open = 0;
  for (std::size_t i = 0; i < block.size; ++i) {
    block.open[count] = static_cast<std::uint8_t>(i);
    count += block.differ[i] >> k & 1u;
  }
  for (std::size_t n = 0; n < count; ++n) {
    std::size_t const i = block.open[n];
    block.open[open] = static_cast<std::uint8_t>(i);
    open += differ(forms[block.a[i][k]], forms[block.b[i][k]]) ? 0u : 1u;
  }
  return open;
}

/// Levels of those of digits alone; the others stay open.
template <class LevelOf>
std::size_t BatchComparer::count_edits(Block& block, std::size_t k, std::size_t open,
                                       LevelOf&& level_of) const {
  NumberForm const* const forms = table_.numbers(table_.comparisons()[k].role);
  std::size_t left = 0;
  for (std::size_t n = 0; n < open; ++n) {
    std::size_t const i = block.open[n];
    NumberForm const &a = forms[block.a[i][k]], &b = forms[block.b[i][k]];
    Level const level = a.is_digits && b.is_digits ? level_of(a, b, edits(a, b)) : Level{0};
    block.patterns[i][k] = level;
    block.open[left] = static_cast<std::uint8_t>(i);
    left += level == 0 ? 1u : 0u;
  }
  return left;
}

void BatchComparer::work_out(Block& block, std::size_t k, std::size_t open) {
  Comparison const& one = table_.comparisons()[k];
  for (std::size_t n = 0; n < open; ++n) {
    std::size_t const i = block.open[n];
    block.patterns[i][k] = comparer_.alike(one.kind, one.role, block.a[i][k], block.b[i][k]);
  }
}

/// Given and family name crosswise, where that may fit better.
void BatchComparer::swap_names(Block& block) {
  std::size_t const given = place(ComparisonKind::given_name);
  std::size_t const family = place(ComparisonKind::family_name);
  std::size_t const swapped = place(ComparisonKind::names_swapped);
  WordForm const* const given_forms = table_.words(Role::given_name);
  WordForm const* const family_forms = table_.words(Role::family_name);
  std::size_t count = 0, open = 0;
  for (std::size_t i = 0; i < block.size; ++i) {
    Pattern& pattern = block.patterns[i];
    pattern[swapped] = (pattern[given] | pattern[family]) != 0 ? 1 : 0;
    block.open[count] = static_cast<std::uint8_t>(i);
    // Crosswise it is ten at most, and must be more by three.
    count += std::max<int>(pattern[given], 1) + std::max<int>(pattern[family], 1) < 8 ? 1u : 0u;
  }
  for (std::size_t n = 0; n < count; ++n) {
    std::size_t const i = block.open[n];
    ValueId const given_a = block.a[i][given], given_b = block.b[i][given];
    ValueId const family_a = block.a[i][family], family_b = block.b[i][family];
    bool const may_a = (given_a != 0) & (family_b != 0) &
                       !are_different_names(given_forms[given_a], family_forms[family_b]);
    bool const may_b = (family_a != 0) & (given_b != 0) &
                       !are_different_names(family_forms[family_a], given_forms[given_b]);
    Pattern const& pattern = block.patterns[i];
    int const straight = std::max<int>(pattern[given], 1) + std::max<int>(pattern[family], 1);
    int const across_most = 2 + 4 * static_cast<int>(may_a) + 4 * static_cast<int>(may_b);
    block.open[open] = static_cast<std::uint8_t>(i);
    open += across_most > straight + 2 ? 1u : 0u;
  }
  for (std::size_t n = 0; n < open; ++n) {
    std::size_t const i = block.open[n];
    comparer_.compare_names(block.a[i][given], block.a[i][family], block.b[i][given],
                            block.b[i][family], block.patterns[i]);
  }
}

/// Of given names that are alike, how rare the rarer is.
void BatchComparer::find_slips(Block& block) {
  std::size_t const given = place(ComparisonKind::given_name);
  std::size_t open = 0;
  for (std::size_t i = 0; i < block.size; ++i) {
    block.open[open] = static_cast<std::uint8_t>(i);
    open += may_be_slip(block.patterns[i][given]) ? 1u : 0u;
  }
  for (std::size_t n = 0; n < open; ++n) {
    std::size_t const i = block.open[n];
    comparer_.compare_slip(block.a[i][given], block.b[i][given], block.patterns[i]);
  }
}

/// Address lines crosswise, where the first ones differ.
void BatchComparer::cross_lines(Block& block) {
  std::size_t const first = place(ComparisonKind::address_line_1);
  std::size_t const second = place(ComparisonKind::address_line_2);
  WordForm const* const first_forms = table_.words(Role::address_line_1);
  WordForm const* const second_forms = table_.words(Role::address_line_2);
  std::size_t open = 0;
  for (std::size_t i = 0; i < block.size; ++i) {
    ValueId const first_a = block.a[i][first], first_b = block.b[i][first];
    ValueId const second_a = block.a[i][second], second_b = block.b[i][second];
    bool const may_down = (first_a != 0) & (second_b != 0) &
                          !are_different_texts(first_forms[first_a], second_forms[second_b]);
    bool const may_up = (second_a != 0) & (first_b != 0) &
                        !are_different_texts(second_forms[second_a], first_forms[first_b]);
    block.open[open] = static_cast<std::uint8_t>(i);
    open += static_cast<std::size_t>((block.patterns[i][first] <= 1) & (may_down | may_up));
  }
  for (std::size_t n = 0; n < open; ++n) {
    std::size_t const i = block.open[n];
    comparer_.compare_lines(block.a[i][first], block.a[i][second], block.b[i][first],
                            block.b[i][second], block.patterns[i]);
  }
}

}  // namespace hl7flow::linkage
