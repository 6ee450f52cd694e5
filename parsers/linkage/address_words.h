#pragma once

#include <string>
#include <string_view>

namespace hl7flow::linkage {

/// An address line, already in small letters with one blank between words, with its words as USPS
/// Publication 28 abbreviates them, so that two spellings are one: "north main street apartment 4b"
/// is "n main st 4b". What names a flat (apt, unit, suite) goes where its number follows, and a
/// flat that comes first goes behind; a post office box is "po box 7"; first to twelfth are 1st to
/// 12th. Thread-safe.
std::string address_words(std::string_view line);

/// "saint louis" is "st louis", "fort worth" "ft worth", "mount vernon" "mt vernon".
std::string city_words(std::string_view city);

}  // namespace hl7flow::linkage
