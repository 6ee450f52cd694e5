#include <hl7flow/parsers/linkage/name_suffix.h>

#include <utility>

namespace hl7flow::linkage {

std::uint8_t generation_of(std::string_view word) noexcept {
  constexpr std::pair<std::string_view, std::uint8_t> known[] = {
      {"sr", 1}, {"senior", 1}, {"snr", 1}, {"jr", 2},  {"junior", 2}, {"jnr", 2},
      {"ii", 2}, {"2nd", 2},    {"iii", 3}, {"3rd", 3}, {"iv", 4},     {"4th", 4}};
  for (auto const& [text, number] : known)
    if (text == word) return number;
  return 0;
}

}  // namespace hl7flow::linkage
