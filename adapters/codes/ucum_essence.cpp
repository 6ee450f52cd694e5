// UCUM: ucum-essence.xml. Its terms allow no derived tables to be shipped, so that it is read where
// the user has it. Source: the file itself, version 2.2 of 2024-06-17.

#include <hl7flow/adapters/codes/ucum_essence.h>

#include <charconv>
#include <pugixml.hpp>

#include <hl7flow/adapters/codes/loaders.h>

namespace hl7flow::adapters {

namespace {

tl::unexpected<Failure> refused(std::string why) {
  return fail(ErrorCode::bad_store, "ucum-essence.xml: " + std::move(why));
}

bool read_number(const char* text, double& out) {
  std::string_view const all = text;
  auto const [stop, error] = std::from_chars(all.data(), all.data() + all.size(), out);
  return !all.empty() && error == std::errc{} && stop == all.data() + all.size();
}

Status read_unit(const pugi::xml_node& node, ucum::Definition& out) {
  out.metric = std::string_view(node.attribute("isMetric").value()) == "yes";
  out.arbitrary = std::string_view(node.attribute("isArbitrary").value()) == "yes";
  pugi::xml_node const value = node.child("value");
  pugi::xml_node const function = value.child("function");
  if (function) {
    out.function = function.attribute("name").value();
    out.unit = function.attribute("Unit").value();
    if (!read_number(function.attribute("value").value(), out.value) || out.function.empty())
      return refused("the unit \"" + out.code + "\" has a function without name or value");
  } else {
    out.unit = value.attribute("Unit").value();
    if (!read_number(value.attribute("value").value(), out.value))
      return refused("the unit \"" + out.code + "\" has no value");
  }
  if (out.unit.empty()) return refused("the unit \"" + out.code + "\" is defined by no unit");
  return {};
}

}  // namespace

Result<std::vector<ucum::Definition>, Failure> read_ucum_essence(std::string_view xml) {
  pugi::xml_document document;
  auto const parsed = document.load_buffer(xml.data(), xml.size());
  if (!parsed) return refused(std::string("no whole XML: ") + parsed.description());
  pugi::xml_node const root = document.child("root");
  if (std::string_view(root.attribute("xmlns").value()) != "http://unitsofmeasure.org/ucum-essence")
    return refused("it has another root element");
  std::vector<ucum::Definition> definitions;
  for (pugi::xml_node const node : root.children()) {
    std::string_view const kind = node.name();
    if (kind != "prefix" && kind != "base-unit" && kind != "unit") continue;
    ucum::Definition one;
    one.code = node.attribute("Code").value();
    one.name = node.child("name").text().as_string();
    if (one.code.empty()) return refused("a " + std::string(kind) + " has no Code");
    if (kind == "prefix") {
      one.kind = ucum::Definition::Kind::prefix;
      if (!read_number(node.child("value").attribute("value").value(), one.value))
        return refused("the prefix \"" + one.code + "\" has no value");
    } else if (kind == "base-unit") {
      one.kind = ucum::Definition::Kind::base;
      one.metric = true;
    } else if (auto ok = read_unit(node, one); !ok) {
      return tl::unexpected<Failure>(ok.error());
    }
    definitions.push_back(std::move(one));
  }
  if (definitions.empty()) return refused("it defines no unit");
  return definitions;
}

Status load_ucum(codes::StoreBuilder& builder, const Release& release) {
  std::string const file = release.find("*.xml");
  if (file.empty())
    return fail(ErrorCode::not_found, "there is no ucum-essence.xml in " + release.describe(""));
  auto const text = release.read(file);
  if (!text) return tl::unexpected<Failure>(text.error());
  auto const definitions = read_ucum_essence(*text);
  if (!definitions) return tl::unexpected<Failure>(definitions.error());
  // What cannot be worked out is refused now, not when a pipeline starts.
  auto const table = ucum::UnitTable::make(*definitions);
  if (!table) return tl::unexpected<Failure>(table.error());
  builder.add_units(ucum::write_definitions(*definitions));
  codes::SystemFacts facts;
  facts.name = "UCUM";
  codes::SystemId const system = builder.system(facts);
  codes::LoadReport report;
  report.file = release.describe(file);
  report.kind = "ucum";
  for (ucum::Definition const& one : *definitions) {
    ++report.rows_read;
    if (one.kind == ucum::Definition::Kind::prefix) {
      ++report.rows_skipped;
      continue;
    }
    codes::ConceptFacts subject;
    subject.code = one.code;
    subject.display = one.name;
    builder.add(system, subject);
    ++report.rows_loaded;
  }
  builder.report(std::move(report));
  return {};
}

}  // namespace hl7flow::adapters
