#include <hl7flow/adapters/codes/livd.h>

#include <map>

#include <hl7flow/adapters/codes/loaders.h>

// Source: IICC, "Digital format for publication of LOINC to vendor IVD test results" (LIVD 1.0);
// column names of the CDC's SARS-CoV-2 sheets as found in the project's corpus. The LOINC term of
// the order is not read: a code of a result does not lead there.

namespace hl7flow::adapters {

namespace {

/// One answer of an analyte, and when it holds.
struct Answer {
  std::string loinc, title, rule;
};
struct Analyte {
  std::string display;
  std::vector<Answer> answers;
  bool has_row_without_loinc = false;
};
struct Manufacturer {
  std::map<std::string, Analyte, std::less<>> analytes;  // by code
};

struct Columns {
  std::optional<std::size_t> manufacturer, model, code, name, specimen, loinc, title, version;
};

Columns columns_of(const codes::DelimitedTable& table) {
  Columns columns;
  columns.manufacturer = table.column({"Manufacturer"});
  columns.model = table.column({"Model"});
  columns.code = table.column({"Vendor Analyte Code"});
  columns.name = table.column({"Vendor Analyte Name"});
  columns.specimen = table.column({"Vendor Specimen Description"});
  columns.loinc = table.column({"Test Performed LOINC Code", "LOINC Code", "LOINC"});
  columns.title = table.column({"Test Performed LOINC Long Name", "LOINC Long Name"});
  columns.version = table.column({"Publication Version ID"});
  return columns;
}

std::string condition(std::string_view model, std::string_view specimen) {
  std::string rule;
  if (!model.empty()) rule.append("model = ").append(model);
  if (!specimen.empty())
    rule.append(rule.empty() ? "" : "; ").append("specimen = ").append(specimen);
  return rule;
}

/// All rows, gathered before any is added: whether a target is conditional, the others say.
class Sheet {
 public:
  RowOutcome take(const codes::DelimitedTable& table, const Columns& columns) {
    std::string_view const model = table.field(columns.model);
    std::string_view const name = table.field(columns.name);
    std::string_view code = table.field(columns.code);
    if (code.empty()) code = name;
    if (code.empty()) code = model;
    if (code.empty()) return bad_row("without analyte and model");
    std::string_view const loinc = table.field(columns.loinc);
    FormedCode const target = formed_code(codes::Family::loinc, loinc);
    if (!loinc.empty() && !target.is_good()) return bad_row("the LOINC code is no LOINC number");
    std::string const manufacturer(table.field(columns.manufacturer));
    Analyte& analyte =
        manufacturers_[manufacturer].analytes.try_emplace(std::string(code)).first->second;
    if (analyte.display.empty()) analyte.display = name.empty() ? code : name;
    if (!model.empty()) {
      auto const [known, is_new] = models_.try_emplace(std::string(model), manufacturer);
      if (!is_new && known->second != manufacturer) known->second.clear();
    }
    if (std::string_view const version = table.field(columns.version); version > version_)
      version_ = version;
    if (loinc.empty()) {
      analyte.has_row_without_loinc = true;
      return row_loaded;
    }
    for (Answer const& known : analyte.answers)
      if (known.loinc == target.view()) return row_loaded;
    analyte.answers.push_back({std::string(target.view()), std::string(table.field(columns.title)),
                               condition(model, table.field(columns.specimen))});
    return row_loaded;
  }

  void add_to(codes::StoreBuilder& builder) const {
    codes::SystemFacts facts;
    facts.name = "LOINC";
    codes::SystemId const loinc = builder.system(facts);
    for (auto const& [name, manufacturer] : manufacturers_) {
      codes::SystemFacts own;
      own.name = name.empty() ? "LIVD" : "LIVD " + name;
      own.version = version_;
      for (auto const& [model, of] : models_)
        if (!name.empty() && of == name) own.aliases.push_back(model);
      codes::MapFacts map;
      map.name = "LIVD";
      map.version = version_;
      map.source = builder.system(own);
      map.target = loinc;
      codes::MapId const id = builder.map(map);
      for (auto const& [code, analyte] : manufacturer.analytes)
        add(builder, id, map, code, analyte);
    }
  }

 private:
  static void add(codes::StoreBuilder& builder, codes::MapId id, const codes::MapFacts& map,
                  std::string_view code, const Analyte& analyte) {
    codes::ConceptFacts facts;
    facts.code = code;
    facts.display = analyte.display;
    std::uint32_t const subject = builder.add(map.source, facts);
    for (Answer const& answer : analyte.answers) {
      codes::TargetFacts target;
      if (analyte.answers.size() > 1) target.rule = answer.rule;
      builder.add_target(id, subject, builder.mention(map.target, answer.loinc, answer.title),
                         target);
    }
    if (analyte.answers.empty() && analyte.has_row_without_loinc)
      builder.add_target(id, subject, codes::no_concept, {});
  }

  std::map<std::string, Manufacturer> manufacturers_;
  std::map<std::string, std::string> models_;  // to the manufacturer, or to nothing if several
  std::string version_;
};

}  // namespace

Status read_livd(codes::StoreBuilder& builder, ReleaseText& file) {
  codes::DelimitedTable table(file.text);
  Columns const columns = columns_of(table);
  if (!columns.loinc || !(columns.name || columns.code || columns.model))
    return file.refuse(
        "has no columns of a LIVD sheet: Vendor Analyte Code or Name, or Model, and Test Performed "
        "LOINC Code");
  Sheet sheet;
  auto const read = take_rows(file, table, [&] { return sheet.take(table, columns); });
  if (read) sheet.add_to(builder);
  return read;
}

Status load_livd(codes::StoreBuilder& builder, const Release& release) {
  auto files = matching_files(release, {"*livd*.csv"});
  if (files.empty()) files = matching_files(release, {"*.csv"});
  if (files.empty() && release.files().size() == 1) files = release.files();
  if (files.empty()) return none_found(release, "*.csv of a LIVD sheet");
  for (std::string const& file : files) {
    auto const read = read_release_file(builder, release, file, "LIVD", Encoding::utf8, read_livd);
    if (!read) return read;
  }
  return {};
}

}  // namespace hl7flow::adapters
