#pragma once

#include <cstdint>
#include <string_view>

namespace hl7flow::linkage {

/// Which of several persons of one name a suffix means: 1 senior, 2 junior or "II", 3 "III",
/// 4 "IV"; 0: none of them ("MD"). `words`: a normal form, in small letters; of several ("jr md"),
/// the first that means one.
std::uint8_t generation_of(std::string_view words) noexcept;

/// Whether two generations are those of two persons: both are known, and they differ.
constexpr bool are_two_generations(std::uint8_t a, std::uint8_t b) noexcept {
  return a != 0 && b != 0 && a != b;
}

/// Of "Smith, Jr.", or its normal form: the name. `generation` is what the suffix says, unless it
/// is known already.
std::string_view without_suffix(std::string_view name, std::uint8_t& generation);

}  // namespace hl7flow::linkage
