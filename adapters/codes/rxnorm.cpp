// RxNorm RRF: RXNCONSO (names; only those of RxNorm itself, SAB=RXNORM, which need no licence),
// RXNSAT (the NDCs of drugs), RXNCUI (identifiers that were retired or merged). Rows are parted by
// vertical bars and end with one. Source: NLM, "RxNorm technical documentation", column order from
// memory: RXNCONSO has RXCUI 1, LAT 2, SAB 12, TTY 13, STR 15, SUPPRESS 17; RXNSAT has RXCUI 1, ATN
// 9, SAB 10, ATV 11, SUPPRESS 12; RXNCUI has CUI1 1, CARDINALITY 4, CUI2 5.

#include <algorithm>
#include <map>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

namespace {

/// Which name of a concept is shown, the best first: clinical drugs and packs, then their parts.
int preference(std::string_view term_type) {
  constexpr std::string_view order[] = {"PSN",  "SCD", "SBD", "GPCK",  "BPCK", "SCDG", "SBDG",
                                        "IN",   "PIN", "MIN", "BN",    "SCDC", "SBDC", "SCDF",
                                        "SBDF", "DF",  "DFG", "SCDGP", "SY",   "TMSY", "ET"};
  for (std::size_t k = 0; k < std::size(order); ++k)
    if (order[k] == term_type) return static_cast<int>(k);
  return static_cast<int>(std::size(order));
}

using Row = std::vector<std::string_view>;

/// Takes the rows of an RRF file; `take` sees those with enough fields.
Status take_rrf(ReleaseText& file, std::size_t field_count,
                const std::function<RowOutcome(const Row&)>& take) {
  Row row;
  return take_lines(file, [&](std::string_view line) {
    if (!line.ends_with('|')) return bad_row("does not end with a bar");
    row.clear();
    for (std::size_t begin = 0; begin < line.size();) {
      std::size_t const end = line.find('|', begin);
      row.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    if (row.size() < field_count) return bad_row("has too few fields");
    return take(row);
  });
}

Status read_names(codes::StoreBuilder& builder, ReleaseText& file, codes::SystemId system) {
  std::map<std::uint32_t, int> shown;  // concept to the preference of its display
  return take_rrf(file, 18, [&](const Row& row) {
    if (row[11] != "RXNORM" || row[1] != "ENG") return row_skipped;
    FormedCode const code = formed_code(codes::Family::rxnorm, row[0]);
    if (!code.is_good() || row[14].empty()) return bad_row("has no RXCUI or no name");
    std::uint32_t const subject = builder.mention(system, code.view());
    int const mine = preference(row[12]);
    auto const [known, is_new] = shown.try_emplace(subject, mine);
    if (is_new || mine < known->second) {
      if (!is_new) builder.add_name(subject, codes::NameKind::synonym, builder.display(subject));
      known->second = mine;
      codes::ConceptFacts facts;
      facts.code = code.view();
      facts.display = row[14];
      // Suppressed names stay known, so that old messages are understood.
      if (row[16] == "O" || row[16] == "E") facts.status = codes::CodeStatus::discouraged;
      builder.add(system, facts);
    } else {
      builder.add_name(subject, codes::NameKind::synonym, row[14]);
    }
    return row_loaded;
  });
}

Status read_attributes(codes::StoreBuilder& builder, ReleaseText& file, codes::SystemId system) {
  codes::SystemFacts facts;
  facts.name = "NDC";
  codes::MapFacts map;
  map.name = "RxNorm NDC";
  map.source = builder.system(facts);
  map.target = system;
  codes::MapId const id = builder.map(map);
  return take_rrf(file, 12, [&](const Row& row) {
    if (row[8] != "NDC" || row[9] != "RXNORM") return row_skipped;
    FormedCode const code = formed_code(codes::Family::rxnorm, row[0]);
    FormedCode const package = formed_code(codes::Family::ndc, row[10]);
    if (!code.is_good() || !package.is_good()) return bad_row("has no RXCUI or no NDC");
    std::uint32_t const drug = builder.mention(system, code.view());
    builder.add_target(id, builder.mention(map.source, package.view(), builder.display(drug)), drug,
                       {});
    return row_loaded;
  });
}

Status read_retired(codes::StoreBuilder& builder, ReleaseText& file, codes::SystemId system) {
  codes::MapFacts map;
  map.name = "RxNorm successors";
  map.source = map.target = system;
  map.kind = codes::MapKind::successor;
  codes::MapId const id = builder.map(map);
  return take_rrf(file, 5, [&](const Row& row) {
    FormedCode const old = formed_code(codes::Family::rxnorm, row[0]);
    FormedCode const next = formed_code(codes::Family::rxnorm, row[4]);
    if (!old.is_good()) return bad_row("has no RXCUI");
    if (old.view() == next.view()) return row_skipped;  // it was split, and a part kept the number
    codes::ConceptFacts facts;
    facts.code = old.view();
    facts.status = codes::CodeStatus::retired;
    std::uint32_t const subject = builder.add(system, facts);
    if (next.is_good()) builder.add_target(id, subject, builder.mention(system, next.view()), {});
    return row_loaded;
  });
}

}  // namespace

Status load_rxnorm(codes::StoreBuilder& builder, const Release& release) {
  codes::SystemFacts facts;
  facts.name = "RXNORM";
  codes::SystemId const system = builder.system(facts);
  struct Part {
    std::string_view pattern, kind;
    Status (*read)(codes::StoreBuilder&, ReleaseText&, codes::SystemId);
    bool needed;
  };
  constexpr Part parts[] = {{"RXNCONSO.RRF", "RxNorm names", read_names, true},
                            {"RXNSAT.RRF", "RxNorm attributes", read_attributes, false},
                            {"RXNCUI.RRF", "RxNorm retired", read_retired, false}};
  for (Part const& part : parts) {
    // The full release has the prescribable subset in a folder of its own: the same rows again.
    auto const files = matching_files(release, {part.pattern});
    if (files.empty() && part.needed) return none_found(release, part.pattern);
    if (files.empty()) continue;
    std::string const file =
        *std::min_element(files.begin(), files.end(),
                          [](auto const& a, auto const& b) { return a.size() < b.size(); });
    auto const read = read_release_file(builder, release, file, part.kind, Encoding::utf8,
                                        [&](codes::StoreBuilder& into, ReleaseText& text) {
                                          return part.read(into, text, system);
                                        });
    if (!read) return read;
  }
  return {};
}

}  // namespace hl7flow::adapters
