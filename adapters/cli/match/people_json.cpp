// People as NDJSON: {"surname": "abel", "dob": "1930-01-10"}, an object a line.

#include <simdjson.h>

#include <algorithm>
#include <map>

#include <hl7flow/adapters/cli/match/model_file.h>
#include <hl7flow/adapters/cli/match/people_builder.h>
#include <hl7flow/parsers/number_text.h>
#include <hl7flow/pipeline/unreadable.h>

namespace hl7flow::cli {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

/// Lines of a file, parsed one after the other.
class Lines {
 public:
  Lines(const std::string& path, const simdjson::padded_string& text) : path_(path), text_(text) {}

  /// Calls visit(object, line) for each line that is not blank. Failures: bad_config.
  template <class Visit>
  Status for_each(Visit&& visit) {
    std::string_view const text = text_;
    std::size_t line = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      std::size_t const end = std::min(text.find('\n', begin), text.size());
      ++line;
      if (text.substr(begin, end - begin).find_first_not_of(" \t\r") != std::string_view::npos) {
        element root;
        object whole;
        // What follows the line is the padding that the parser wants.
        auto const error = parser_.parse(text.data() + begin, end - begin, false).get(root);
        if (error != simdjson::SUCCESS)
          return bad(line, std::string("is not JSON: ") + simdjson::error_message(error));
        if (root.get_object().get(whole) != simdjson::SUCCESS)
          return bad(line, "is no JSON object");
        if (auto done = visit(whole, line); !done) return done;
      }
      begin = end + 1;
    }
    return {};
  }
  tl::unexpected<Failure> bad(std::size_t line, const std::string& why) const {
    return fail(ErrorCode::bad_config, path_ + ", line " + std::to_string(line) + " " + why);
  }

 private:
  const std::string& path_;
  const simdjson::padded_string& text_;
  simdjson::dom::parser parser_;
};

/// The value as text; nothing if it is a list or an object.
std::optional<std::string> text_of(element value) {
  switch (value.type()) {
    case simdjson::dom::element_type::STRING:
      return std::string(value.get_string().value_unsafe());
    case simdjson::dom::element_type::INT64:
      return std::to_string(value.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64:
      return std::to_string(value.get_uint64().value_unsafe());
    case simdjson::dom::element_type::DOUBLE:
      return number_text(value.get_double().value_unsafe());
    case simdjson::dom::element_type::BOOL:
      return value.get_bool().value_unsafe() ? "true" : "false";
    case simdjson::dom::element_type::NULL_VALUE:
      return std::string();
    default:
      return std::nullopt;
  }
}

}  // namespace

Status read_json_people(const std::string& path, std::uint32_t source, PeopleBuilder& builder) {
  simdjson::padded_string text;
  if (simdjson::padded_string::load(path).get(text) != simdjson::SUCCESS) return unreadable(path);
  Lines lines(path, text);
  std::vector<std::string> columns;
  std::map<std::string, std::size_t, std::less<>> places;
  auto done = lines.for_each([&](object record, std::size_t) -> Status {
    for (auto const& [key, value] : record)
      if (places.find(key) == places.end()) {
        places.emplace(key, columns.size());
        columns.emplace_back(key);
      }
    return {};
  });
  if (!done) return done;
  if (columns.empty()) return fail(ErrorCode::bad_config, path + " is empty");
  if (auto begun = builder.begin(path, source, columns); !begun) return begun;
  std::vector<std::string> values(columns.size());
  return lines.for_each([&](object record, std::size_t line) -> Status {
    for (std::string& value : values) value.clear();
    for (auto const& [key, value] : record) {
      std::size_t const place = places.find(key)->second;
      auto made = text_of(value);
      if (!made && builder.is_compared(place))
        return lines.bad(line, "has a list or an object in column \"" + columns[place] + '"');
      values[place] = made.value_or("");
    }
    builder.add({values.begin(), values.end()});
    return {};
  });
}

}  // namespace hl7flow::cli
