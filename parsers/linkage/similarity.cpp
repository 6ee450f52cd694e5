#include <hl7flow/parsers/linkage/similarity.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>

namespace hl7flow::linkage {

namespace {

constexpr std::size_t size_max = 64;

/// A bit for each character that is there; some share one.
std::uint64_t characters(std::string_view text) {
  std::uint64_t found = 0;
  for (char const c : text) found |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63);
  return found;
}

}  // namespace

double jaro_winkler(std::string_view a, std::string_view b) noexcept {
  a = a.substr(0, size_max);
  b = b.substr(0, size_max);
  if (a.empty() || b.empty()) return 0;
  std::size_t const longer = std::max(a.size(), b.size());
  std::size_t const reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
  std::uint64_t taken = 0;  // characters of b that are matched
  std::array<char, size_max> matched{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t const begin = i > reach ? i - reach : 0;
    std::size_t const end = std::min(i + reach + 1, b.size());
    for (std::size_t j = begin; j < end; ++j) {
      if ((taken >> j & 1) != 0 || a[i] != b[j]) continue;
      taken |= std::uint64_t{1} << j;
      matched[count++] = a[i];
      break;
    }
  }
  if (count == 0) return 0;
  std::size_t transposed = 0, k = 0;
  for (std::uint64_t rest = taken; rest != 0; rest &= rest - 1)
    transposed += b[static_cast<std::size_t>(std::countr_zero(rest))] != matched[k++] ? 1 : 0;
  auto const m = static_cast<double>(count);
  double const jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                       (m - static_cast<double>(transposed) / 2) / m) /
                      3;
  if (jaro <= 0.7) return jaro;
  std::size_t common = 0;
  while (common < 4 && common < a.size() && common < b.size() && a[common] == b[common]) ++common;
  return jaro + static_cast<double>(common) * 0.1 * (1 - jaro);
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) noexcept {
  a = a.substr(0, size_max);
  b = b.substr(0, size_max);
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > most) return most + 1;
  while (!a.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.empty()) return std::min(b.size(), most + 1);
  // An edit changes at most two of the characters that are there.
  auto const differing = static_cast<std::size_t>(std::popcount(characters(a) ^ characters(b)));
  if (differing > 2 * most) return most + 1;
  std::array<std::array<std::uint8_t, size_max + 1>, 3> rows;
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    auto const& above = rows[(i + 2) % 3];
    auto const& two_above = rows[(i + 1) % 3];
    row[0] = static_cast<std::uint8_t>(i);
    std::size_t best = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      int const differs = a[i - 1] == b[j - 1] ? 0 : 1;
      int cost = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + differs});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost = std::min(cost, two_above[j - 2] + 1);
      row[j] = static_cast<std::uint8_t>(cost);
      best = std::min(best, static_cast<std::size_t>(cost));
    }
    if (best > most + 1) return most + 1;
  }
  return std::min<std::size_t>(rows[a.size() % 3][b.size()], most + 1);
}

}  // namespace hl7flow::linkage
