#include <hl7flow/parsers/linkage/latin_letters.h>

#include <algorithm>
#include <array>

namespace hl7flow::linkage {

namespace {

/// U+00C0 to U+017F. What comes to two letters stands in `pairs`.
constexpr std::string_view plain_letters =
    "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

struct Letter {
  char32_t letter;
  std::string_view latin;
};
// In order.
constexpr Letter pairs[] = {
    {0xc6, "ae"},  {0xde, "th"},  {0xdf, "ss"},  {0xe6, "ae"},  {0xfe, "th"},  {0x132, "ij"},
    {0x133, "ij"}, {0x152, "oe"}, {0x153, "oe"}, {0x18f, "a"},  {0x1a0, "o"},  {0x1a1, "o"},
    {0x1af, "u"},  {0x1b0, "u"},  {0x1e2, "ae"}, {0x1e3, "ae"}, {0x1fc, "ae"}, {0x1fd, "ae"},
    {0x1fe, "o"},  {0x1ff, "o"},  {0x218, "s"},  {0x219, "s"},  {0x21a, "t"},  {0x21b, "t"},
    {0x259, "a"},  {0x2b9, "'"},  {0x2bb, "'"},  {0x2bc, "'"},  {0x1e9e, "ss"}};

/// Runs of letters that have one base: U+01CD on, and Vietnamese.
struct Run {
  char32_t first, last;
  std::string_view latin;
};
constexpr Run runs[] = {
    {0x1cd, 0x1ce, "a"},   {0x1cf, 0x1d0, "i"},   {0x1d1, 0x1d2, "o"},   {0x1d3, 0x1dc, "u"},
    {0x1de, 0x1e1, "a"},   {0x1e4, 0x1e7, "g"},   {0x1e8, 0x1e9, "k"},   {0x1ea, 0x1ed, "o"},
    {0x1f4, 0x1f5, "g"},   {0x1f8, 0x1f9, "n"},   {0x1fa, 0x1fb, "a"},   {0x200, 0x203, "a"},
    {0x204, 0x207, "e"},   {0x208, 0x20b, "i"},   {0x20c, 0x20f, "o"},   {0x210, 0x213, "r"},
    {0x214, 0x217, "u"},   {0x226, 0x227, "a"},   {0x228, 0x229, "e"},   {0x22a, 0x231, "o"},
    {0x232, 0x233, "y"},   {0x1e00, 0x1e01, "a"}, {0x1e02, 0x1e07, "b"}, {0x1e08, 0x1e09, "c"},
    {0x1e0a, 0x1e13, "d"}, {0x1e14, 0x1e1d, "e"}, {0x1e1e, 0x1e1f, "f"}, {0x1e20, 0x1e21, "g"},
    {0x1e22, 0x1e2b, "h"}, {0x1e2c, 0x1e2f, "i"}, {0x1e30, 0x1e35, "k"}, {0x1e36, 0x1e3d, "l"},
    {0x1e3e, 0x1e43, "m"}, {0x1e44, 0x1e4b, "n"}, {0x1e4c, 0x1e53, "o"}, {0x1e54, 0x1e57, "p"},
    {0x1e58, 0x1e5f, "r"}, {0x1e60, 0x1e69, "s"}, {0x1e6a, 0x1e71, "t"}, {0x1e72, 0x1e7b, "u"},
    {0x1e7c, 0x1e7f, "v"}, {0x1e80, 0x1e89, "w"}, {0x1e8a, 0x1e8d, "x"}, {0x1e8e, 0x1e8f, "y"},
    {0x1e90, 0x1e95, "z"}, {0x1ea0, 0x1eb7, "a"}, {0x1eb8, 0x1ec7, "e"}, {0x1ec8, 0x1ecb, "i"},
    {0x1ecc, 0x1ee3, "o"}, {0x1ee4, 0x1ef1, "u"}, {0x1ef2, 0x1ef9, "y"}};

// U+0430 to U+045F, small ones; hard and soft signs are silent.
constexpr std::string_view cyrillic[] = {
    "a", "b", "v",  "g", "d",  "e",  "zh", "z",  "i",  "y",    "k",  "l", "m", "n", "o",  "p",
    "r", "s", "t",  "u", "f",  "kh", "ts", "ch", "sh", "shch", "",   "y", "",  "e", "yu", "ya",
    "e", "e", "dj", "g", "ye", "dz", "i",  "yi", "j",  "lj",   "nj", "c", "k", "i", "u",  "dz"};

// U+03B1 to U+03C9, small ones without accents.
constexpr std::string_view greek[] = {"a", "v", "g", "d", "e",  "z",  "i", "th", "i",
                                      "k", "l", "m", "n", "x",  "o",  "p", "r",  "s",
                                      "s", "t", "y", "f", "ch", "ps", "o"};
constexpr char32_t alpha = 0x3b1, gamma = 0x3b3, epsilon = 0x3b5, eta = 0x3b7, mu = 0x3bc,
                   xi = 0x3be, omicron = 0x3bf, pi = 0x3c0, upsilon = 0x3c5, chi = 0x3c7,
                   omega = 0x3c9;

/// A small Greek letter without its accent; 0 if it is none. A dieresis is kept apart: it says that
/// two letters are no diphthong.
char32_t greek_base(char32_t c) noexcept {
  if (c >= 0x391 && c <= 0x3a9) return c + 32;
  if (c >= alpha && c <= omega) return c;
  switch (c) {
    case 0x386:
    case 0x3ac:
      return alpha;
    case 0x388:
    case 0x3ad:
      return epsilon;
    case 0x389:
    case 0x3ae:
      return eta;
    case 0x38a:
    case 0x3af:
    case 0x390:
    case 0x3aa:
    case 0x3ca:
      return 0x3b9;
    case 0x38c:
    case 0x3cc:
      return omicron;
    case 0x38e:
    case 0x3cd:
    case 0x3ab:
    case 0x3b0:
    case 0x3cb:
      return upsilon;
    case 0x38f:
    case 0x3ce:
      return omega;
    default:
      return 0;
  }
}
bool has_dieresis(char32_t c) noexcept {
  return c == 0x390 || c == 0x3aa || c == 0x3ca || c == 0x3ab || c == 0x3b0 || c == 0x3cb;
}
/// Before these, and at the end of a word, αυ and ευ are af and ef.
bool is_voiceless(char32_t base) noexcept {
  constexpr char32_t all[] = {0, 0x3b8, 0x3ba, xi, pi, 0x3c3, 0x3c2, 0x3c4, 0x3c6, chi, 0x3c8};
  return std::find(std::begin(all), std::end(all), base) != std::end(all);
}

/// ELOT 743 of a letter between others; those are 0 at the ends of a word.
std::string_view greek_letter(char32_t before, char32_t letter, char32_t next) noexcept {
  char32_t const base = greek_base(letter), last = greek_base(before), coming = greek_base(next);
  if (base == upsilon && !has_dieresis(letter)) {
    if (last == omicron) return "u";
    if (last == alpha || last == epsilon || last == eta) return is_voiceless(coming) ? "f" : "v";
  }
  if (base == gamma && (coming == gamma || coming == xi || coming == chi)) return "n";
  return greek[base - alpha];
}

/// The code point at a place, and how many bytes it has; 0 bytes if there is none.
struct Decoded {
  char32_t point = 0;
  std::size_t size = 0;
};
Decoded decode(std::string_view text, std::size_t at) noexcept {
  auto const byte = [&](std::size_t k) { return static_cast<unsigned char>(text[at + k]); };
  if (at >= text.size()) return {};
  unsigned char const first = byte(0);
  if (first < 0x80) return {first, 1};
  std::size_t const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > text.size()) return {};
  char32_t point = first & (0xffu >> (size + 1));
  for (std::size_t k = 1; k < size; ++k) {
    if ((byte(k) & 0xc0u) != 0x80u) return {};
    point = point << 6 | (byte(k) & 0x3fu);
  }
  return {point, size};
}

bool is_known(char32_t c, std::string_view& latin) noexcept {
  auto const* const pair =
      std::lower_bound(std::begin(pairs), std::end(pairs), c,
                       [](Letter const& one, char32_t wanted) { return one.letter < wanted; });
  if (pair != std::end(pairs) && pair->letter == c) {
    latin = pair->latin;
    return true;
  }
  if (c >= 0xc0 && c <= 0x17f) {
    latin = plain_letters.substr(c - 0xc0, 1);
    return true;
  }
  for (Run const& run : runs)
    if (c >= run.first && c <= run.last) {
      latin = run.latin;
      return true;
    }
  if (c >= 0x400 && c <= 0x45f) {
    char32_t const small = c < 0x410 ? c + 80 : c < 0x430 ? c + 32 : c;
    latin = cyrillic[small - 0x430];
    return true;
  }
  if (c == 0x490 || c == 0x491) {
    latin = "g";
    return true;
  }
  bool const is_accent = c >= 0x300 && c <= 0x36f;
  bool const is_blank = c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x3000;
  bool const is_hyphen = c == 0xad || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
  bool const is_apostrophe = c == 0x2018 || c == 0x2019 || c == 0x201b || c == 0xb4;
  latin = is_blank ? " " : is_hyphen ? "-" : is_apostrophe ? "'" : "";
  return is_accent || is_blank || is_hyphen || is_apostrophe;
}

}  // namespace

std::string latin_letters(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  char32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    Decoded const one = decode(text, at);
    std::string_view latin;
    Decoded const coming = decode(text, at + one.size);
    bool const begins_with_b =
        greek_base(one.point) == mu && greek_base(coming.point) == pi && greek_base(before) == 0;
    if (begins_with_b) {
      made += 'b';
      before = coming.point;
      at += one.size + coming.size;
      continue;
    }
    if (one.size > 1 && greek_base(one.point) != 0)
      made += greek_letter(before, one.point, coming.point);
    else if (one.size > 1 && is_known(one.point, latin))
      made += latin;
    else
      made += text.substr(at, std::max<std::size_t>(one.size, 1));
    before = one.point;
    at += std::max<std::size_t>(one.size, 1);
  }
  return made;
}

}  // namespace hl7flow::linkage
