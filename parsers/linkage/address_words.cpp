#include <hl7flow/parsers/linkage/address_words.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace hl7flow::linkage {

namespace {

// A line for each word: first the abbreviation, then what it stands for. Appendix C1 (suffixes),
// C2 (secondary units) and B (directions) of Publication 28, but for words that are rather names.
constexpr std::string_view forms[] = {"aly alley allee ally",
                                      "anx annex annx anex",
                                      "arc arcade",
                                      "ave avenue av aven avenu avn avnue",
                                      "byu bayou bayoo",
                                      "bch beach",
                                      "bnd bend",
                                      "blf bluff bluf",
                                      "btm bottom bot bottm",
                                      "blvd boulevard boul boulv bvd",
                                      "br branch brnch",
                                      "brg bridge brdge",
                                      "brk brook",
                                      "byp bypass bypa byps",
                                      "cswy causeway causwa",
                                      "ctr center centre cen cent centr cntr cnter",
                                      "cir circle circ circl crcl crcle",
                                      "clf cliff",
                                      "clb club",
                                      "cor corner",
                                      "cors corners",
                                      "cres crescent crsent crsnt cresent",
                                      "xing crossing crssng",
                                      "ct court crt",
                                      "cts courts",
                                      "cv cove",
                                      "crk creek",
                                      "curv curve",
                                      "dl dale",
                                      "dr drive driv drv",
                                      "est estate",
                                      "ests estates",
                                      "expy expressway exp expr express expw",
                                      "ext extension extn extnsn",
                                      "fls falls",
                                      "fry ferry frry",
                                      "fld field",
                                      "flds fields",
                                      "flt flat",
                                      "frd ford",
                                      "frst forest",
                                      "frg forge forg",
                                      "frk fork",
                                      "ft fort frt",
                                      "fwy freeway freewy frway frwy",
                                      "gdn garden gardn grden grdn",
                                      "gdns gardens grdns",
                                      "gtwy gateway gatewy gatway gtway",
                                      "gln glen",
                                      "grn green",
                                      "grv grove grov",
                                      "hbr harbor harbour harb harbr hrbor",
                                      "hvn haven",
                                      "hts heights ht",
                                      "hwy highway highwy hiway hiwy hway",
                                      "hl hill",
                                      "hls hills",
                                      "holw hollow hllw",
                                      "inlt inlet",
                                      "is island islnd",
                                      "jct junction jction jctn junctn juncton",
                                      "ky key",
                                      "knl knoll knol",
                                      "lk lake",
                                      "lks lakes",
                                      "lndg landing lndng",
                                      "ln lane",
                                      "lgt light",
                                      "lck lock",
                                      "ldg lodge ldge lodg",
                                      "mnr manor",
                                      "mdw meadow",
                                      "mdws meadows medows",
                                      "ml mill",
                                      "mls mills",
                                      "mtwy motorway",
                                      "mt mount mnt",
                                      "mtn mountain mntain mntn mountin mtin",
                                      "orch orchard orchrd",
                                      "opas overpass",
                                      "pkwy parkway parkwy pkway pky",
                                      "psge passage",
                                      "pne pine",
                                      "pl place",
                                      "pln plain",
                                      "plns plains",
                                      "plz plaza plza",
                                      "pt point",
                                      "pts points",
                                      "prt port",
                                      "pr prairie prr",
                                      "rnch ranch",
                                      "rpd rapid",
                                      "rst rest",
                                      "rdg ridge rdge",
                                      "riv river rvr rivr",
                                      "rd road",
                                      "rds roads",
                                      "rte route",
                                      "shl shoal",
                                      "shr shore shoar",
                                      "skwy skyway",
                                      "spg spring spng sprng",
                                      "spgs springs spngs sprngs",
                                      "sq square sqr sqre squ",
                                      "sta station statn stn",
                                      "strm stream streme",
                                      "st street strt str",
                                      "smt summit sumit sumitt",
                                      "ter terrace terr tce",
                                      "trwy throughway",
                                      "trce trace",
                                      "trak track trk",
                                      "trl trail",
                                      "tunl tunnel tunel tunls",
                                      "tpke turnpike trnpk turnpk",
                                      "upas underpass",
                                      "un union",
                                      "vly valley vally vlly",
                                      "via viaduct vdct viadct",
                                      "vw view",
                                      "vlg village vill villag villg",
                                      "vl ville",
                                      "vis vista vist vst vsta",
                                      "wl well",
                                      "wls wells",
                                      "n north",
                                      "s south",
                                      "e east",
                                      "w west",
                                      "ne northeast",
                                      "nw northwest",
                                      "se southeast",
                                      "sw southwest",
                                      "bsmt basement",
                                      "bldg building",
                                      "fl floor flr",
                                      "ofc office",
                                      "ph penthouse",
                                      "trlr trailer",
                                      "co county",
                                      "1st first",
                                      "2nd second",
                                      "3rd third",
                                      "4th fourth",
                                      "5th fifth",
                                      "6th sixth",
                                      "7th seventh",
                                      "8th eighth",
                                      "9th ninth",
                                      "10th tenth",
                                      "11th eleventh",
                                      "12th twelfth"};

using Forms = std::unordered_map<std::string_view, std::string_view>;

/// The words of a line, separated by one blank each.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin < line.size();) {
    std::size_t const end = std::min(line.find(' ', begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

Forms make_forms() {
  Forms made;
  for (std::string_view const line : forms) {
    auto const words = words_of(line);
    for (std::string_view const word : words) made.emplace(word, words.front());
  }
  return made;
}

bool is_unit_word(std::string_view word) {
  constexpr std::string_view all[] = {"apt",   "apartment", "apmt", "aptmt", "unit",
                                      "suite", "ste",       "rm",   "room",  "lot",
                                      "spc",   "space",     "dept", "no",    "flat"};
  return std::find(std::begin(all), std::end(all), word) != std::end(all);
}

/// "4b", "12", "c".
bool is_unit_number(std::string_view word) {
  return word.size() == 1 ||
         std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool begins_with_digit(std::string_view word) { return word[0] >= '0' && word[0] <= '9'; }

/// How many of the words from `at` on say "post office box".
std::size_t box_words(const std::vector<std::string_view>& words, std::size_t at) {
  auto const are = [&](std::initializer_list<std::string_view> wanted) {
    return at + wanted.size() <= words.size() &&
           std::equal(wanted.begin(), wanted.end(),
                      words.begin() + static_cast<std::ptrdiff_t>(at));
  };
  if (are({"p", "o", "box"}) || are({"post", "office", "box"})) return 3;
  if (are({"po", "box"})) return 2;
  return are({"pob"}) || (at == 0 && are({"box"})) ? 1 : 0;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string made;
  for (std::string_view const word : words) made.append(made.empty() ? "" : " ").append(word);
  return made;
}

}  // namespace

std::string address_words(std::string_view line) {
  static const Forms known = make_forms();
  auto const words = words_of(line);
  std::vector<std::string_view> made;
  std::string_view unit;  // that came first
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (std::size_t const count = box_words(words, k); count > 0) {
      made.insert(made.end(), {"po", "box"});
      k += count - 1;
      continue;
    }
    if (k + 1 < words.size() && words[k] == "rural" && words[k + 1] == "route") {
      made.emplace_back("rr");
      ++k;
      continue;
    }
    if (is_unit_word(words[k])) {
      // "# apt 4" came as "apt apt 4".
      if (k + 1 < words.size() && is_unit_word(words[k + 1])) continue;
      if (k + 1 < words.size() && is_unit_number(words[k + 1])) {
        bool const is_first =
            made.empty() && k + 2 < words.size() && begins_with_digit(words[k + 2]);
        if (is_first) unit = words[++k];
        continue;
      }
    }
    auto const form = known.find(words[k]);
    made.push_back(form == known.end() ? words[k] : form->second);
  }
  if (!unit.empty()) made.push_back(unit);
  return joined(made);
}

std::string city_words(std::string_view city) {
  auto words = words_of(city);
  if (words.size() < 2) return std::string(city);
  if (words[0] == "saint") words[0] = "st";
  if (words[0] == "fort") words[0] = "ft";
  if (words[0] == "mount") words[0] = "mt";
  return joined(words);
}

}  // namespace hl7flow::linkage
