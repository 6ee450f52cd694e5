#include <hl7flow/adapters/cli/explanation.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/escape.h>
#include <hl7flow/parsers/simd/kernels.h>
#include <hl7flow/parsers/structure.h>

namespace hl7flow::cli {
namespace {

std::string zone_text(std::int16_t minutes) {
  int const size = minutes < 0 ? -minutes : minutes;
  return fmt::format(" {}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

/// "2024-03-01 12:00:05 +01:00", as precise as sent; empty if it is no point in time.
std::string time_text(std::string_view raw) {
  auto const time = parse_datetime(raw);
  if (!time) return {};
  DateTime const& t = *time;
  std::string text = fmt::format("{:04}", t.year);
  if (t.precision >= Precision::month) text += fmt::format("-{:02}", t.month);
  if (t.precision >= Precision::day) text += fmt::format("-{:02}", t.day);
  if (t.precision == Precision::hour) text += fmt::format(" {:02} h", t.hour);
  if (t.precision >= Precision::minute) text += fmt::format(" {:02}:{:02}", t.hour, t.minute);
  if (t.precision >= Precision::second) text += fmt::format(":{:02}", t.second);
  if (t.precision == Precision::fraction) text += fmt::format(".{:06}", t.micros);
  if (t.zone_minutes) text += zone_text(*t.zone_minutes);
  return text;
}

bool is_time_type(std::string_view type) {
  return type == "DT" || type == "DTM" || type == "TS" || type == "TSComponentOne";
}

/// Names the parts of one message.
class Explainer {
 public:
  Explainer(const MessageView& message, const ExplainOptions& options)
      : message_(message),
        options_(options),
        version_(schema::version_from_text(message.segment(0).field(12).raw())) {}

  void add_to(Explanation& out) {
    SegmentView const header = message_.segment(0);
    FieldView const type = header.field(9);
    out.type = std::string(type.component(1).raw());
    if (type.component(2).has_text()) out.type += "^" + std::string(type.component(2).raw());
    out.version = header.field(12).component(1).raw();
    out.facts_version = schema::text(version_);
    out.sender = between(header.field(3), header.field(4));
    out.receiver = between(header.field(5), header.field(6));
    out.sent_at = time_text(header.field(7).component(1).raw());
    out.control_id = header.field(10).raw();
    out.processing = header.field(11).component(1).raw();
    auto const* const structure = schema::find_structure(
        version_, type.component(1).raw(), type.component(2).raw(), type.component(3).raw());
    if (structure != nullptr) out.structure = structure->name();
    assign(structure);
    std::map<std::uint32_t, std::size_t> occurrences;
    for (std::size_t k = 0; k < message_.segment_count(); ++k) {
      SegmentView const segment = message_.segment(k);
      std::size_t const occurrence = ++occurrences[segment.packed_id()];
      if (!wanted(segment.packed_id())) continue;
      SegmentPart part = explain(segment, occurrence);
      if (structure != nullptr) place(*structure, k, part);
      bool const restricted = !options_.only.empty() || !options_.segments.empty();
      if (!restricted || !part.fields.empty()) out.segments.push_back(std::move(part));
    }
  }

 private:
  /// "LAB at ACME": the first component of each that has text.
  static std::string between(const FieldView& application, const FieldView& facility) {
    auto const shown = [](const FieldView& value) {
      return value.component(value.component(1).has_text() ? 1 : 2).raw();
    };
    std::string text(shown(application));
    std::string_view const place = shown(facility);
    if (!place.empty()) text += (text.empty() ? "at " : " at ") + std::string(place);
    return text;
  }

  void assign(const schema::StructureDef* structure) {
    if (structure == nullptr) return;
    std::vector<std::uint32_t> ids;
    for (std::size_t k = 0; k < message_.segment_count(); ++k)
      ids.push_back(message_.segment(k).packed_id());
    assign_groups(*structure, ids, groups_);
  }

  void place(const schema::StructureDef& structure, std::size_t position, SegmentPart& part) const {
    SegmentPlace const& where = groups_.segments[position];
    for (std::uint32_t at = where.group; at != groups_.groups[at].parent;
         at = groups_.groups[at].parent) {
      schema::StructureNode const& node = structure.node(groups_.groups[at].node);
      if (node.is_choice()) continue;
      std::string name(node.name());
      if (node.repeats()) name += "(" + std::to_string(groups_.groups[at].repetition) + ")";
      part.groups.insert(part.groups.begin(), std::move(name));
    }
    if (where.kind == SegmentPlace::Kind::out_of_order) {
      part.note = "not where " + std::string(structure.name()) + " expects it";
    } else if (where.kind == SegmentPlace::Kind::unexpected && part.note.empty()) {
      part.note = "not a segment of " + std::string(structure.name());
    }
  }

  bool wanted(std::uint32_t segment) const {
    if (options_.only.empty() && options_.segments.empty()) return true;
    auto const names = [&](const Path& path) { return path.segment == segment; };
    return whole(segment) || std::any_of(options_.only.begin(), options_.only.end(), names);
  }
  bool whole(std::uint32_t segment) const {
    return std::find(options_.segments.begin(), options_.segments.end(), segment) !=
           options_.segments.end();
  }
  bool wanted(std::uint32_t segment, std::size_t field) const {
    if ((options_.only.empty() && options_.segments.empty()) || whole(segment)) return true;
    return std::any_of(options_.only.begin(), options_.only.end(), [&](const Path& path) {
      return path.segment == segment && path.field == field;
    });
  }

  SegmentPart explain(const SegmentView& segment, std::size_t occurrence) {
    SegmentPart out;
    out.path = segment.id();
    if (occurrence > 1) out.path += "(" + std::to_string(occurrence) + ")";
    auto const* const def = schema::find_segment_nearest(version_, segment.packed_id());
    if (def != nullptr) out.name = def->name();
    if (segment.id().starts_with('Z')) out.note = "a local segment: only its sender can name it";
    std::size_t const defined = def == nullptr ? 0 : def->field_count;
    std::size_t const last = std::max<std::size_t>(segment.field_count(), defined);
    for (std::size_t number = 1; number <= last; ++number) {
      if (!wanted(segment.packed_id(), number)) continue;
      FieldView const field = segment.field(number);
      auto const* field_def = def == nullptr ? nullptr : def->field(number);
      bool const later = def != nullptr && field_def == nullptr;
      if (later) field_def = later_field(segment.packed_id(), number);
      std::string path = out.path + "-" + std::to_string(number);
      if (!field.has_text() && field_def != nullptr && field_def->required() && !later)
        out.missing.push_back(path);
      if (!field.has_text() && !options_.empties) continue;
      Part part = named(std::move(path), field_def, field);
      if (field_def != nullptr && field_def->type() == "VARIES") part.type = carried_type(segment);
      add_repetitions(part, field);
      if (later && part.note.empty())
        part.note = "not in HL7 " + std::string(schema::text(version_));
      out.fields.push_back(std::move(part));
    }
    return out;
  }

  /// A field that the message's version lacks, as the latest one has it.
  static const schema::FieldDef* later_field(std::uint32_t segment, std::size_t number) {
    auto const* const def = schema::find_segment(schema::latest, segment);
    return def == nullptr ? nullptr : def->field(number);
  }

  /// OBX-5's type is what OBX-2 says.
  std::string_view carried_type(const SegmentView& segment) const {
    if (segment.packed_id() != simd::pack('O', 'B', 'X')) return "VARIES";
    std::string_view const type = segment.field(2).component(1).raw();
    auto const* const known = schema::find_type(version_, type);
    return known != nullptr ? known->id() : "VARIES";
  }

  Part named(std::string path, const schema::FieldDef* def, const FieldView& value) {
    Part part;
    part.path = std::move(path);
    part.raw = value.raw();
    if (def != nullptr) {
      part.name = def->name();
      part.type = def->type();
      part.table = def->table_number;
    }
    return part;
  }

  void add_repetitions(Part& part, const FieldView& field) {
    std::size_t const count = field.repetition_count();
    if (count <= 1) return add_components(part, field);
    std::string const base = part.path;
    for (std::size_t number = 1; number <= count; ++number) {
      FieldView const repetition = field.repetition(number);
      if (!repetition.has_text() && !options_.empties) continue;
      Part one;
      one.path = base + "(" + std::to_string(number) + ")";
      one.type = part.type;
      one.raw = repetition.raw();
      add_components(one, repetition);
      part.parts.push_back(std::move(one));
    }
    if (part.parts.empty()) part.note = "only delimiters: no information";
  }

  void add_components(Part& part, const FieldView& value) {
    auto const* const type = schema::find_type(version_, part.type);
    std::size_t const count = value.component_count();
    if (count <= 1 && value.subcomponent_count() <= 1) return finish(part, value);
    for (std::size_t number = 1; number <= count; ++number) {
      FieldView const component = value.component(number);
      if (!component.has_text() && !options_.empties) continue;
      auto const* const def = type == nullptr ? nullptr : type->component(number);
      Part one = named(part.path + "." + std::to_string(number), def, component);
      add_subcomponents(one, component);
      part.parts.push_back(std::move(one));
    }
    if (part.parts.empty()) part.note = "only delimiters: no information";
  }

  void add_subcomponents(Part& part, const FieldView& value) {
    auto const* const type = schema::find_type(version_, part.type);
    std::size_t const count = value.subcomponent_count();
    if (count <= 1) return finish(part, value);
    for (std::size_t number = 1; number <= count; ++number) {
      FieldView const one = value.subcomponent(number);
      if (!one.has_text() && !options_.empties) continue;
      auto const* const def = type == nullptr ? nullptr : type->component(number);
      Part inner = named(part.path + "." + std::to_string(number), def, one);
      finish(inner, one);
      part.parts.push_back(std::move(inner));
    }
  }

  /// A value without parts: its text, and what there is to say about it.
  void finish(Part& part, const FieldView& value) {
    if (!value.has_text()) {
      part.note = "no information";
      return;
    }
    if (value.is_delete()) {
      part.note = "delete: the receiver is to clear what it holds";
      return;
    }
    if (value.has_escape()) {
      EscapeCounts counts;
      auto const text = unescape(value.raw(), value.delimiters(), message_.entry().charset,
                                 EscapePolicy::decode, scratch_, &counts);
      if (text && *text != value.raw()) part.decoded = std::string(*text);
      if (counts.unknown > 0) part.note = "holds an escape that nobody can decode";
    }
    if (is_time_type(part.type)) {
      std::string const time = time_text(value.raw());
      part.note = time.empty() ? "not a date or time of HL7" : time == value.raw() ? "" : time;
    }
  }

  MessageView const message_;
  const ExplainOptions& options_;
  schema::Version const version_;
  GroupAssignment groups_;
  Buffer<char> scratch_;
};

/// `line`: of the message's first byte.
Fault find_fault(std::string_view text, const MessageEntry& entry, const Batch& batch,
                 std::uint64_t line) {
  Fault fault;
  fault.error = entry.error;
  std::size_t const at =
      std::min<std::size_t>(std::size_t{entry.raw_begin} + entry.error.offset, text.size());
  fault.offset = batch.position.offset + at;
  fault.line = line + count_lines(text.substr(entry.raw_begin, at - entry.raw_begin));
  std::size_t const before = at == 0 ? std::string_view::npos : text.find_last_of("\r\n", at - 1);
  std::size_t const begin = before == std::string_view::npos ? 0 : before + 1;
  fault.column = at - begin + 1;
  fault.line_text = text.substr(begin, text.find_first_of("\r\n", begin) - begin);
  return fault;
}

}  // namespace

std::uint64_t count_lines(std::string_view text) noexcept {
  std::uint64_t lines = 0;
  for (std::size_t k = 0; k < text.size(); ++k)
    lines += text[k] == '\n' || (text[k] == '\r' && (k + 1 == text.size() || text[k + 1] != '\n'));
  return lines;
}

Explanation explain(const Batch& batch, std::size_t ordinal, std::uint64_t line,
                    const ExplainOptions& options) {
  MessageEntry const& entry = batch.index.messages[ordinal];
  std::string_view const text = batch.text.view().substr(0, batch.raw_size);
  Explanation out;
  out.input = batch.input_name;
  out.number = batch.messages_before + ordinal + 1;
  out.offset = batch.position.offset + entry.raw_begin;
  out.size = entry.raw_end - entry.raw_begin;
  out.line = line;
  out.charset = name(entry.charset);
  out.joined_lines = entry.joined_lines;
  if (entry.error.code != ErrorCode::none)
    out.fault = find_fault(text, entry, batch, line);
  else
    Explainer(batch.message(ordinal), options).add_to(out);
  return out;
}

}  // namespace hl7flow::cli
