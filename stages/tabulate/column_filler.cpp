// The hot path of the program: values straight from the index into columns.

#include <algorithm>
#include <cstring>

#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/escape.h>
#include <hl7flow/parsers/number.h>
#include <hl7flow/parsers/simd/short_match.h>
#include <hl7flow/stages/tabulate/rows.h>

namespace hl7flow::stages {
namespace {

bool is_delete(std::string_view text) noexcept {
  return text.size() == 2 && text[0] == '"' && text[1] == '"';
}

constexpr TextView empty_view{0, {}};

/// Makes views of text that lies in the batch's text, or else in its side text.
class ViewMaker {
 public:
  explicit ViewMaker(const Batch& batch)
      : text_(batch.text.data()),
        text_end_(text_ + batch.text.size()),
        side_(batch.side_text.data()) {}

  TextView view(const char* text, std::uint32_t size) const noexcept {
    TextView made;
    if (size <= TextView::inline_size_max) {
      simd::store_sized_12(&made, text, size);
      return made;
    }
    bool const in_text = text >= text_ && text < text_end_;
    made.length = size;
    std::memcpy(made.far.prefix.data(), text, 4);
    made.far.buffer = in_text ? 0 : 1;
    made.far.offset = static_cast<std::uint32_t>(text - (in_text ? text_ : side_));
    return made;
  }

 private:
  const char* text_;
  const char* text_end_;
  const char* side_;
};

/// What finding a field takes, as plain pointers: the loops below write bytes, and a compiler must
/// assume that a byte written through a pointer may be any of a structure's members.
struct FieldReader {
  const char* text;
  const std::uint32_t* mark;
  const std::uint32_t* segment_mark;

  explicit FieldReader(const Batch& batch)
      : text(batch.text.data()),
        mark(batch.index.mark.data()),
        segment_mark(batch.index.segment_mark.data()) {}

  /// Where the field lies; size 0 if it is absent, or if the segment is. No branch on the data.
  std::uint32_t locate(const Place& place, std::uint32_t segment,
                       std::uint32_t& begin) const noexcept {
    bool const there = segment != no_segment;
    std::uint32_t const known = there ? segment : 0;
    std::uint32_t const first = segment_mark[known];
    bool const has_field = there & (place.field < segment_mark[known + 1] - first);
    std::uint32_t const at = has_field ? first + place.field : 1;
    begin = mark[at - 1] + 1;
    return has_field ? mark[at] - begin : 0;
  }

  simd::Leaf read(const Place& place, std::uint32_t segment,
                  const simd::Splitter& splitter) const noexcept {
    std::uint32_t const first = segment_mark[segment];
    if (place.field >= segment_mark[segment + 1] - first) return {text, 0, false};
    std::uint32_t const begin = mark[first + place.field - 1] + 1;
    std::uint32_t const size = mark[first + place.field] - begin;
    if (size == 0) return {text, 0, false};
    return splitter.split(text + begin, size, place.component, place.subcomponent);
  }
};

/// Writes one typed value. Returns whether there is one, and whether it says all that the text
/// says.
struct Typed {
  bool valid;
  bool exact;
};

Typed write_typed(ColumnType type, std::string_view text, int zone_minutes, Column& out,
                  std::size_t row) noexcept {
  Precision precision{};
  switch (type) {
    case ColumnType::float64: {
      auto const value = parse_double(text);
      out.reals[row] = value ? *value : 0;
      return {value.has_value(), true};
    }
    case ColumnType::timestamp: {
      auto const value = parse_epoch_micros(text, zone_minutes, &precision);
      out.integers[row] = value ? *value : 0;
      return {value.has_value(), precision >= Precision::minute};
    }
    case ColumnType::date: {
      auto const value = parse_epoch_days(text, &precision);
      out.integers[row] = value ? *value : 0;
      return {value.has_value(), precision >= Precision::day};
    }
    case ColumnType::int64: {
      auto const value = parse_integer(text);
      out.integers[row] = value ? *value : 0;
      return {value.has_value(), true};
    }
    case ColumnType::boolean: {
      bool const yes = text == "Y" || text == "1" || text == "T";
      out.integers[row] = yes ? 1 : 0;
      return {yes || text == "N" || text == "0" || text == "F", true};
    }
    case ColumnType::text:
    case ColumnType::binary:
      break;
  }
  return {false, false};
}

/// What a typed value may be instead of the whole text: its first part, if nothing but separators
/// follows ("98^"), or the degree of precision that a TS had as its second component.
std::string_view first_part(std::string_view text, ColumnType type,
                            const Delimiters& delimiters) noexcept {
  const char separators[] = {delimiters.component, delimiters.subcomponent, delimiters.repetition};
  std::string_view const all(separators, sizeof separators);
  std::size_t const end = text.find_first_of(all);
  if (end == std::string_view::npos) return text;
  bool const time = type == ColumnType::timestamp || type == ColumnType::date;
  bool const component = text[end] == delimiters.component;
  bool const bare = text.find_first_not_of(all, end) == std::string_view::npos;
  return bare || (time && component) ? text.substr(0, end) : text;
}

void write_null(ColumnType type, Column& out, std::size_t row) noexcept {
  out.valid[row] = 0;
  if (type == ColumnType::float64)
    out.reals[row] = 0;
  else
    out.integers[row] = 0;
}

}  // namespace

TextView view_of(const Batch& batch, std::string_view text) noexcept {
  if (text.empty()) return {};  // perhaps of a field that no message has
  return ViewMaker(batch).view(text.data(), static_cast<std::uint32_t>(text.size()));
}

TextView store(Batch& batch, std::string_view text) {
  if (text.size() <= TextView::inline_size_max) {
    TextView view{static_cast<std::uint32_t>(text.size()), {}};
    if (!text.empty()) std::memcpy(view.inlined.data(), text.data(), text.size());
    return view;
  }
  std::size_t const at = batch.side_text.size();
  batch.side_text.append(text);
  return view_of(batch, {batch.side_text.data() + at, text.size()});
}

/// The text itself if it has no escapes, else text that lies in scratch_.
std::string_view ColumnFiller::unescaped(std::string_view raw, const MessageFacts& facts) {
  // It does not fail: what is unknown stays as sent and is counted, or its message was rejected
  // before it had rows.
  EscapeCounts counts;
  auto const text = unescape(raw, facts.delimiters, facts.charset, escapes_, scratch_, &counts);
  if (!text || text->data() == raw.data()) return raw;
  unknown_escapes_ += counts.unknown;
  return *text;
}

TextView ColumnFiller::decoded(std::string_view raw, const MessageFacts& facts) {
  std::string_view const text = unescaped(raw, facts);
  return text.data() == raw.data() ? view_of(batch_, raw) : store(batch_, text);
}

/// What a place names that needs more than the fast way: a match, a repetition, all repetitions.
simd::Leaf ColumnFiller::find_slowly(const Place& place, std::uint32_t segment,
                                     const MessageFacts& facts, std::uint32_t message) const {
  SegmentView const view(batch_.text.data(), batch_.index, segment,
                         batch_.index.messages[message].delimiters);
  bool const whole = place.path.repetition == Path::all && !place.path.has_match();
  std::string_view const raw =
      whole ? view.field(place.path.field).raw() : resolve(view, place.path).raw();
  return {raw.data(), static_cast<std::uint32_t>(raw.size()),
          raw.find(facts.delimiters.escape) != std::string_view::npos};
}

/// The text a place names in a segment; empty if it is not there.
inline simd::Leaf ColumnFiller::find(const Place& place, std::uint32_t segment,
                                     const MessageFacts& facts, std::uint32_t message) const {
  if (segment == no_segment) return {nullptr, 0, false};
  if (!place.simple) return find_slowly(place, segment, facts, message);
  return FieldReader(batch_).read(place, segment, facts.splitter());
}

void ColumnFiller::test_conditions(const CompiledTable& table, RowList& rows) {
  rows.held.resize(rows.size());
  std::fill(rows.held.begin(), rows.held.end(), 0);
  for (std::size_t tested = 0; tested < table.tested.size(); ++tested) {
    Place const& place = table.tested[tested];
    std::uint32_t last_segment = no_segment;
    std::string_view last_text;
    std::uint64_t last_held = 0;
    bool known = false;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      std::uint32_t const segment = rows.segments[row * rows.stride + place.slot];
      if (!known || segment != last_segment) {
        simd::Leaf const leaf = find(place, segment, facts_[rows.message[row]], rows.message[row]);
        std::string_view const text{leaf.text, leaf.size};
        if (!known || text != last_text) {
          last_held = 0;
          for (std::size_t k = 0; k < table.conditions.size(); ++k) {
            CompiledCondition const& condition = table.conditions[k];
            if (condition.tested != tested) continue;
            bool const found = condition.values.empty()
                                   ? !text.empty()
                                   : std::find(condition.values.begin(), condition.values.end(),
                                               text) != condition.values.end();
            last_held |= std::uint64_t{found != condition.negated ? 1u : 0u} << k;
          }
          last_text = text;
        }
        last_segment = segment;
        known = true;
      }
      rows.held[row] |= last_held;
    }
  }
}

/// Drops the rows for which not all wanted conditions hold.
void ColumnFiller::keep(RowList& rows, std::uint64_t wanted) {
  std::size_t kept = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if ((rows.held[row] & wanted) != wanted) continue;
    rows.message[kept] = rows.message[row];
    rows.own[kept] = rows.own[row];
    rows.held[kept] = rows.held[row];
    std::memmove(rows.segments.data() + kept * rows.stride,
                 rows.segments.data() + row * rows.stride, rows.stride * sizeof(std::uint32_t));
    ++kept;
  }
  rows.message.resize(kept);
  rows.own.resize(kept);
  rows.held.resize(kept);
  rows.segments.resize(kept * rows.stride);
}

void ColumnFiller::fill_builtin(const CompiledColumn& column, const RowList& rows, Column& out) {
  std::size_t const count = rows.size();
  std::fill_n(out.valid.data(), count, std::uint8_t{1});
  auto const entry = [&](std::size_t row) -> MessageEntry const& {
    return batch_.index.messages[rows.message[row]];
  };
  switch (column.builtin) {
    case Builtin::message_id:
      for (std::size_t row = 0; row < count; ++row) out.texts[row] = facts_[rows.message[row]].id;
      break;
    case Builtin::input:
      std::fill_n(out.texts.data(), count, input_);
      for (Placement const& placement : batch_.placements) {
        TextView const input = store(batch_, placement.input_name);
        for (std::size_t row = 0; row < count; ++row)
          if (rows.message[row] == placement.message) out.texts[row] = input;
      }
      break;
    case Builtin::offset:
      for (std::size_t row = 0; row < count; ++row)
        out.integers[row] =
            static_cast<std::int64_t>(batch_.position.offset + entry(row).raw_begin);
      for (Placement const& placement : batch_.placements)
        for (std::size_t row = 0; row < count; ++row)
          if (rows.message[row] == placement.message)
            out.integers[row] = static_cast<std::int64_t>(placement.offset);
      break;
    case Builtin::size:
      for (std::size_t row = 0; row < count; ++row)
        out.integers[row] = entry(row).raw_end - entry(row).raw_begin;
      break;
    case Builtin::segment:
      for (std::size_t row = 0; row < count; ++row)
        out.integers[row] = std::int64_t{rows.own[row] - entry(row).first_segment} + 1;
      break;
    case Builtin::charset:
      for (std::size_t row = 0; row < count; ++row)
        out.texts[row] = store(batch_, hl7flow::name(entry(row).charset));
      break;
    case Builtin::segment_count:
      for (std::size_t row = 0; row < count; ++row) out.integers[row] = entry(row).segment_count;
      break;
    case Builtin::person_id:
      fill_persons(column, rows, out);
      break;
    case Builtin::none:
      break;
  }
}

/// A view and whether it stands for a value.
struct ColumnFiller::TextValue {
  TextView view = empty_view;
  std::uint8_t valid = 0;
};

ColumnFiller::TextValue ColumnFiller::text_of(const simd::Leaf& leaf, const MessageFacts& facts) {
  if (leaf.size == 0) return {};
  // "" asks to delete what is held: an empty text, where no information is a null.
  if (is_delete({leaf.text, leaf.size})) return {empty_view, 1};
  if (leaf.escaped) return {decoded({leaf.text, leaf.size}, facts), 1};
  return {ViewMaker(batch_).view(leaf.text, leaf.size), 1};
}

ColumnFiller::TextValue ColumnFiller::joined_text(const Place& place, std::uint32_t segment,
                                                  const MessageFacts& facts,
                                                  std::uint32_t message) {
  SegmentView const view(batch_.text.data(), batch_.index, segment,
                         batch_.index.messages[message].delimiters);
  joined_.clear();
  auto const append = [&](const Path& path) {
    std::string_view const raw = resolve(view, path).raw();
    if (!raw.empty() && !is_delete(raw)) joined_.append(unescaped(raw, facts));
  };
  append(place.path);
  for (Path const& path : place.joined) append(path);
  if (joined_.empty()) return {};
  return {store(batch_, joined_), 1};
}

void ColumnFiller::fill_text(const CompiledColumn& column, const RowList& rows, TableRows& table) {
  Column& out = table.columns[column.output];
  for (std::size_t turn = 0; turn < column.places.size(); ++turn) {
    Place const& place = column.places[turn];
    bool const first_part = place.simple && place.component <= 1 && place.subcomponent <= 1;
    if (turn == 0 && column.conditions == 0 && first_part && uniform_)
      fill_first_parts(place, rows, out);
    else
      fill_parts(place, column.conditions, turn > 0, rows, out);
  }
}

/// The frequent column: the first component of a field, whatever the row.
void ColumnFiller::fill_first_parts(const Place& place, const RowList& rows, Column& out) {
  TextView* const texts = out.texts.data();
  std::uint8_t* const valid = out.valid.data();
  const std::uint32_t* segments = rows.segments.data() + place.slot;
  std::size_t const count = rows.size(), stride = rows.stride;
  std::uint32_t const component = place.component, subcomponent = place.subcomponent;
  FieldReader const reader(batch_);
  simd::Splitter const splitter = facts_[rows.message[0]].splitter();
  for (std::size_t row = 0; row < count; ++row, segments += stride) {
    std::uint32_t begin = 0;
    std::uint32_t const size = reader.locate(place, *segments, begin);
    if (splitter.store_first(reader.text, begin, size, component, subcomponent, texts + row,
                             valid + row))
      continue;
    MessageFacts const& facts = facts_[rows.message[row]];
    TextValue const value =
        text_of(splitter.split(reader.text + begin, size, component, subcomponent), facts);
    texts[row] = value.view;
    valid[row] = value.valid;
  }
}

/// Any column. A row that reads the same segment as the row before has the same value.
void ColumnFiller::fill_parts(const Place& place, std::uint64_t wanted, bool only_missing,
                              const RowList& rows, Column& out) {
  TextView* const texts = out.texts.data();
  std::uint8_t* const valid = out.valid.data();
  const std::uint64_t* const held = rows.held.data();
  const std::uint32_t* const messages = rows.message.data();
  const MessageFacts* const facts = facts_.data();
  const std::uint32_t* segments = rows.segments.data() + place.slot;
  std::size_t const count = rows.size(), stride = rows.stride;
  FieldReader const reader(batch_);
  simd::Splitter splitter = facts[messages[0]].splitter();
  Delimiters delimiters = facts[messages[0]].delimiters;
  std::uint32_t last_segment = no_segment;
  TextValue last;
  for (std::size_t row = 0; row < count; ++row, segments += stride) {
    if (only_missing && valid[row] != 0) continue;
    std::uint32_t const segment = *segments;
    if (segment == no_segment || (held[row] & wanted) != wanted) {
      texts[row] = empty_view;
      valid[row] = 0;
      continue;
    }
    if (segment != last_segment) {
      last_segment = segment;
      std::uint32_t const message = messages[row];
      if (!(facts[message].delimiters == delimiters)) {
        delimiters = facts[message].delimiters;
        splitter = facts[message].splitter();
      }
      if (!place.joined.empty())
        last = joined_text(place, segment, facts[message], message);
      else
        last = text_of(place.simple ? reader.read(place, segment, splitter)
                                    : find_slowly(place, segment, facts[message], message),
                       facts[message]);
    }
    texts[row] = last.view;
    valid[row] = last.valid;
  }
}

void ColumnFiller::fill_typed(const CompiledColumn& column, const RowList& rows, TableRows& table) {
  Column& out = table.columns[column.output];
  Column& kept = table.columns[column.text_output];
  std::fill_n(kept.valid.data(), rows.size(), std::uint8_t{0});
  std::fill_n(kept.texts.data(), rows.size(), empty_view);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::uint32_t const message = rows.message[row];
    MessageFacts const& facts = facts_[message];
    simd::Leaf leaf{nullptr, 0, false};
    if ((rows.held[row] & column.conditions) == column.conditions) {
      for (Place const& place : column.places) {
        leaf = find(place, rows.segments[row * rows.stride + place.slot], facts, message);
        if (leaf.size != 0) break;
      }
    }
    std::string_view const text{leaf.text, leaf.size};
    if (text.empty()) {
      write_null(column.type, out, row);
      continue;
    }
    Typed typed = write_typed(column.type, text, facts.zone_minutes, out, row);
    if (!typed.valid) {
      std::string_view const first = first_part(text, column.type, facts.delimiters);
      if (first.size() < text.size())
        typed = write_typed(column.type, first, facts.zone_minutes, out, row);
    }
    out.valid[row] = typed.valid ? 1 : 0;
    if (typed.valid && typed.exact) continue;
    // The text is kept where the type does not hold all that it says.
    TextValue const as_text = text_of(leaf, facts);
    untyped_values_ += typed.valid || is_delete(text) ? 0 : 1;
    kept.valid[row] = as_text.valid;
    kept.texts[row] = as_text.view;
  }
}

void ColumnFiller::fill(const CompiledTable& table, RowList& rows) {
  test_conditions(table, rows);
  if (table.row_conditions != 0) keep(rows, table.row_conditions);
  TableRows& output = batch_.tables[table.output];
  output.resize(rows.size());
  if (rows.size() == 0) return;
  for (CompiledColumn const& column : table.columns) {
    if (column.builtin != Builtin::none)
      fill_builtin(column, rows, output.columns[column.output]);
    else if (column.mapped != Mapped::none)
      fill_mapped(column, rows, output.columns[column.output]);
    else if (column.type == ColumnType::text)
      fill_text(column, rows, output);
    else
      fill_typed(column, rows, output);
  }
}

}  // namespace hl7flow::stages
