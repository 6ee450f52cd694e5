#pragma once

#include <string>
#include <string_view>

namespace hl7flow::linkage {

/// UTF-8 text with its letters as small Latin ones without accents, as far as they are known: Latin
/// ones (ß is ss, æ ae, ø o, þ th; Vietnamese and Romanian too), Cyrillic ones by BGN/PCGN's system
/// for Russian and what other languages add to it, Greek ones by ELOT 743. Typographic apostrophes,
/// hyphens and blanks become plain ones, accents that stand alone go. Everything else is copied:
/// ASCII, other scripts, bytes that are no UTF-8. Thread-safe.
///
/// A table, not ICU: the persons of a state follow from it, and must not change with the version of
/// a system's library.
std::string latin_letters(std::string_view text);

}  // namespace hl7flow::linkage
