#include <hl7flow/adapters/codes/gems.h>

#include <algorithm>

#include <hl7flow/adapters/codes/loaders.h>

// Source: CMS and NCHS, "General Equivalence Mappings: documentation for technical users" (2018):
// flags are approximate, no map, combination, scenario, choice list; NoDx and NoPCS stand for no
// target. From memory; no file was at hand.

namespace hl7flow::adapters {

namespace {

struct Kind {
  std::string_view pattern;
  GemDirection direction;
};
constexpr Kind kinds[] = {
    {"*I9gem*.txt", {"ICD-9-CM", "ICD-10-CM", "GEM 9 to 10"}},
    {"*I10gem*.txt", {"ICD-10-CM", "ICD-9-CM", "GEM 10 to 9"}},
    {"*gem_i9pcs*.txt", {"ICD-9-PCS", "ICD-10-PCS", "GEM 9 to 10, procedures"}},
    {"*gem_pcsi9*.txt", {"ICD-10-PCS", "ICD-9-PCS", "GEM 10 to 9, procedures"}},
};

struct Flags {
  bool approximate, no_map, combination;
  std::uint8_t scenario, choice_list;
};

std::optional<Flags> flags_of(std::string_view text) {
  auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 5 || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  if (text[0] > '1' || text[1] > '1' || text[2] > '1') return std::nullopt;
  Flags const flags{text[0] == '1', text[1] == '1', text[2] == '1',
                    static_cast<std::uint8_t>(text[3] - '0'),
                    static_cast<std::uint8_t>(text[4] - '0')};
  // A part of a combination says of which one.
  if (flags.combination && (flags.scenario == 0 || flags.choice_list == 0)) return std::nullopt;
  return flags;
}

bool is_no_code(std::string_view target) {
  return matches_pattern(target, "nodx") || matches_pattern(target, "nopcs") ||
         matches_pattern(target, "nopcx");
}

codes::SystemId system_of(codes::StoreBuilder& builder, std::string_view name) {
  codes::SystemFacts facts;
  facts.name = name;
  return builder.system(facts);
}

}  // namespace

Status read_gem(codes::StoreBuilder& builder, ReleaseText& file, const GemDirection& direction,
                std::string_view version) {
  codes::MapFacts facts;
  facts.name = direction.map;
  facts.version = version;
  facts.source = system_of(builder, direction.source);
  facts.target = system_of(builder, direction.target);
  codes::MapId const map = builder.map(facts);
  codes::Family const from = codes::family_of(direction.source);
  codes::Family const to = codes::family_of(direction.target);
  return take_lines(file, [&](std::string_view line) {
    auto const parts = parts_of(line, ' ');
    auto const flags = parts.size() == 3 ? flags_of(parts[2]) : std::nullopt;
    if (!flags) return bad_row("is not a source, a target and five flags");
    FormedCode const source = formed_code(from, parts[0]);
    if (!source.is_good()) return bad_row("the source is no code of its system");
    std::uint32_t const subject = builder.mention(facts.source, source.view());
    codes::TargetFacts target;
    target.equivalence =
        flags->approximate ? codes::Equivalence::inexact : codes::Equivalence::equivalent;
    if (flags->no_map || is_no_code(parts[1])) {
      builder.add_target(map, subject, codes::no_concept, target);
      return row_loaded;
    }
    FormedCode const wanted = formed_code(to, parts[1]);
    if (!wanted.is_good()) return bad_row("the target is no code of its system");
    target.alternative = flags->scenario;
    target.group = flags->choice_list;
    builder.add_target(map, subject, builder.mention(facts.target, wanted.view()), target);
    return row_loaded;
  });
}

Status load_gems(codes::StoreBuilder& builder, const Release& release) {
  bool any = false;
  for (Kind const& kind : kinds)
    for (std::string const& file : matching_files(release, {kind.pattern})) {
      any = true;
      std::uint32_t const year = year_in(plain_name(file));
      auto const read = read_release_file(
          builder, release, file, kind.direction.map, Encoding::utf8,
          [&](codes::StoreBuilder& into, ReleaseText& text) {
            return read_gem(into, text, kind.direction, year == 0 ? "" : std::to_string(year));
          });
      if (!read) return read;
    }
  if (any) return {};
  return none_found(release, "2018_I9gem.txt, 2018_I10gem.txt, gem_i9pcs.txt or gem_pcsi9.txt");
}

}  // namespace hl7flow::adapters
