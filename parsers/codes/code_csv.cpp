#include <hl7flow/parsers/codes/code_csv.h>

#include <utility>

#include <hl7flow/parsers/codes/code_form.h>
#include <hl7flow/parsers/codes/delimited.h>

namespace hl7flow::codes {

extern const std::string_view starter_systems_csv, starter_concepts_csv, starter_maps_csv;

namespace {

/// The system that a row names; a site's own ones are made by being named.
SystemId system_of(StoreBuilder& builder, std::string_view name) {
  SystemId const known = builder.find_system(name);
  if (known != no_system) return known;
  SystemFacts facts;
  facts.name = name;
  return builder.system(facts);
}

/// The code as the system's stores have it, or as written where it has no such form.
std::string stored_form(const StoreBuilder& builder, SystemId system, std::string_view code) {
  CodeText normal;
  Family const family = family_of(builder.system_name(system));
  return std::string(normal_form(family, code, normal) ? normal.view() : code);
}

void load_maps(StoreBuilder& builder, DelimitedTable& table, MapOrigin origin, LoadReport& report) {
  report.kind = "map";
  auto const map = table.column({"map"});
  auto const source_system = table.column({"source_system"});
  auto const source_code = table.column({"source_code"});
  auto const source_display = table.column({"source_display"});
  auto const target_system = table.column({"target_system"});
  auto const target_code = table.column({"target_code"});
  auto const target_display = table.column({"target_display"});
  auto const relation = table.column({"equivalence", "relationship"});
  while (table.next()) {
    ++report.rows_read;
    if (table.is_bad()) {
      report.bad(table.line(), "quotes or number of fields");
      continue;
    }
    std::string_view const code = table.field(source_code);
    std::string_view const wanted = table.field(target_code);
    if (code.empty() || table.field(source_system).empty()) {
      report.bad(table.line(), "without source_system or source_code");
      continue;
    }
    std::string_view const word = table.field(relation);
    auto const known = equivalence(word);
    if (!word.empty() && !known) {
      report.bad(table.line(), "equivalence is none of equivalent, wider, narrower, …");
      continue;
    }
    if (!wanted.empty() && table.field(target_system).empty()) {
      report.bad(table.line(), "without target_system");
      continue;
    }
    if (wanted.empty() && known != Equivalence::unmatched) {
      ++report.rows_skipped;  // of a worklist: nobody has decided yet
      continue;
    }
    MapFacts facts;
    facts.name = table.field(map).empty() ? report.file : std::string(table.field(map));
    facts.source = system_of(builder, table.field(source_system));
    facts.target = table.field(target_system).empty()
                       ? no_system
                       : system_of(builder, table.field(target_system));
    facts.origin = origin;
    facts.kind = facts.source == facts.target ? MapKind::successor : MapKind::translation;
    std::uint32_t const from = builder.mention(
        facts.source, stored_form(builder, facts.source, code), table.field(source_display));
    std::uint32_t const to =
        wanted.empty() ? no_concept
                       : builder.mention(facts.target, stored_form(builder, facts.target, wanted),
                                         table.field(target_display));
    TargetFacts target;
    target.equivalence = known.value_or(Equivalence::equivalent);
    builder.add_target(builder.map(facts), from, to, target);
    ++report.rows_loaded;
  }
}

void load_concepts(StoreBuilder& builder, DelimitedTable& table, LoadReport& report) {
  report.kind = "codes";
  auto const system = table.column({"system"});
  auto const code = table.column({"code"});
  auto const display = table.column({"display", "name"});
  auto const status = table.column({"status"});
  while (table.next()) {
    ++report.rows_read;
    if (table.is_bad() || table.field(system).empty() || table.field(code).empty()) {
      report.bad(table.line(), "quotes, number of fields, or no system or code");
      continue;
    }
    auto const known = code_status(table.field(status));
    if (!table.field(status).empty() && !known) {
      report.bad(table.line(), "status is none of active, trial, discouraged, deprecated, retired");
      continue;
    }
    SystemId const id = system_of(builder, table.field(system));
    std::string const stored = stored_form(builder, id, table.field(code));
    ConceptFacts facts;
    facts.code = stored;
    facts.display = table.field(display);
    facts.status = known.value_or(CodeStatus::active);
    builder.add(id, facts);
    ++report.rows_loaded;
  }
}

void load_systems(StoreBuilder& builder, DelimitedTable& table, LoadReport& report) {
  report.kind = "systems";
  auto const name = table.column({"system"});
  auto const title = table.column({"title"});
  auto const uri = table.column({"uri"});
  auto const oid = table.column({"oid"});
  auto const aliases = table.column({"aliases"});
  while (table.next()) {
    ++report.rows_read;
    if (table.is_bad() || table.field(name).empty()) {
      report.bad(table.line(), "quotes, number of fields, or no system");
      continue;
    }
    SystemFacts facts;
    facts.name = table.field(name);
    facts.title = table.field(title);
    facts.uri = table.field(uri);
    facts.oid = table.field(oid);
    std::string_view rest = table.field(aliases);
    while (!rest.empty()) {
      std::size_t const end = std::min(rest.find('|'), rest.size());
      if (end > 0) facts.aliases.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    builder.system(facts);
    ++report.rows_loaded;
  }
}

}  // namespace

Result<LoadReport, Failure> load_csv(StoreBuilder& builder, std::string_view text, std::string file,
                                     MapOrigin origin) {
  if (!is_plain_text(text)) return fail(ErrorCode::bad_store, file + " is no text in UTF-8");
  DelimitedTable table(text);
  LoadReport report;
  report.file = std::move(file);
  if (table.column({"source_code"}) && table.column({"target_code"}) &&
      table.column({"source_system"}) && table.column({"target_system"}))
    load_maps(builder, table, origin, report);
  else if (table.column({"system"}) && table.column({"code"}))
    load_concepts(builder, table, report);
  else if (table.column({"system"}) && table.column({"aliases", "uri"}))
    load_systems(builder, table, report);
  else
    return fail(ErrorCode::bad_store,
                report.file +
                    " has no row of column names that is known: source_system, source_code, "
                    "target_system, target_code for a map; system, code, display for codes");
  return report;
}

void load_known_systems(StoreBuilder& builder) {
  (void)load_csv(builder, starter_systems_csv, "starter systems");
}

void load_starter(StoreBuilder& builder) {
  load_known_systems(builder);
  for (auto const& [text, name] : {std::pair(starter_concepts_csv, "starter concepts"),
                                   std::pair(starter_maps_csv, "starter maps")})
    if (auto report = load_csv(builder, text, name, MapOrigin::sample))
      builder.report(std::move(*report));
}

}  // namespace hl7flow::codes
