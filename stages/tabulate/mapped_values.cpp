// Columns of what map_codes found: text of the code store, which is copied once a batch.

#include <hl7flow/stages/tabulate/rows.h>

namespace hl7flow::stages {

TextView ColumnFiller::mapped_text(Mapped wanted, const codes::Answer& answer) {
  codes::CodeStore const& known = batch_.coded.codes->store();
  std::string_view text;
  std::uint32_t of = answer.target;
  switch (wanted) {
    case Mapped::outcome:
      return store(batch_, answer.found() ? codes::name(answer.how) : codes::name(answer.miss));
    case Mapped::equivalence:
      return store(batch_, codes::name(answer.equivalence));
    case Mapped::code:
      text = known.code(answer.target);
      break;
    case Mapped::display:
      text = known.display(answer.target);
      break;
    case Mapped::system:
      if (answer.target < known.concepts().size())
        text = known.system_name(known.concepts()[answer.target].system);
      break;
    case Mapped::map:
      of = answer.map;
      if (of < known.maps().size()) text = known.text(known.maps()[of].name);
      break;
    case Mapped::unit:
    case Mapped::unit_outcome:
    case Mapped::unit_canonical:
    case Mapped::value_canonical:
    case Mapped::none:
      break;
  }
  if (text.size() <= TextView::inline_size_max) return store(batch_, text);
  constexpr std::size_t places = 512;
  if (stored_names_.empty()) stored_names_.resize(places);
  std::uint64_t const key = (std::uint64_t{of} << 8 | static_cast<std::uint64_t>(wanted)) + 1;
  StoredName& place = stored_names_[(key * 0x9e3779b97f4a7c15ull) >> 55];
  if (place.of != key) place = {key, store(batch_, text)};
  return place.view;
}

void ColumnFiller::fill_measured(const CompiledColumn& column, const RowList& rows, Column& out) {
  bool const is_number = column.mapped == Mapped::value_canonical;
  std::vector<TextView> texts;  // of the batch's units
  for (MeasuredUnit const& unit : batch_.coded.units)
    texts.push_back(store(batch_, column.mapped == Mapped::unit           ? unit.code
                                  : column.mapped == Mapped::unit_outcome ? unit.outcome
                                                                          : unit.canonical));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::uint32_t const segment = rows.segments[row * rows.stride + column.places.front().slot];
    const MeasuredValue* const found =
        segment == no_segment ? nullptr : batch_.coded.find_measured(segment);
    bool const valid =
        found != nullptr && (is_number ? found->has_number : texts[found->unit].length > 0);
    out.valid[row] = valid ? 1 : 0;
    if (is_number)
      out.reals[row] = valid ? found->number : 0;
    else
      out.texts[row] = valid ? texts[found->unit] : TextView{};
  }
}

void ColumnFiller::fill_mapped(const CompiledColumn& column, const RowList& rows, Column& out) {
  if (column.mapped >= Mapped::unit) return fill_measured(column, rows, out);
  std::uint32_t last_segment = no_segment;
  const CodedValue* last = nullptr;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    out.valid[row] = 0;
    out.texts[row] = store(batch_, {});
    if (batch_.coded.codes == nullptr || (rows.held[row] & column.conditions) != column.conditions)
      continue;
    const CodedValue* value = nullptr;
    for (Place const& place : column.places) {
      std::uint32_t const segment = rows.segments[row * rows.stride + place.slot];
      if (segment == no_segment) continue;
      value = segment == last_segment && column.places.size() == 1
                  ? last
                  : batch_.coded.find(segment, place.path.field);
      last_segment = segment;
      last = value;
      if (value != nullptr) break;
    }
    if (value == nullptr || (!value->answer.found() && column.mapped != Mapped::outcome)) continue;
    TextView const text = mapped_text(column.mapped, value->answer);
    if (text.length == 0) continue;
    out.valid[row] = 1;
    out.texts[row] = text;
  }
}

}  // namespace hl7flow::stages
