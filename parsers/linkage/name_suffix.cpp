#include <hl7flow/parsers/linkage/name_suffix.h>

#include <algorithm>
#include <utility>

#include <hl7flow/parsers/linkage/person_table.h>

namespace hl7flow::linkage {

std::uint8_t generation_of(std::string_view words) noexcept {
  constexpr std::pair<std::string_view, std::uint8_t> known[] = {
      {"sr", 1}, {"senior", 1}, {"snr", 1}, {"jr", 2},  {"junior", 2}, {"jnr", 2},
      {"ii", 2}, {"2nd", 2},    {"iii", 3}, {"3rd", 3}, {"iv", 4},     {"4th", 4}};
  for (std::size_t begin = 0; begin < words.size();) {
    std::size_t const end = std::min(words.find(' ', begin), words.size());
    for (auto const& [text, number] : known)
      if (text == words.substr(begin, end - begin)) return number;
    begin = end + 1;
  }
  return 0;
}

std::string_view without_suffix(std::string_view name, std::uint8_t& generation) {
  std::size_t const gap = name.find_last_of(" ,");
  if (gap == std::string_view::npos) return name;
  std::uint8_t const found = generation_of(plain_words(name.substr(gap + 1)));
  std::size_t const last = name.find_last_not_of(" ,", gap);
  if (found == 0 || last == std::string_view::npos) return name;
  if (generation == 0) generation = found;
  return name.substr(0, last + 1);
}

}  // namespace hl7flow::linkage
