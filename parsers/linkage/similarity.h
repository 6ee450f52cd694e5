#pragma once

#include <cstddef>
#include <string_view>

// How alike two short texts are. Bytes count as characters; texts of more than 64 are cut there. No
// heap; thread-safe.
namespace hl7flow::linkage {

/// From 0 to 1, with a bonus for a common beginning of up to four where Jaro's is over 0.7 (Winkler
/// 1990, "String comparator metrics", p = 0.1). Both empty: 0.
double jaro_winkler(std::string_view a, std::string_view b) noexcept;

/// Insertions, deletions, replacements and swaps of neighbours from one to the other (optimal
/// string alignment), or `most` + 1 if there are more.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) noexcept;

}  // namespace hl7flow::linkage
