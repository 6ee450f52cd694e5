#include <hl7flow/adapters/cli/explanation.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

template <class List, class Write>
std::string json_list(const List& list, Write&& write) {
  std::string text = "[";
  for (auto const& item : list) {
    if (text.size() > 1) text += ", ";
    write(text, item);
  }
  return text + "]";
}

std::string strings_json(const std::vector<std::string>& list) {
  return json_list(
      list, [](std::string& text, const std::string& item) { append_json_string(text, item); });
}

std::string part_json(const Part& part) {
  JsonObject json;
  json.add("path", part.path);
  if (!part.name.empty()) json.add("name", part.name);
  if (!part.type.empty()) json.add("type", part.type);
  if (part.table != 0) json.add("table", std::uint64_t{part.table});
  json.add("raw", part.raw);
  if (part.parts.empty()) json.add("text", part.decoded ? *part.decoded : part.raw);
  if (!part.note.empty()) json.add("note", part.note);
  if (!part.parts.empty())
    json.add_json("parts", json_list(part.parts, [](std::string& text, const Part& one) {
                    text += part_json(one);
                  }));
  return json.text();
}

std::string segment_json(const SegmentPart& segment) {
  JsonObject json;
  json.add("path", segment.path);
  if (!segment.name.empty()) json.add("name", segment.name);
  json.add_json("groups", strings_json(segment.groups));
  if (!segment.note.empty()) json.add("note", segment.note);
  if (!segment.missing.empty()) json.add_json("missing", strings_json(segment.missing));
  json.add_json("fields", json_list(segment.fields, [](std::string& text, const Part& part) {
                  text += part_json(part);
                }));
  return json.text();
}

}  // namespace

std::string explanation_json(const Explanation& e) {
  JsonObject json;
  json.add("file", e.input)
      .add("message", e.number)
      .add("offset", e.offset)
      .add("size", e.size)
      .add("line", e.line);
  if (e.fault) {
    json.add_json("error", JsonObject()
                               .add("code", name(e.fault->error.code))
                               .add("sentence", describe(e.fault->error.code))
                               .add("offset", e.fault->offset)
                               .add("line", e.fault->line)
                               .add("column", e.fault->column)
                               .text());
    return json.text() + "\n";
  }
  json.add("charset", e.charset)
      .add("type", e.type)
      .add("version", e.version)
      .add("structure", e.structure)
      .add("facts_of", e.facts_version)
      .add("control_id", e.control_id)
      .add_json("segments", json_list(e.segments, [](std::string& text, const SegmentPart& part) {
                  text += segment_json(part);
                }));
  return json.text() + "\n";
}

}  // namespace hl7flow::cli
