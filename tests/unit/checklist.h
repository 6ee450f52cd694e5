#pragma once

#include <string>
#include <string_view>

#include <hl7flow/parsers/er7.h>
#include <hl7flow/parsers/escape.h>

// One message, read as a library user reads it: for the tests of the encoding checklist. Each line
// of the checklist (HL7 v2.9.1 chapter 2, and what real senders make of it) has a test that carries
// its number.
namespace hl7flow::test {

/// What `path` names in the first message of `text`, as sent; "(error)" if there is no message.
inline std::string value_at(std::string_view text, std::string_view path,
                            const Er7Options& options = {}) {
  Er7Parser parser(options);
  auto const message = parser.parse(text);
  auto const place = Path::parse(path);
  if (!message || !place) return "(error)";
  return std::string(message->at(*place).raw());
}

/// The same, unescaped in the message's character set.
inline std::string text_at(std::string_view text, std::string_view path,
                           EscapePolicy policy = EscapePolicy::decode,
                           EscapeCounts* counts = nullptr) {
  Er7Parser parser;
  auto const message = parser.parse(text);
  auto const place = Path::parse(path);
  if (!message || !place) return "(error)";
  FieldView const value = message->at(*place);
  Buffer<char> scratch;
  auto const decoded =
      unescape(value.raw(), value.delimiters(), message->entry().charset, policy, scratch, counts);
  return decoded ? std::string(*decoded) : "(" + std::string(name(decoded.error().code)) + ")";
}

/// A header in standard delimiters, with MSH-12 and MSH-18, and CR.
inline std::string header(std::string_view version = "2.5.1", std::string_view charset = "") {
  return "MSH|^~\\&|LAB|HOSP|DWH|HOSP|20240131100000||ORU^R01^ORU_R01|c1|P|" +
         std::string(version) + "||||||" + std::string(charset) + "\r";
}

}  // namespace hl7flow::test
