#include <hl7flow/parsers/linkage/similarity.h>

#include <algorithm>
#include <bit>
#include <cstdint>

#include <hl7flow/parsers/simd/name_match.h>

namespace hl7flow::linkage {

namespace {

constexpr std::size_t size_max = 64;

/// A bit for each character that is there; some share one.
std::uint64_t characters(std::string_view text) {
  std::uint64_t found = 0;
  for (char const c : text) found |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63);
  return found;
}

template <std::size_t room>
double padded_jaro_winkler(std::string_view a, std::string_view b) noexcept {
  return simd::short_jaro_winkler(simd::padded<room>(a), static_cast<std::uint32_t>(a.size()),
                                  simd::padded<room>(b), static_cast<std::uint32_t>(b.size()));
}

template <std::size_t room>
std::size_t padded_edit_distance(std::string_view a, std::string_view b) noexcept {
  return simd::short_edit_distance(simd::padded<room>(a), static_cast<std::uint32_t>(a.size()),
                                   simd::padded<room>(b), static_cast<std::uint32_t>(b.size()));
}

}  // namespace

double jaro_winkler(std::string_view a, std::string_view b) noexcept {
  a = a.substr(0, size_max);
  b = b.substr(0, size_max);
  if (a.empty() || b.empty()) return 0;
  std::size_t const longer = std::max(a.size(), b.size());
  return longer <= 16   ? padded_jaro_winkler<16>(a, b)
         : longer <= 32 ? padded_jaro_winkler<32>(a, b)
                        : padded_jaro_winkler<64>(a, b);
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) noexcept {
  a = a.substr(0, size_max);
  b = b.substr(0, size_max);
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > most) return most + 1;
  if (a.empty()) return b.size();
  // An edit changes at most two of the characters that are there.
  auto const differing = static_cast<std::size_t>(std::popcount(characters(a) ^ characters(b)));
  if (differing > 2 * most) return most + 1;
  std::size_t const edits = b.size() <= 16   ? padded_edit_distance<16>(a, b)
                            : b.size() <= 32 ? padded_edit_distance<32>(a, b)
                                             : padded_edit_distance<64>(a, b);
  return std::min(edits, most + 1);
}

}  // namespace hl7flow::linkage
