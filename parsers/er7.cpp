#include <hl7flow/parsers/er7.h>

namespace hl7flow {
namespace {

std::size_t count_parts(std::string_view text, char separator) noexcept {
  if (text.empty()) return 0;
  std::size_t count = 1;
  for (char const c : text) count += separator != '\0' && c == separator ? 1 : 0;
  return count;
}

}  // namespace

std::size_t FieldView::repetition_count() const noexcept {
  return count_parts(raw_, delimiters_.repetition);
}
std::size_t FieldView::component_count() const noexcept {
  return count_parts(repetition(1).raw(), delimiters_.component);
}
std::size_t FieldView::subcomponent_count() const noexcept {
  return count_parts(component(1).raw(), delimiters_.subcomponent);
}

std::string_view SegmentView::raw() const noexcept {
  std::uint32_t const begin = index_->segment_begin[segment_];
  return {text_ + begin, index_->mark[index_->segment_mark[segment_ + 1] - 1] - begin};
}

std::size_t SegmentView::field_count() const noexcept {
  std::size_t const separators =
      index_->segment_mark[segment_ + 1] - index_->segment_mark[segment_] - 1;
  return is_header() && separators > 0 ? separators + 1 : separators;
}

FieldView SegmentView::header_field(std::size_t number) const noexcept {
  // The header's first field is its separator, so it counts one ahead of all other segments, and
  // its first two fields are never split.
  std::uint32_t const first = index_->segment_mark[segment_];
  std::uint32_t const marks = index_->segment_mark[segment_ + 1] - first;
  if (number > 2 || number == 0) return plain_field(first, marks, number == 0 ? 0 : number - 1);
  if (marks <= 1) return {{}, *delimiters_};  // nothing but its name
  Delimiters const whole{delimiters_->field, '\0', '\0', '\0', '\0', '\0'};
  if (number == 1) return {{text_ + index_->segment_begin[segment_] + 3, 1}, whole};
  return {plain_field(first, marks, 1).raw(), whole};
}

std::optional<SegmentView> MessageView::find(std::uint32_t packed_id,
                                             std::size_t occurrence) const noexcept {
  const std::uint32_t* const ids = index_->segment_id.data() + entry_->first_segment;
  for (std::size_t position = 0; position < entry_->segment_count; ++position)
    if (ids[position] == packed_id && --occurrence == 0) return segment(position);
  return std::nullopt;
}

FieldView resolve_component(const FieldView& repetition, const Path& path) noexcept {
  if (path.component == 0) return repetition;
  FieldView const component = repetition.component(path.component);
  return path.subcomponent == 0 ? component : component.subcomponent(path.subcomponent);
}

FieldView resolve(const SegmentView& segment, const Path& path) noexcept {
  FieldView const field = segment.field(path.field);
  if (path.has_match()) {
    std::size_t const count = field.repetition_count();
    for (std::size_t number = 1; number <= count; ++number) {
      FieldView const candidate = field.repetition(number);
      FieldView const key = candidate.component(path.match_component);
      std::string_view const text = path.match_subcomponent == 0
                                        ? key.raw()
                                        : key.subcomponent(path.match_subcomponent).raw();
      if (text == path.match()) return resolve_component(candidate, path);
    }
    return {{}, field.delimiters()};
  }
  std::size_t const number = path.repetition == Path::all ? 1 : path.repetition;
  return resolve_component(field.repetition(number), path);
}

FieldView MessageView::at(const Path& path) const noexcept {
  auto const found = find(path.segment, path.occurrence == Path::all ? 1 : path.occurrence);
  if (!found) return {{}, delimiters()};
  if (path.field == 0) return {found->id(), delimiters()};
  return resolve(*found, path);
}

Result<MessageView> Er7Parser::parse(std::string_view text) {
  text_.clear();
  text_.append(text);
  index_er7(text_, options_, index_);
  if (index_.messages.empty()) return fail(ErrorCode::no_header, 0);
  Error const error = index_.messages[0].error;
  if (error.code != ErrorCode::none) return tl::unexpected<Error>(error);
  return MessageView(text_.data(), index_, 0);
}

}  // namespace hl7flow
