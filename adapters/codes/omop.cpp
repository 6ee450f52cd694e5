// OMOP vocabularies as Athena delivers them: CONCEPT.csv and CONCEPT_RELATIONSHIP.csv, parted by
// tabs, without quotes. Source: OHDSI, "OMOP common data model 5.4", tables CONCEPT and
// CONCEPT_RELATIONSHIP.

#include <charconv>
#include <unordered_map>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

namespace {

/// Our name of a vocabulary; OMOP's own where we have none.
std::string_view system_name(std::string_view vocabulary) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"ICD10CM", "ICD-10-CM"}, {"ICD10PCS", "ICD-10-PCS"}, {"ICD10", "ICD-10-WHO"},
      {"ICD9CM", "ICD-9-CM"},   {"ICD9Proc", "ICD-9-PCS"},  {"RxNorm", "RXNORM"},
      {"CPT4", "CPT"}};
  for (auto const& [theirs, ours] : names)
    if (theirs == vocabulary) return ours;
  return vocabulary;
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && stop == text.data() + text.size() ? number : 0;
}

constexpr std::uint32_t open_end = 20991231;

/// From concept_id to our concepts.
using Concepts = std::unordered_map<std::uint64_t, std::uint32_t>;

Status read_concepts(codes::StoreBuilder& builder, ReleaseText& file, Concepts& concepts) {
  codes::DelimitedTable table(file.text, codes::tab_dialect);
  auto const id = table.column({"concept_id"});
  auto const name = table.column({"concept_name"});
  auto const vocabulary = table.column({"vocabulary_id"});
  auto const code = table.column({"concept_code"});
  auto const from = table.column({"valid_start_date"});
  auto const to = table.column({"valid_end_date"});
  auto const invalid = table.column({"invalid_reason"});
  if (!id || !name || !vocabulary || !code || !invalid)
    return file.refuse("has no columns of the table CONCEPT");
  return take_rows(file, table, [&] {
    std::uint64_t const number = number_of(table.field(id));
    if (table.is_bad() || number == 0 || table.field(vocabulary).empty() ||
        table.field(code).empty())
      return bad_row("number of fields, or no concept_id, vocabulary or code");
    std::string_view const reason = table.field(invalid);
    if (!reason.empty() && reason != "D" && reason != "U")
      return bad_row("invalid_reason is neither D nor U");
    std::string_view const own = system_name(table.field(vocabulary));
    codes::SystemFacts facts;
    facts.name = own;
    codes::SystemId const system = builder.system(facts);
    FormedCode const formed = formed_code(codes::family_of(own), table.field(code));
    codes::ConceptFacts one;
    // Vocabularies hold classes and modifiers too, whose codes have no form of the system's.
    one.code = formed.is_good() ? formed.view() : table.field(code);
    one.display = table.field(name);
    one.status = reason.empty() ? codes::CodeStatus::active : codes::CodeStatus::retired;
    std::uint32_t const begin = day_of(table.field(from)), end = day_of(table.field(to));
    one.valid_from = begin > 19700101 ? begin : 0;
    one.valid_to = end == open_end ? 0 : end;
    concepts.insert_or_assign(number, builder.add(system, one));
    return row_loaded;
  });
}

Status read_relationships(codes::StoreBuilder& builder, ReleaseText& file,
                          const Concepts& concepts) {
  codes::DelimitedTable table(file.text, codes::tab_dialect);
  auto const first = table.column({"concept_id_1"});
  auto const second = table.column({"concept_id_2"});
  auto const relation = table.column({"relationship_id"});
  auto const invalid = table.column({"invalid_reason"});
  if (!first || !second || !relation)
    return file.refuse("has no columns of the table CONCEPT_RELATIONSHIP");
  return take_rows(file, table, [&] {
    if (table.is_bad()) return bad_row("number of fields");
    bool const maps = table.field(relation) == "Maps to";
    bool const replaces = table.field(relation) == "Concept replaced by";
    if ((!maps && !replaces) || !table.field(invalid).empty()) return row_skipped;
    auto const source = concepts.find(number_of(table.field(first)));
    auto const target = concepts.find(number_of(table.field(second)));
    if (source == concepts.end() || target == concepts.end())
      return bad_row("names a concept that CONCEPT.csv has not");
    if (source->second == target->second) return row_skipped;  // a standard concept maps to itself
    codes::MapFacts facts;
    facts.source = builder.system_of(source->second);
    facts.target = builder.system_of(target->second);
    facts.kind =
        facts.source == facts.target ? codes::MapKind::successor : codes::MapKind::translation;
    facts.name = facts.kind == codes::MapKind::successor ? "OMOP successors" : "OMOP";
    builder.add_target(builder.map(facts), source->second, target->second, {});
    return row_loaded;
  });
}

}  // namespace

Status load_omop(codes::StoreBuilder& builder, const Release& release) {
  Concepts concepts;
  std::string const concept_file = release.find("CONCEPT.csv");
  if (concept_file.empty()) return none_found(release, "CONCEPT.csv");
  auto const read =
      read_release_file(builder, release, concept_file, "OMOP concepts", Encoding::utf8,
                        [&](codes::StoreBuilder& into, ReleaseText& text) {
                          return read_concepts(into, text, concepts);
                        });
  std::string const relations = release.find("CONCEPT_RELATIONSHIP.csv");
  if (!read || relations.empty()) return read;
  return read_release_file(builder, release, relations, "OMOP relationships", Encoding::utf8,
                           [&](codes::StoreBuilder& into, ReleaseText& text) {
                             return read_relationships(into, text, concepts);
                           });
}

}  // namespace hl7flow::adapters
