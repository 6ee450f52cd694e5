#include <hl7flow/parsers/er7.h>

namespace hl7flow {
namespace {

constexpr std::uint32_t msh = simd::pack('M', 'S', 'H');
constexpr std::uint32_t fhs = simd::pack('F', 'H', 'S');
constexpr std::uint32_t bhs = simd::pack('B', 'H', 'S');

/// Part `number` (from 1) of `text` split at `separator`; NUL separates nothing.
std::string_view part(std::string_view text, char separator, std::size_t number) noexcept {
  if (separator == '\0') return number == 1 ? text : std::string_view{};
  for (; number > 1; --number) {
    std::size_t const at = text.find(separator);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + 1);
  }
  return text.substr(0, text.find(separator));
}

std::size_t count_parts(std::string_view text, char separator) noexcept {
  if (text.empty()) return 0;
  std::size_t count = 1;
  for (char const c : text) count += separator != '\0' && c == separator ? 1 : 0;
  return count;
}

}  // namespace

FieldView FieldView::repetition(std::size_t number) const noexcept {
  return {number == 0 ? std::string_view{} : part(raw_, delimiters_.repetition, number),
          delimiters_};
}

FieldView FieldView::component(std::size_t number) const noexcept {
  if (number == 0) return {{}, delimiters_};
  return {part(part(raw_, delimiters_.repetition, 1), delimiters_.component, number), delimiters_};
}

FieldView FieldView::subcomponent(std::size_t number) const noexcept {
  if (number == 0) return {{}, delimiters_};
  return {part(component(1).raw(), delimiters_.subcomponent, number), delimiters_};
}

std::size_t FieldView::repetition_count() const noexcept {
  return count_parts(raw_, delimiters_.repetition);
}
std::size_t FieldView::component_count() const noexcept {
  return count_parts(part(raw_, delimiters_.repetition, 1), delimiters_.component);
}
std::size_t FieldView::subcomponent_count() const noexcept {
  return count_parts(component(1).raw(), delimiters_.subcomponent);
}

bool SegmentView::is_header() const noexcept {
  std::uint32_t const id = packed_id();
  return id == msh || id == fhs || id == bhs;
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

FieldView SegmentView::field(std::size_t number) const noexcept {
  std::uint32_t const first = index_->segment_mark[segment_];
  std::uint32_t const marks = index_->segment_mark[segment_ + 1] - first;
  // The header's first field is its separator, so it counts one ahead of all other segments, and
  // its first two fields are never split.
  if (is_header() && marks > 1) {
    Delimiters const whole{delimiters_->field, '\0', '\0', '\0', '\0', '\0'};
    if (number == 1) return {{text_ + index_->segment_begin[segment_] + 3, 1}, whole};
    --number;
    if (number == 1) {
      std::uint32_t const begin = index_->mark[first] + 1;
      return {{text_ + begin, index_->mark[first + 1] - begin}, whole};
    }
  }
  if (number == 0 || number >= marks) return {{}, *delimiters_};
  std::uint32_t const begin = index_->mark[first + number - 1] + 1;
  return {{text_ + begin, index_->mark[first + number] - begin}, *delimiters_};
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
