#include <hl7flow/parsers/linkage/compared_table.h>

#include <algorithm>

namespace hl7flow::linkage {

namespace {

constexpr std::size_t piece = 1u << 14;

/// Forms of all values of a role.
template <class Form>
void make_forms(const PersonTable& table, Role role, Form (*form_of)(Role, std::string_view),
                const ParallelFor& parallel_for, std::vector<Form>& forms) {
  if (!forms.empty()) return;
  forms.resize(table.value_count(role));
  parallel_for((forms.size() + piece - 1) / piece, [&](std::size_t part) {
    std::size_t const end = std::min(forms.size(), (part + 1) * piece);
    for (std::size_t value = std::max<std::size_t>(part * piece, 1); value < end; ++value)
      forms[value] = form_of(role, table.text_of(role, static_cast<ValueId>(value)));
  });
}

}  // namespace

ComparedTable::ComparedTable(const PersonTable& table, std::vector<Comparison> comparisons,
                             const ParallelFor& parallel_for)
    : table_(table), comparisons_(std::move(comparisons)), rows_(table.size() * comparison_max) {
  parallel_for((table.size() + piece - 1) / piece, [&](std::size_t part) {
    std::size_t const end = std::min(table.size(), (part + 1) * piece);
    for (std::size_t k = 0; k < comparisons_.size(); ++k)
      for (std::size_t record = part * piece; record < end; ++record)
        if (!is_of_another(comparisons_[k].kind))
          rows_[record * comparison_max + k] = table.value(comparisons_[k].role, record);
  });
  for (Comparison const& one : comparisons_) {
    auto const role = static_cast<std::size_t>(one.role);
    if (is_of_digits(one.role))
      make_forms(table, one.role, number_form, parallel_for, numbers_[role]);
    else
      make_forms(table, one.role, word_form, parallel_for, words_[role]);
  }
}

}  // namespace hl7flow::linkage
