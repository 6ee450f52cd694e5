#include <hl7flow/parsers/types/contact.h>

namespace hl7flow::types {
namespace {

constexpr std::string_view digits = "0123456789";

std::string_view trim(std::string_view text) noexcept {
  std::size_t const begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

bool is_number(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789 -.") == std::string_view::npos;
}

/// Takes "X99999" or "B99999" off the front of `text`; false if something else is there.
bool take_marked(std::string_view& text, char mark, std::string_view& out) noexcept {
  if (text.empty() || (text.front() | 0x20) != (mark | 0x20)) return true;
  std::string_view const rest = trim(text.substr(1));
  std::string_view const number = rest.substr(0, rest.find_first_not_of(digits));
  if (number.empty()) return false;
  out = number;
  text = trim(rest.substr(number.size()));
  return true;
}

}  // namespace

Xtn read_xtn(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.number = parts.next(),
          .use_code = parts.next(),
          .equipment = parts.next(),
          .address = parts.next(),
          .country_code = parts.next(),
          .area_code = parts.next(),
          .local_number = parts.next(),
          .extension = parts.next(),
          .any_text = parts.next(),
          .extension_prefix = parts.next(),
          .speed_dial = parts.next(),
          .unformatted = parts.next(),
          .effective_date = parts.next(),
          .expiration_date = parts.next(),
          .expiration_reason = parts.next(),
          .protection_code = parts.next(),
          .shared_id = parts.next(),
          .preference_order = parts.next()};
}

FieldView Xtn::email() const noexcept {
  bool const is_email =
      equipment.raw() == "Internet" || address.raw().find('@') != std::string_view::npos;
  return is_email ? address : FieldView({}, address.delimiters());
}

Tn read_tn(std::string_view text) noexcept {
  Tn const whole{{}, {}, trim(text), {}, {}, {}};
  Tn out;
  std::string_view rest = whole.local;
  std::size_t const open = rest.find('(');
  std::size_t const close = rest.find(')');
  if (open != std::string_view::npos) {
    if (close == std::string_view::npos || close < open) return whole;
    out.country = trim(rest.substr(0, open));
    if (!out.country.empty() && out.country.front() == '+') out.country.remove_prefix(1);
    out.area = trim(rest.substr(open + 1, close - open - 1));
    if ((!out.country.empty() && !is_number(out.country)) || !is_number(out.area)) return whole;
    rest = trim(rest.substr(close + 1));
  }
  std::size_t const local_end = rest.find_first_not_of("0123456789 -.");
  out.local = trim(rest.substr(0, local_end));
  if (out.local.empty()) return whole;
  rest = local_end == std::string_view::npos ? std::string_view{} : rest.substr(local_end);
  if (!take_marked(rest, 'X', out.extension) || !take_marked(rest, 'B', out.beeper)) return whole;
  if (!rest.empty()) {
    if ((rest.front() | 0x20) != 'c') return whole;
    out.comment = trim(rest.substr(1));
  }
  return out;
}

}  // namespace hl7flow::types
