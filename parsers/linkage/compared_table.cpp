#include <hl7flow/parsers/linkage/compared_table.h>

#include <algorithm>
#include <bit>

namespace hl7flow::linkage {

ComparedTable::ComparedTable(const PersonTable& table, std::vector<Comparison> comparisons,
                             const ParallelFor& parallel_for)
    : table_(table), comparisons_(std::move(comparisons)) {
  std::vector<Role> roles;
  for (Comparison const& one : comparisons_)
    if (std::find(roles.begin(), roles.end(), one.role) == roles.end()) {
      places_[static_cast<std::size_t>(one.role)] = roles.size();
      roles.push_back(one.role);
    }
  stride_ = std::bit_ceil(std::max<std::size_t>(roles.size(), 1));
  rows_ = HugeArray<ValueId>(table.size() * stride_);
  constexpr std::size_t piece = 1u << 14;
  parallel_for((table.size() + piece - 1) / piece, [&](std::size_t part) {
    std::size_t const end = std::min(table.size(), (part + 1) * piece);
    for (std::size_t k = 0; k < roles.size(); ++k)
      for (std::size_t record = part * piece; record < end; ++record)
        rows_[record * stride_ + k] = table.value(roles[k], record);
  });
  for (Role const role : roles) {
    auto& forms = forms_[static_cast<std::size_t>(role)];
    forms.resize(table.value_count(role));
    parallel_for((forms.size() + piece - 1) / piece, [&](std::size_t part) {
      std::size_t const end = std::min(forms.size(), (part + 1) * piece);
      for (std::size_t value = std::max<std::size_t>(part * piece, 1); value < end; ++value)
        forms[value] = form_of(role, table.text_of(role, static_cast<ValueId>(value)));
    });
  }
}

}  // namespace hl7flow::linkage
