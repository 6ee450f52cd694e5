#include <hl7flow/parsers/types/encapsulated.h>

#include <algorithm>

namespace hl7flow::types {
namespace {

/// `lower` is in lower case.
bool equal_in_any_case(std::string_view text, std::string_view lower) noexcept {
  return std::ranges::equal(text, lower, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
  });
}

Ed::Encoding encoding_of(std::string_view name) noexcept {
  if (name.empty() || equal_in_any_case(name, "a") || equal_in_any_case(name, "ascii"))
    return Ed::Encoding::none;
  if (equal_in_any_case(name, "base64")) return Ed::Encoding::base64;
  if (equal_in_any_case(name, "hex")) return Ed::Encoding::hex;
  return Ed::Encoding::unknown;
}

bool names_binary_encoding(const FieldView& part) noexcept {
  Ed::Encoding const encoding = encoding_of(part.raw());
  return encoding == Ed::Encoding::base64 || encoding == Ed::Encoding::hex;
}

}  // namespace

Ed read_ed(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  FieldView const first = parts.next();
  FieldView const second = parts.next();
  FieldView const third = parts.next();
  FieldView const fourth = parts.next();
  Ed out;
  if (names_binary_encoding(second) && !names_binary_encoding(fourth)) {
    out.type = first;
    out.encoding_name = second;
    out.data = third;
  } else if (names_binary_encoding(third) && !names_binary_encoding(fourth)) {
    out.type = first.has_text() ? first : second;
    if (first.has_text()) out.subtype = second;
    out.encoding_name = third;
    out.data = fourth;
  } else {
    out.source = read_hd(first, parts.inner());
    out.type = second;
    out.subtype = third;
    out.encoding_name = fourth;
    out.data = parts.next();
  }
  out.encoding = encoding_of(out.encoding_name.raw());
  return out;
}

bool Ed::is_mime_package() const noexcept { return equal_in_any_case(type.raw(), "multipart"); }

Rp read_rp(const FieldView& value, Depth depth) noexcept {
  Parts parts(value, depth);
  return {.pointer = parts.next(),
          .application = read_hd(parts.next(), parts.inner()),
          .type = parts.next(),
          .subtype = parts.next()};
}

}  // namespace hl7flow::types
