#include <hl7flow/parsers/structured_numeric.h>

#include <hl7flow/parsers/number.h>
#include <hl7flow/parsers/types/parts.h>

namespace hl7flow {
namespace {

using Comparator = StructuredNumeric::Comparator;
using Separator = StructuredNumeric::Separator;

std::string_view trim(std::string_view text) noexcept {
  std::size_t const begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::optional<Comparator> comparator_of(std::string_view text) noexcept {
  if (text.empty() || text == "=") return Comparator::equal;
  if (text == ">") return Comparator::greater;
  if (text == "<") return Comparator::less;
  if (text == ">=") return Comparator::greater_or_equal;
  if (text == "<=") return Comparator::less_or_equal;
  if (text == "<>") return Comparator::not_equal;
  return std::nullopt;
}

std::optional<Separator> separator_of(std::string_view text) noexcept {
  if (text.empty()) return Separator::none;
  if (text.size() > 1) return std::nullopt;
  switch (text.front()) {
    case '-':
      return Separator::range;
    case ':':
      return Separator::ratio;
    case '/':
      return Separator::fraction;
    case '+':
      return Separator::plus;
    case '.':
      return Separator::point;
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<StructuredNumeric> read_structured_numeric(const FieldView& field) noexcept {
  types::Parts parts(field, types::Depth::field);
  FieldView const comparator_text = parts.next();
  StructuredNumeric value;
  value.text_1 = parts.next();
  FieldView const separator_text = parts.next();
  value.text_2 = parts.next();
  // A part that is missing is missed where the value ends.
  auto const offset = [&](const FieldView& part) -> std::size_t {
    if (part.raw().data() == nullptr) return parts.size();
    return static_cast<std::size_t>(part.raw().data() - field.raw().data());
  };
  auto const bad = [&](const FieldView& part) {
    return fail(ErrorCode::bad_structured_numeric, offset(part));
  };
  auto const number_error = [&](const FieldView& part, Error error) {
    bool const too_large = error.code == ErrorCode::value_out_of_range;
    return fail(too_large ? error.code : ErrorCode::bad_structured_numeric,
                offset(part) + error.offset);
  };

  auto const comparator = comparator_of(trim(comparator_text.raw()));
  if (!comparator) return bad(comparator_text);
  value.comparator = *comparator;

  auto const number_1 = parse_double(value.text_1.raw());
  if (!number_1) return number_error(value.text_1, number_1.error());
  value.number_1 = *number_1;

  auto const separator = separator_of(trim(separator_text.raw()));
  if (!separator) return bad(separator_text);
  value.separator = *separator;

  bool const has_second = !trim(value.text_2.raw()).empty();
  if (has_second == (*separator == Separator::none) && *separator != Separator::plus)
    return bad(has_second ? separator_text : value.text_2);
  if (has_second) {
    auto const number_2 = parse_double(value.text_2.raw());
    if (!number_2) return number_error(value.text_2, number_2.error());
    value.number_2 = *number_2;
  }
  return value;
}

}  // namespace hl7flow
