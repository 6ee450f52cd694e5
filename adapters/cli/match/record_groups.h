#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace hl7flow::cli {

/// Records by a number that each has, such as that of its person: groups in order of the numbers,
/// records of a group in order.
class RecordGroups {
 public:
  explicit RecordGroups(const std::vector<std::uint32_t>& number_of) : order_(number_of.size()) {
    std::size_t const most =
        number_of.empty() ? 0 : *std::max_element(number_of.begin(), number_of.end());
    std::vector<std::uint32_t> begins(most + 2);
    for (std::uint32_t const number : number_of) ++begins[number + 1];
    for (std::size_t k = 1; k < begins.size(); ++k) begins[k] += begins[k - 1];
    begins_.push_back(0);
    for (std::uint32_t const end : begins)
      if (end > begins_.back()) begins_.push_back(end);
    for (std::uint32_t k = 0; k < order_.size(); ++k) order_[begins[number_of[k]]++] = k;
  }
  std::size_t size() const noexcept { return begins_.size() - 1; }
  std::span<const std::uint32_t> operator[](std::size_t group) const noexcept {
    return std::span(order_).subspan(begins_[group], begins_[group + 1] - begins_[group]);
  }

 private:
  std::vector<std::uint32_t> begins_, order_;
};

}  // namespace hl7flow::cli
