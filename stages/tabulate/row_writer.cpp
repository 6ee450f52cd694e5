#include <hl7flow/stages/tabulate/row_writer.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/number.h>
#include <hl7flow/parsers/simd/short_match.h>

namespace hl7flow::stages {
namespace {

/// The part between the (number-1)th and the number-th set bit of `separators`, in [0, size).
bool nth_part(std::uint64_t separators, std::uint32_t number, std::uint32_t& begin,
              std::uint32_t& end) noexcept {
  for (; number > 1; --number) {
    if (separators == 0) return false;
    begin = static_cast<std::uint32_t>(std::countr_zero(separators)) + 1;
    separators &= separators - 1;
  }
  if (separators != 0) end = static_cast<std::uint32_t>(std::countr_zero(separators));
  return true;
}

Piece nth_part(Piece piece, char separator, std::uint32_t number) noexcept {
  std::string_view text = piece.view();
  for (; number > 1; --number) {
    std::size_t const at = text.find(separator);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + 1);
  }
  text = text.substr(0, text.find(separator));
  return {text.data(), static_cast<std::uint32_t>(text.size())};
}

}  // namespace

Piece split(Piece field, const RowContext& context, std::uint32_t component,
            std::uint32_t subcomponent) noexcept {
  if (field.size > simd::short_text_max) {
    field = nth_part(field, context.repetition, 1);
    if (component != 0) field = nth_part(field, context.component, component);
    if (subcomponent != 0 && field.size != 0)
      field = nth_part(field, context.subcomponent, subcomponent);
    return field;
  }
  std::uint64_t const repetitions = simd::match_mask(field.data, field.size, context.repetition);
  std::uint32_t begin = 0, end = field.size;
  if (repetitions != 0) end = static_cast<std::uint32_t>(std::countr_zero(repetitions));
  if (component == 0) return {field.data, end};
  std::uint64_t const components = simd::match_mask(field.data, end, context.component);
  if (!nth_part(components, component, begin, end)) return {};
  field = {field.data + begin, end - begin};
  if (subcomponent == 0 || field.size == 0) return field;
  begin = 0, end = field.size;
  std::uint64_t const parts = simd::match_mask(field.data, field.size, context.subcomponent);
  if (!nth_part(parts, subcomponent, begin, end)) return {};
  return {field.data + begin, end - begin};
}

TextView RowWriter::view_of(std::string_view text) const noexcept {
  TextView view;
  view.length = static_cast<std::uint32_t>(text.size());
  if (text.size() <= TextView::inline_size_max) {
    view.inlined = {};
    std::memcpy(view.inlined.data(), text.data(), text.size());
    return view;
  }
  const char* const base = batch_.text.data();
  std::memcpy(view.far.prefix.data(), text.data(), 4);
  bool const in_text = text.data() >= base && text.data() < base + batch_.text.size();
  view.far.buffer = in_text ? 0 : 1;
  view.far.offset =
      static_cast<std::uint32_t>(text.data() - (in_text ? base : batch_.side_text.data()));
  return view;
}

TextView RowWriter::store(std::string_view text) {
  if (text.size() <= TextView::inline_size_max) return view_of(text);
  std::size_t const at = batch_.side_text.size();
  batch_.side_text.append(text);
  return view_of({batch_.side_text.data() + at, text.size()});
}

/// The whole field that a place names, in the register's segment.
Piece RowWriter::find_whole_field(const Place& place, const RowContext& context) const {
  std::uint32_t const segment = context.segment[place.segment];
  if (segment == no_segment) return {};
  Er7Index const& index = batch_.index;
  std::uint32_t const first = index.segment_mark[segment];
  std::uint32_t const marks = index.segment_mark[segment + 1] - first;
  if (place.field >= marks) return {};
  std::uint32_t const begin = index.mark[first + place.field - 1] + 1;
  return {batch_.text.data() + begin, index.mark[first + place.field] - begin};
}

Piece RowWriter::find(const Place& place, const RowContext& context) const {
  if (place.simple) {
    Piece const field = find_whole_field(place, context);
    return field.size == 0 ? field : split(field, context, place.component, place.subcomponent);
  }
  std::uint32_t const segment = context.segment[place.segment];
  if (segment == no_segment) return {};
  SegmentView const view(batch_.text.data(), batch_.index, segment, context.entry->delimiters);
  if (place.path.repetition == Path::all && !place.path.has_match()) {
    std::string_view const raw = view.field(place.path.field).raw();
    return {raw.data(), static_cast<std::uint32_t>(raw.size())};
  }
  std::string_view const raw = resolve(view, place.path).raw();
  return {raw.data(), static_cast<std::uint32_t>(raw.size())};
}

bool RowWriter::holds(const CompiledCondition& condition, const RowContext& context) const {
  std::string_view const text = find(condition.place, context).view();
  bool const found = condition.values.empty()
                         ? !text.empty()
                         : std::find(condition.values.begin(), condition.values.end(), text) !=
                               condition.values.end();
  return found != condition.negated;
}

TextView RowWriter::decoded(Piece piece, const RowContext& context) {
  std::string_view const raw = piece.view();
  bool const escaped = raw.size() <= simd::short_text_max
                           ? simd::match_mask(raw.data(), raw.size(), context.escape) != 0
                           : std::memchr(raw.data(), context.escape, raw.size()) != nullptr;
  if (!escaped) return view_of(raw);
  scratch_.clear();
  auto const text =
      unescape(raw, context.entry->delimiters, context.entry->charset, EscapePolicy{}, scratch_);
  return store(text ? *text : raw);
}

void RowWriter::write_text(const CompiledColumn& column, Piece piece, const RowContext& context,
                           TableRows& rows) {
  Column& output = rows.columns[column.output];
  output.valid[rows.rows] = piece.size != 0 ? 1 : 0;
  // "" asks to delete what is held: an empty text, where no information is a null.
  bool const deletes = piece.size == 2 && piece.data[0] == '"' && piece.data[1] == '"';
  if (piece.size == 0 || deletes)
    output.texts[rows.rows] = TextView{0, {}};
  else
    output.texts[rows.rows] = decoded(piece, context);
}

void RowWriter::write_typed(const CompiledColumn& column, Piece piece, const RowContext& context,
                            TableRows& rows) {
  Column& output = rows.columns[column.output];
  Column& text = rows.columns[column.text_output];
  std::size_t const row = rows.rows;
  text.valid[row] = 0;
  text.texts[row] = TextView{0, {}};
  output.valid[row] = 0;
  bool exact = true;
  switch (column.type) {
    case ColumnType::float64: {
      output.reals[row] = 0;
      if (piece.size == 0) return;
      auto const value = parse_double(piece.view());
      if (value) output.reals[row] = *value;
      output.valid[row] = value ? 1 : 0;
      break;
    }
    case ColumnType::timestamp: {
      output.integers[row] = 0;
      if (piece.size == 0) return;
      Precision precision{};
      auto const value = parse_epoch_micros(piece.view(), context.zone_minutes, &precision);
      if (value) output.integers[row] = *value;
      output.valid[row] = value ? 1 : 0;
      exact = precision >= Precision::minute;
      break;
    }
    case ColumnType::date: {
      output.integers[row] = 0;
      if (piece.size == 0) return;
      Precision precision{};
      auto const value = parse_epoch_days(piece.view(), &precision);
      if (value) output.integers[row] = *value;
      output.valid[row] = value ? 1 : 0;
      exact = precision >= Precision::day;
      break;
    }
    case ColumnType::int64: {
      output.integers[row] = 0;
      if (piece.size == 0) return;
      auto const value = parse_integer(piece.view());
      if (value) output.integers[row] = *value;
      output.valid[row] = value ? 1 : 0;
      break;
    }
    case ColumnType::boolean: {
      std::string_view const value = piece.view();
      bool const yes = value == "Y" || value == "1" || value == "T";
      output.integers[row] = yes ? 1 : 0;
      if (piece.size == 0) return;
      output.valid[row] = yes || value == "N" || value == "0" || value == "F" ? 1 : 0;
      break;
    }
    case ColumnType::text:
    case ColumnType::binary:
      return;
  }
  // The text is kept where the type does not hold all of it.
  if (output.valid[row] != 0 && exact) return;
  untyped_values_ += output.valid[row] != 0 || piece.view() == "\"\"" ? 0 : 1;
  text.valid[row] = 1;
  text.texts[row] = decoded(piece, context);
}

void RowWriter::write_builtin(const CompiledColumn& column, const RowContext& context,
                              TableRows& rows) {
  Column& output = rows.columns[column.output];
  std::size_t const row = rows.rows;
  output.valid[row] = 1;
  MessageEntry const& entry = *context.entry;
  switch (column.builtin) {
    case Builtin::message_id:
      output.texts[row] = context.id;
      break;
    case Builtin::input:
      output.texts[row] = context.input;
      break;
    case Builtin::offset:
      output.integers[row] = static_cast<std::int64_t>(batch_.position.offset + entry.raw_begin);
      break;
    case Builtin::size:
      output.integers[row] = entry.raw_end - entry.raw_begin;
      break;
    case Builtin::segment:
      output.integers[row] =
          own_segment_ == no_segment ? 0 : std::int64_t{own_segment_ - entry.first_segment} + 1;
      break;
    case Builtin::charset:
      output.texts[row] = store(hl7flow::name(entry.charset));
      break;
    case Builtin::segment_count:
      output.integers[row] = entry.segment_count;
      break;
    case Builtin::none:
      break;
  }
}

void RowWriter::write(const CompiledColumn& column, const RowContext& context, TableRows& rows) {
  if (column.builtin != Builtin::none) return write_builtin(column, context, rows);
  Piece piece;
  for (Place const& place : column.places) {
    piece = find(place, context);
    if (piece.size != 0) break;
  }
  if (column.type == ColumnType::text)
    write_text(column, piece, context, rows);
  else
    write_typed(column, piece, context, rows);
}

void RowWriter::add_row(const CompiledTable& table, RowContext& context, std::uint32_t own) {
  std::uint64_t held = 0;
  for (std::size_t k = 0; k < table.conditions.size(); ++k)
    held |= std::uint64_t{holds(table.conditions[k], context) ? 1u : 0u} << k;
  for (std::uint16_t const condition : table.row_conditions)
    if ((held >> condition & 1) == 0) return;
  TableRows& rows = batch_.tables[table.output];
  rows.reserve_row();
  own_segment_ = own;
  for (CompiledColumn const& column : table.columns) {
    bool wanted = true;
    for (std::uint16_t const condition : column.conditions) wanted &= (held >> condition & 1) != 0;
    if (wanted) {
      write(column, context, rows);
    } else if (column.type == ColumnType::text) {
      write_text(column, {}, context, rows);
    } else {
      write_typed(column, {}, context, rows);
    }
  }
  ++rows.rows;
}

}  // namespace hl7flow::stages
