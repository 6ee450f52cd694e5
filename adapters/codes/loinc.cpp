#include <hl7flow/adapters/codes/loinc.h>

#include <hl7flow/adapters/codes/loaders.h>

// Source: the LOINC Users' Guide, appendix A ("LOINC database structure"), releases 2.70 to 2.81,
// from memory of its column names; no release was at hand. Not read: part links, whose primary
// parts are the six axes of Loinc.csv again, and panels, because a term is in many of them.

namespace hl7flow::adapters {

using codes::CodeStatus;
using codes::NameKind;

namespace {

codes::SystemId loinc(codes::StoreBuilder& builder, std::string version = {}) {
  codes::SystemFacts facts;
  facts.name = "LOINC";
  facts.version = std::move(version);
  return builder.system(facts);
}

/// "2.77" as a number to compare; 0 for what is no version.
std::uint32_t version_number(std::string_view text) {
  std::uint32_t parts[2] = {0, 0};
  std::size_t part = 0;
  for (char const c : text) {
    if (c == '.' && part == 0)
      ++part;
    else if (c >= '0' && c <= '9' && parts[part] < 1000)
      parts[part] = parts[part] * 10 + static_cast<std::uint32_t>(c - '0');
    else
      return 0;
  }
  return parts[0] * 10000 + parts[1];
}

std::uint32_t rank_of(std::string_view text) {
  std::uint32_t rank = 0;
  for (char const c : text) {
    if (c < '0' || c > '9' || rank > 100'000'000) return 0;
    rank = rank * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return rank;
}

/// "ACTIVE" as a status.
std::optional<CodeStatus> status_of(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return codes::code_status(lower);
}

/// The columns that become names of a term.
struct NameColumn {
  std::optional<std::size_t> column;
  NameKind kind;
  bool is_list;
};

}  // namespace

Status read_loinc_terms(codes::StoreBuilder& builder, ReleaseText& file) {
  codes::SystemId const system = loinc(builder);
  codes::DelimitedTable table(file.text);
  auto const code = table.column({"LOINC_NUM"});
  auto const component = table.column({"COMPONENT"});
  auto const status = table.column({"STATUS"});
  auto const long_name = table.column({"LONG_COMMON_NAME"});
  auto const short_name = table.column({"SHORTNAME"});
  auto const changed = table.column({"VersionLastChanged"});
  auto const rank = table.column({"COMMON_TEST_RANK"});
  if (!code || !component || !status || !long_name)
    return file.refuse("has no columns LOINC_NUM, COMPONENT, STATUS and LONG_COMMON_NAME");
  NameColumn const names[] = {
      {short_name, NameKind::short_name, false},
      {table.column({"DisplayName"}), NameKind::synonym, false},
      {table.column({"CONSUMER_NAME"}), NameKind::synonym, false},
      {component, NameKind::component, false},
      {table.column({"PROPERTY"}), NameKind::property, false},
      {table.column({"TIME_ASPCT"}), NameKind::time_aspect, false},
      {table.column({"SYSTEM"}), NameKind::specimen, false},
      {table.column({"SCALE_TYP"}), NameKind::scale, false},
      {table.column({"METHOD_TYP"}), NameKind::method, false},
      {table.column({"CLASS"}), NameKind::concept_class, false},
      {table.column({"ORDER_OBS"}), NameKind::order_or_observation, false},
      {table.column({"EXAMPLE_UCUM_UNITS"}), NameKind::unit, true},
      {table.column({"RELATEDNAMES2"}), NameKind::related, true},
  };
  std::string newest;
  auto const read = take_rows(file, table, [&] {
    FormedCode const number = formed_code(codes::Family::loinc, table.field(code));
    if (!number.is_good()) return bad_row("LOINC_NUM is no LOINC number");
    auto const known = status_of(table.field(status));
    if (!known) return bad_row("STATUS is none of ACTIVE, TRIAL, DISCOURAGED, DEPRECATED");
    codes::ConceptFacts facts;
    facts.code = number.view();
    facts.display = table.field(long_name);
    if (facts.display.empty()) facts.display = table.field(short_name);
    facts.status = *known;
    facts.rank = rank_of(table.field(rank));
    std::uint32_t const subject = builder.add(system, facts);
    for (NameColumn const& name : names) {
      std::string_view const text = table.field(name.column);
      if (!name.is_list) {
        builder.add_name(subject, name.kind, text);
        continue;
      }
      for (std::string_view const part : parts_of(text, ';'))
        builder.add_name(subject, name.kind, part);
    }
    if (version_number(table.field(changed)) > version_number(newest))
      newest = table.field(changed);
    return row_loaded;
  });
  // Every release changes some term, so that the last change is the release.
  loinc(builder, newest);
  return read;
}

Status read_loinc_successors(codes::StoreBuilder& builder, ReleaseText& file) {
  codes::SystemId const system = loinc(builder);
  codes::DelimitedTable table(file.text);
  auto const source = table.column({"LOINC"});
  auto const target = table.column({"MAP_TO"});
  if (!source || !target) return file.refuse("has no columns LOINC and MAP_TO");
  codes::MapFacts facts;
  facts.name = "LOINC MapTo";
  facts.source = facts.target = system;
  facts.kind = codes::MapKind::successor;
  codes::MapId const map = builder.map(facts);
  return take_rows(file, table, [&] {
    FormedCode const from = formed_code(codes::Family::loinc, table.field(source));
    FormedCode const to = formed_code(codes::Family::loinc, table.field(target));
    if (!from.is_good() || !to.is_good()) return bad_row("LOINC or MAP_TO is no LOINC number");
    builder.add_target(map, builder.mention(system, from.view()),
                       builder.mention(system, to.view()), {});
    return row_loaded;
  });
}

Status load_loinc(codes::StoreBuilder& builder, const Release& release) {
  std::string terms = release.find("Loinc.csv");
  if (terms.empty()) terms = release.find("LoincTableCore.csv");
  if (terms.empty() && release.files().size() == 1) terms = release.files().front();
  if (terms.empty()) return none_found(release, "Loinc.csv");
  auto const read =
      read_release_file(builder, release, terms, "LOINC terms", Encoding::utf8, read_loinc_terms);
  if (!read) return read;
  std::string const successors = release.find("MapTo.csv");
  if (successors.empty()) return {};
  return read_release_file(builder, release, successors, "LOINC successors", Encoding::utf8,
                           read_loinc_successors);
}

}  // namespace hl7flow::adapters
