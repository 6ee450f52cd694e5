#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace hl7flow::linkage {

/// At most fifteen digits, four bits each, the first one lowest.
struct Digits {
  std::uint64_t text = 0;
  std::uint32_t size = 0;
};

/// The lowest bit of each place, of four bits, in which two numbers differ.
constexpr std::uint64_t differing_places(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t differ = a ^ b;
  differ |= differ >> 2;
  return (differ | differ >> 1) & 0x1111111111111111u;
}

/// edit_distance() of two numbers, up to 2; 3 if it is more. No branch hangs on the digits: after
/// each edit it follows, on each diagonal, how far the rest agrees (Landau and Vishkin, "Fast
/// parallel and serial approximate string matching", 1989).
inline std::uint32_t digit_edits(Digits a, Digits b) noexcept {
  // Behind their ends they agree on nothing.
  std::uint64_t const x = a.text | ~std::uint64_t{0} << 4 * a.size;
  std::uint64_t const y = b.text | 0xeeeeeeeeeeeeeeeeu << 4 * b.size;
  auto const from = [](std::uint64_t text, int at) { return text >> 4 * std::clamp(at, 0, 15); };
  // From place i of a, on the diagonal on which b is `ahead`: the first place that differs.
  auto const slide = [&](int i, int ahead) {
    std::uint64_t const differ = from(x, i) ^ from(y, i + ahead);
    return i + std::countr_zero(differ | std::uint64_t{1} << 60) / 4;
  };
  // Behind one edit on the same diagonal: a replacement, or two neighbours that are swapped.
  auto const replace = [&](int i, int ahead) {
    auto const p = static_cast<std::uint32_t>(from(x, i) & 0xff);
    auto const q = static_cast<std::uint32_t>(from(y, i + ahead) & 0xff);
    return i + (p == ((q >> 4 | q << 4) & 0xff) ? 2 : 1);
  };
  auto const ends_x = static_cast<int>(a.size), longer = static_cast<int>(b.size) - ends_x;
  int const none = slide(0, 0);
  int const same = slide(replace(none, 0), 0);
  int const down = slide(none + 1, -1), up = slide(none, 1);
  constexpr int never = -100;
  int const two[] = {
      slide(down + 1, -2),
      slide(std::max({replace(down, -1), same + 1}), -1),
      slide(std::max({replace(same, 0), up + 1, down}), 0),
      slide(std::max({replace(up, 1), same}), 1),
      slide(up, 2),
  };
  int const one[] = {never, down, same, up, never};
  if (longer < -2 || longer > 2) return 3;
  bool const is_none = longer == 0 && none >= ends_x;
  bool const is_one = one[longer + 2] >= ends_x;
  bool const is_two = two[longer + 2] >= ends_x;
  return is_none ? 0 : is_one ? 1 : is_two ? 2 : 3;
}

}  // namespace hl7flow::linkage
