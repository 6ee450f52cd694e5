#include <hl7flow/adapters/cli/csv_text.h>

namespace hl7flow::cli {

std::string csv_quoted(std::string_view text) {
  std::string made = "\"";
  for (char const c : text) {
    if (c == '"') made += '"';
    made += c;
  }
  return made + '"';
}

std::string csv_field(std::string_view text) {
  return text.find_first_of(",\"\r\n") == std::string_view::npos ? std::string(text)
                                                                 : csv_quoted(text);
}

}  // namespace hl7flow::cli
