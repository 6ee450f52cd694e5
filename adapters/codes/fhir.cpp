// FHIR terminology in JSON: CodeSystem, ValueSet, ConceptMap (R4 `equivalence`, R5 `relationship`),
// and Bundles of them; a file holds one resource, or one a line. Source: HL7 FHIR R4 (4.0.1) and R5
// (5.0.0), the pages of these resources.

#include <simdjson.h>

#include <vector>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/adapters/codes/release_text.h>

namespace hl7flow::adapters {

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string_view text_of(object from, std::string_view key) {
  std::string_view text;
  return from[key].get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

/// The elements of a list; none if there is no list of that name.
std::vector<element> list_of(object from, std::string_view key) {
  std::vector<element> elements;
  array list;
  if (from[key].get_array().get(list) == simdjson::SUCCESS)
    for (element const one : list) elements.push_back(one);
  return elements;
}

/// The same of a list within a part.
std::vector<element> list_of(object from, std::string_view part, std::string_view key) {
  object within;
  if (from[part].get_object().get(within) != simdjson::SUCCESS) return {};
  return list_of(within, key);
}

bool has(object from, std::string_view key) { return from[key].error() == simdjson::SUCCESS; }

/// Reads resources into the builder, and counts their rows: concepts, members, mappings.
class Resources {
 public:
  Resources(codes::StoreBuilder& builder, ReleaseText& file) : builder_(builder), file_(file) {}

  void read(element resource) {
    object whole;
    if (resource.get_object().get(whole) != simdjson::SUCCESS) return bad("is no JSON object");
    std::string_view const type = text_of(whole, "resourceType");
    // A resource is a row, whatever it holds.
    if (type == "CodeSystem" || type == "ValueSet" || type == "ConceptMap") loaded();
    if (type == "CodeSystem")
      read_code_system(whole);
    else if (type == "ValueSet")
      read_value_set(whole);
    else if (type == "ConceptMap")
      read_concept_map(whole);
    else if (type == "Bundle")
      read_bundle(whole);
    else
      skip();
  }
  void bad(std::string_view why) {
    ++file_.report.rows_read;
    file_.report.bad(file_.report.rows_read, why);
  }

 private:
  void loaded() {
    ++file_.report.rows_read;
    ++file_.report.rows_loaded;
  }
  void skip() {
    ++file_.report.rows_read;
    ++file_.report.rows_skipped;
  }

  void read_bundle(object bundle) {
    for (element const entry : list_of(bundle, "entry")) {
      object holder;
      element resource;
      if (entry.get_object().get(holder) == simdjson::SUCCESS &&
          holder["resource"].get(resource) == simdjson::SUCCESS)
        read(resource);
    }
  }

  /// A system by its URI, OID, or the name that `codes export` wrote as a URI; one that nobody
  /// knows is named by it.
  codes::SystemId system_of(std::string_view uri, std::string_view title = {},
                            std::string_view version = {}) {
    codes::SystemFacts facts;
    for (std::string_view const scheme : {"urn:oid:", "urn:hl7flow:"})
      if (uri.starts_with(scheme)) uri.remove_prefix(scheme.size());
    codes::SystemId const known = builder_.find_system(uri);
    facts.name = known == codes::no_system ? uri : builder_.system_name(known);
    facts.title = title;
    facts.version = version;
    return builder_.system(facts);
  }

  std::string form_of(codes::SystemId system, std::string_view code) const {
    codes::Family const family = codes::family_of(builder_.system_name(system));
    FormedCode const formed = formed_code(family, code);
    return std::string(formed.is_good() ? formed.view() : code);
  }

  static codes::CodeStatus status_of(object subject) {
    for (element const one : list_of(subject, "property")) {
      object property;
      if (one.get_object().get(property) != simdjson::SUCCESS) continue;
      std::string_view const name = text_of(property, "code");
      std::string_view const value = text_of(property, "valueCode");
      bool flag = false;
      if (name == "inactive" && property["valueBoolean"].get(flag) == simdjson::SUCCESS && flag)
        return codes::CodeStatus::retired;
      if (name == "status" && (value == "deprecated" || value == "D" || value == "B"))
        return codes::CodeStatus::deprecated;
      if (name == "status" && (value == "retired" || value == "R"))
        return codes::CodeStatus::retired;
      if (name == "deprecated" || name == "deprecationDate") return codes::CodeStatus::deprecated;
    }
    return codes::CodeStatus::active;
  }

  static bool is_selectable(object subject) {
    for (element const one : list_of(subject, "property")) {
      object property;
      bool flag = false;
      if (one.get_object().get(property) == simdjson::SUCCESS &&
          (text_of(property, "code") == "notSelectable" ||
           text_of(property, "code") == "abstract") &&
          property["valueBoolean"].get(flag) == simdjson::SUCCESS && flag)
        return false;
    }
    return true;
  }

  void read_code_system(object whole) {
    std::string_view const uri = text_of(whole, "url");
    if (uri.empty()) return bad("a CodeSystem has no url");
    codes::SystemId const system =
        system_of(uri, text_of(whole, "title"), text_of(whole, "version"));
    read_concepts(system, list_of(whole, "concept"), codes::no_concept, 0);
  }

  void read_concepts(codes::SystemId system, const std::vector<element>& list, std::uint32_t parent,
                     int depth) {
    constexpr int depth_max = 64;
    for (element const one : list) {
      object subject;
      if (one.get_object().get(subject) != simdjson::SUCCESS || text_of(subject, "code").empty() ||
          depth == depth_max) {
        bad("a concept has no code, or is nested too deeply");
        continue;
      }
      std::string const code = form_of(system, text_of(subject, "code"));
      codes::ConceptFacts facts;
      facts.code = code;
      facts.display = text_of(subject, "display");
      facts.status = status_of(subject);
      facts.selectable = is_selectable(subject);
      std::uint32_t const number = builder_.add(system, facts);
      if (number == codes::no_concept) {
        bad("a code is too long");
        continue;
      }
      if (parent != codes::no_concept) builder_.set_parent(number, parent);
      for (element const other : list_of(subject, "designation")) {
        object designation;
        if (other.get_object().get(designation) == simdjson::SUCCESS)
          builder_.add_name(number, codes::NameKind::synonym, text_of(designation, "value"));
      }
      loaded();
      read_concepts(system, list_of(subject, "concept"), number, depth + 1);
    }
  }

  void add_members(std::uint32_t set, const std::vector<element>& list, std::string_view system_uri,
                   int depth) {
    constexpr int depth_max = 64;
    for (element const one : list) {
      object member;
      if (one.get_object().get(member) != simdjson::SUCCESS || depth == depth_max) {
        bad("a member of a ValueSet is no object, or nested too deeply");
        continue;
      }
      std::string_view const own = text_of(member, "system");
      std::string_view const uri = own.empty() ? system_uri : own;
      std::string_view const code = text_of(member, "code");
      if (!uri.empty() && !code.empty()) {
        codes::SystemId const system = system_of(uri);
        builder_.add_member(
            set, builder_.mention(system, form_of(system, code), text_of(member, "display")));
        loaded();
      }
      add_members(set, list_of(member, "contains"), uri, depth + 1);
    }
  }

  void read_value_set(object whole) {
    std::uint32_t const set = builder_.value_set(text_of(whole, "name"), text_of(whole, "url"),
                                                 text_of(whole, "version"));
    if (has(whole, "expansion")) {
      add_members(set, list_of(whole, "expansion", "contains"), {}, 0);
      return;
    }
    for (element const one : list_of(whole, "compose", "include")) {
      object include;
      if (one.get_object().get(include) != simdjson::SUCCESS) continue;
      // Filters and other sets need a terminology server to be worked out.
      if (!has(include, "concept")) skip();
      add_members(set, list_of(include, "concept"), text_of(include, "system"), 0);
    }
  }

  void read_concept_map(object whole) {
    std::string_view name = text_of(whole, "name");
    if (name.empty()) name = text_of(whole, "id");
    for (element const one : list_of(whole, "group")) {
      object group;
      if (one.get_object().get(group) != simdjson::SUCCESS) continue;
      std::string_view const from = text_of(group, "source"), to = text_of(group, "target");
      if (from.empty() || to.empty()) {
        bad("a group of a ConceptMap has no source or no target");
        continue;
      }
      codes::MapFacts map;
      map.name = name.empty() ? std::string_view("ConceptMap") : name;
      map.version = text_of(whole, "version");
      map.uri = text_of(whole, "url");
      map.source = system_of(from);
      map.target = system_of(to);
      map.kind = map.source == map.target ? codes::MapKind::successor : codes::MapKind::translation;
      codes::MapId const id = builder_.map(map);
      if (has(group, "unmapped")) skip();
      for (element const other : list_of(group, "element")) read_element(id, map, other);
    }
  }

  void read_element(codes::MapId id, const codes::MapFacts& map, element one) {
    object source;
    if (one.get_object().get(source) != simdjson::SUCCESS || text_of(source, "code").empty())
      return bad("an element of a ConceptMap has no code");
    std::uint32_t const from = builder_.mention(
        map.source, form_of(map.source, text_of(source, "code")), text_of(source, "display"));
    bool nothing = false;
    if (source["noMap"].get(nothing) == simdjson::SUCCESS && nothing) {
      builder_.add_target(id, from, codes::no_concept, {});
      return loaded();
    }
    for (element const other : list_of(source, "target")) {
      object target;
      if (other.get_object().get(target) != simdjson::SUCCESS) {
        bad("a target of a ConceptMap is no object");
        continue;
      }
      std::string_view word = text_of(target, "relationship");
      if (word.empty()) word = text_of(target, "equivalence");
      if (word.empty()) word = "equivalent";
      auto const relation = codes::equivalence(word);
      std::string_view const code = text_of(target, "code");
      bool const unmatched = relation == codes::Equivalence::unmatched;
      if (!relation || (code.empty() && !unmatched)) {
        bad("a target of a ConceptMap has no code, or a relation that is not known");
        continue;
      }
      codes::TargetFacts facts;
      facts.equivalence = *relation;
      // A target that depends on other values of the message is only one of several.
      if (has(target, "dependsOn")) facts.rule = "depends on other values";
      builder_.add_target(id, from,
                          unmatched ? codes::no_concept
                                    : builder_.mention(map.target, form_of(map.target, code),
                                                       text_of(target, "display")),
                          facts);
      loaded();
    }
  }

  codes::StoreBuilder& builder_;
  ReleaseText& file_;
};

Status read_json(codes::StoreBuilder& builder, ReleaseText& file) {
  Resources resources(builder, file);
  simdjson::dom::parser parser;
  simdjson::padded_string const padded(file.text);
  element whole;
  if (parser.parse(padded).get(whole) == simdjson::SUCCESS) {
    resources.read(whole);
    return {};
  }
  return take_lines(file, [&](std::string_view line) {
    simdjson::padded_string const one(line);
    element resource;
    if (parser.parse(one).get(resource) != simdjson::SUCCESS) return bad_row("is no JSON");
    resources.read(resource);
    return row_skipped;  // its own rows are counted
  });
}

}  // namespace

Status load_fhir(codes::StoreBuilder& builder, const Release& release) {
  auto const files = matching_files(release, {"*.json", "*.ndjson"});
  if (files.empty()) return none_found(release, "*.json or *.ndjson");
  for (std::string const& file : files)
    if (auto const read =
            read_release_file(builder, release, file, "FHIR", Encoding::utf8, read_json);
        !read)
      return read;
  return {};
}

}  // namespace hl7flow::adapters
