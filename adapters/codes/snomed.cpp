// SNOMED CT, release format 2, snapshot: concepts, descriptions, is-a relationships, maps to ICD-10
// (simple and extended map reference sets) and historical associations. Licensed: read where the
// user has it. Source: SNOMED International, "Release File Specifications"; column names and
// reference sets as published there, from memory.

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

namespace {

constexpr std::string_view fully_specified_name = "900000000000003001";
constexpr std::string_view is_a = "116680003";

/// What a reference set is to us.
struct Association {
  std::string_view refset, map;
  codes::Equivalence equivalence;
};
constexpr Association associations[] = {
    {"900000000000526001", "SNOMED replaced by", codes::Equivalence::equivalent},
    {"900000000000527005", "SNOMED same as", codes::Equivalence::equivalent},
    {"900000000000523009", "SNOMED possibly equivalent to", codes::Equivalence::related}};

/// A table whose rows are of one SNOMED file; fails where a column is missing.
class Rf2Table {
 public:
  explicit Rf2Table(ReleaseText& file) : file_(file), table_(file.text, codes::tab_dialect) {}

  /// Columns in the order in which take() gets them.
  bool open(std::initializer_list<std::string_view> names) {
    for (std::string_view const name : names) {
      auto const column = table_.column({name});
      if (!column) return false;
      columns_.push_back(*column);
    }
    return true;
  }
  std::string_view field(std::size_t number) const { return table_.field(columns_[number]); }
  Status take(const std::function<RowOutcome()>& each) {
    return take_rows(file_, table_, [&] {
      if (table_.is_bad()) return bad_row("has too few fields");
      return each();
    });
  }

 private:
  ReleaseText& file_;
  codes::DelimitedTable table_;
  std::vector<std::size_t> columns_;
};

codes::SystemId snomed(codes::StoreBuilder& builder) {
  codes::SystemFacts facts;
  facts.name = "SNOMED";
  return builder.system(facts);
}

std::uint32_t concept_of(codes::StoreBuilder& builder, std::string_view identifier) {
  FormedCode const code = formed_code(codes::Family::snomed, identifier);
  return code.is_good() ? builder.mention(snomed(builder), code.view()) : codes::no_concept;
}

Status read_concepts(codes::StoreBuilder& builder, ReleaseText& file) {
  Rf2Table table(file);
  if (!table.open({"id", "effectiveTime", "active"})) return file.refuse("is no concept file");
  codes::SystemId const system = snomed(builder);
  return table.take([&] {
    FormedCode const code = formed_code(codes::Family::snomed, table.field(0));
    if (!code.is_good()) return bad_row("the id is no SNOMED CT identifier");
    codes::ConceptFacts facts;
    facts.code = code.view();
    facts.status = table.field(2) == "1" ? codes::CodeStatus::active : codes::CodeStatus::retired;
    builder.add(system, facts);
    return row_loaded;
  });
}

Status read_descriptions(codes::StoreBuilder& builder, ReleaseText& file) {
  Rf2Table table(file);
  if (!table.open({"active", "conceptId", "languageCode", "typeId", "term"}))
    return file.refuse("is no description file");
  codes::SystemId const system = snomed(builder);
  return table.take([&] {
    if (table.field(0) != "1" || table.field(2) != "en") return row_skipped;
    FormedCode const code = formed_code(codes::Family::snomed, table.field(1));
    std::uint32_t const subject = builder.find(system, code.view());
    if (subject == codes::no_concept) return bad_row("names a concept that is not there");
    // The fully specified name is the only one that says what kind of thing it is.
    if (table.field(3) == fully_specified_name)
      builder.set_display(subject, table.field(4));
    else
      builder.add_name(subject, codes::NameKind::synonym, table.field(4));
    return row_loaded;
  });
}

Status read_relationships(codes::StoreBuilder& builder, ReleaseText& file) {
  Rf2Table table(file);
  if (!table.open({"active", "sourceId", "destinationId", "typeId"}))
    return file.refuse("is no relationship file");
  return table.take([&] {
    if (table.field(0) != "1" || table.field(3) != is_a) return row_skipped;
    std::uint32_t const child = concept_of(builder, table.field(1));
    std::uint32_t const parent = concept_of(builder, table.field(2));
    if (child == codes::no_concept || parent == codes::no_concept)
      return bad_row("an end is no SNOMED CT identifier");
    // A concept may have several parents; a store shows the first.
    if (builder.parent(child) == codes::no_concept) builder.set_parent(child, parent);
    return row_loaded;
  });
}

Status read_associations(codes::StoreBuilder& builder, ReleaseText& file) {
  Rf2Table table(file);
  if (!table.open({"active", "refsetId", "referencedComponentId", "targetComponentId"}))
    return file.refuse("is no association reference set");
  codes::SystemId const system = snomed(builder);
  return table.take([&] {
    const Association* meant = nullptr;
    for (Association const& one : associations)
      if (one.refset == table.field(1)) meant = &one;
    if (table.field(0) != "1" || meant == nullptr) return row_skipped;
    std::uint32_t const from = concept_of(builder, table.field(2));
    std::uint32_t const to = concept_of(builder, table.field(3));
    if (from == codes::no_concept || to == codes::no_concept)
      return bad_row("an end is no SNOMED CT identifier");
    codes::MapFacts facts;
    facts.name = meant->map;
    facts.source = facts.target = system;
    facts.kind = codes::MapKind::successor;
    codes::TargetFacts target;
    target.equivalence = meant->equivalence;
    builder.add_target(builder.map(facts), from, to, target);
    return row_loaded;
  });
}

std::uint8_t small_number(std::string_view text) {
  std::uint32_t number = 0;
  for (char const c : text)
    number = c >= '0' && c <= '9' ? number * 10 + static_cast<std::uint32_t>(c - '0') : 0;
  return static_cast<std::uint8_t>(number > 255 ? 255 : number);
}

Status read_extended_map(codes::StoreBuilder& builder, ReleaseText& file) {
  Rf2Table table(file);
  if (!table.open({"active", "refsetId", "referencedComponentId", "mapGroup", "mapPriority",
                   "mapRule", "mapTarget"}))
    return file.refuse("is no extended map reference set");
  codes::SystemId const system = snomed(builder);
  auto const map_to = [&](std::string_view name, std::string_view map) {
    codes::SystemFacts facts;
    facts.name = name;
    codes::MapFacts made;
    made.name = map;
    made.source = system;
    made.target = builder.system(facts);
    return made;
  };
  return table.take([&] {
    bool const is_who = table.field(1) == "447562003";
    bool const is_us = table.field(1) == "6011000124106";
    if (table.field(0) != "1" || (!is_who && !is_us)) return row_skipped;
    std::uint32_t const from = concept_of(builder, table.field(2));
    if (from == codes::no_concept) return bad_row("the source is no SNOMED CT identifier");
    codes::MapFacts const map = is_us ? map_to("ICD-10-CM", "SNOMED to ICD-10-CM")
                                      : map_to("ICD-10-WHO", "SNOMED to ICD-10");
    codes::MapId const id = builder.map(map);
    codes::TargetFacts facts;
    facts.equivalence = codes::Equivalence::wider;
    facts.group = small_number(table.field(3));
    facts.priority = small_number(table.field(4));
    if (table.field(5) != "TRUE") facts.rule = table.field(5);
    if (table.field(6).empty()) {
      builder.add_target(id, from, codes::no_concept, facts);
      return row_loaded;
    }
    FormedCode const target = formed_code(codes::Family::icd10cm, table.field(6));
    // A question mark stands for a character that the coder has to find out.
    if (!target.is_good()) return row_skipped;
    builder.add_target(id, from, builder.mention(map.target, target.view()), facts);
    return row_loaded;
  });
}

}  // namespace

Status load_snomed(codes::StoreBuilder& builder, const Release& release) {
  struct Part {
    std::string_view pattern, kind;
    Status (*read)(codes::StoreBuilder&, ReleaseText&);
    bool needed;
  };
  constexpr Part parts[] = {
      {"sct2_Concept_Snapshot*.txt", "SNOMED CT concepts", read_concepts, true},
      {"sct2_Description_Snapshot*.txt", "SNOMED CT descriptions", read_descriptions, true},
      {"sct2_Relationship_Snapshot*.txt", "SNOMED CT relationships", read_relationships, false},
      {"der2_cRefset_Association*Snapshot*.txt", "SNOMED CT history", read_associations, false},
      {"der2_iisssccRefset_ExtendedMap*Snapshot*.txt", "SNOMED CT maps", read_extended_map, false},
      {"der2_iisssciRefset_ExtendedMap*Snapshot*.txt", "SNOMED CT maps", read_extended_map, false}};
  for (Part const& part : parts) {
    auto const files = matching_files(release, {part.pattern});
    if (files.empty() && part.needed) return none_found(release, part.pattern);
    for (std::string const& file : files)
      if (auto const read =
              read_release_file(builder, release, file, part.kind, Encoding::utf8, part.read);
          !read)
        return read;
  }
  return {};
}

}  // namespace hl7flow::adapters
