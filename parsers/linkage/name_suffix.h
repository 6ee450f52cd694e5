#pragma once

#include <cstdint>
#include <string_view>

namespace hl7flow::linkage {

/// Which of several persons of one name a suffix means: 1 senior, 2 junior or "II", 3 "III",
/// 4 "IV"; 0: none of them ("MD"). `words`: a normal form, in small letters; of several ("jr md"),
/// the first that means one.
std::uint8_t generation_of(std::string_view words) noexcept;

}  // namespace hl7flow::linkage
