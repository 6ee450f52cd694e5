#include <string>

#include <hl7flow/parsers/er7.h>
#include <hl7flow/pipeline/condition.h>

#include "tests/fuzz/fuzz.h"

// A line that is read as a path, and a line that is read as a condition. A path says itself again
// when it is written out; a condition and its negation never both hold of a message.
namespace hl7flow {
namespace {

using fuzz::require;

std::string times(std::uint16_t number) {
  return number == Path::all ? "(*)" : '(' + std::to_string(number) + ')';
}

std::string print(const Path& path) {
  std::string text;
  for (int k = 0; k < 3; ++k) text += static_cast<char>(path.segment >> (8 * k) & 0xff);
  text += times(path.occurrence) + '-' + std::to_string(path.field);
  if (path.has_match()) {
    text += '[' + std::to_string(path.match_component);
    if (path.match_subcomponent != 0) text += '.' + std::to_string(path.match_subcomponent);
    text += '=';
    text += path.match();
    text += ']';
  } else {
    text += times(path.repetition);
  }
  if (path.component != 0) text += '.' + std::to_string(path.component);
  if (path.subcomponent != 0) text += '.' + std::to_string(path.subcomponent);
  return text;
}

const MessageView& message() {
  static Er7Parser parser;
  static MessageView const parsed =
      parser
          .parse(
              "MSH|^~\\&|A|B|C|D|20240131||ORU^R01|1|P|2.5\rPID|1||1^^^H^MR~2^^^S&1.2&ISO^SS\r"
              "OBX|1|NM|x^y&z|||\r\rOBX|2|ST|~~a~b||\"\"\rZZ1\r")
          .value();
  return parsed;
}

void parse_path(std::string_view text) {
  auto const path = Path::parse(text);
  if (!path) {
    require(path.error().code == ErrorCode::bad_path, "a path fails as a bad path");
    require(path.error().offset <= text.size(), "the place of an error is in the path");
    return;
  }
  require(path->field > 0, "a path names a field");
  require(path->component != 0 || path->subcomponent == 0, "no subcomponent without a component");
  std::string const printed = print(*path);
  auto const again = Path::parse(printed);
  require(again.has_value() && *again == *path, "a path says itself again when it is written");
  auto const value = message().at(*path);
  if (path->occurrence == 1 && path->repetition == 1 && value.has_text()) {
    bool same = false;
    message().for_each(*path, [&](const FieldView& found, std::uint32_t, std::size_t) {
      same = same || found.raw() == value.raw();
    });
    require(same, "for_each visits what at() finds");
  }
}

void parse_condition_in(std::string_view text) {
  auto condition = parse_condition(text, {});
  if (!condition) {
    require(condition.error().code == ErrorCode::bad_config, "a condition fails as configuration");
    require(!condition.error().text.empty(), "a failure says why");
    return;
  }
  bool const holding = holds(*condition, message());
  condition->negated = !condition->negated;
  require(holds(*condition, message()) != holding, "either a condition holds or its negation");
}

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hl7flow::fuzz::Input input(data, size);
  hl7flow::parse_path(input.line());
  hl7flow::parse_condition_in(input.rest());
  return 0;
}
