#include <hl7flow/parsers/linkage/weights_file.h>

#include <cmath>

#include <hl7flow/parsers/json_number.h>
#include <hl7flow/parsers/number_text.h>

namespace hl7flow::linkage {

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view format_name = "hl7flow person weights";
constexpr std::uint64_t version = 1;

template <class... Parts>
tl::unexpected<Failure> bad(const Parts&... parts) {
  std::string why;
  (why.append(parts), ...);
  return fail(ErrorCode::bad_config, why);
}

/// Failures: a key that is none of those.
Status check_keys(object from, std::initializer_list<std::string_view> known,
                  const std::string& place) {
  for (auto const& [key, value] : from) {
    bool is_known = false;
    for (std::string_view const one : known) is_known |= one == key;
    if (!is_known) return bad(place, " has what is not known: \"", std::string(key), "\"");
  }
  return {};
}

/// A probability above 0.
Status read_share(object from, std::string_view key, const std::string& place, double& out) {
  auto const number = number_of(from, key);
  if (!number || !(*number > 0 && *number <= 1))
    return bad(place, ": ", std::string(key), " must be a number above 0 and not above 1");
  out = *number;
  return {};
}

Status read_level(element from, std::size_t aspect, std::string place, LinkageModel& model) {
  object level;
  if (from.get_object().get(level) != simdjson::SUCCESS)
    return bad(place, ": a level is no object");
  auto const number = number_of(level, "level");
  auto const at = static_cast<Level>(number && *number >= 1 && *number <= level_max ? *number : 0);
  if (!number || at != *number || !has_level(static_cast<Aspect>(aspect), at))
    return bad(place, " has a level that there is not");
  place += ", level " + std::to_string(at);
  if (auto done = check_keys(level, {"level", "m", "u", "household", "bits"}, place); !done)
    return done;
  if (model.m[aspect][at] != 0) return bad(place, " is there twice");
  if (auto done = read_share(level, "m", place, model.m[aspect][at]); !done) return done;
  if (auto done = read_share(level, "u", place, model.u[aspect][at]); !done) return done;
  if (model.household_prior == 0) {
    if (level["household"].error() == simdjson::SUCCESS)
      return bad(place, " has household, and there is no household_prior");
    return {};
  }
  return read_share(level, "household", place, model.household[aspect][at]);
}

Status read_aspect(element from, LinkageModel& model) {
  object whole;
  std::string_view wanted;
  if (from.get_object().get(whole) != simdjson::SUCCESS ||
      whole["aspect"].get_string().get(wanted) != simdjson::SUCCESS)
    return bad("an aspect has no name (\"aspect\")");
  std::size_t k = 0;
  while (k < aspect_count && name(static_cast<Aspect>(k)) != wanted) ++k;
  if (k == aspect_count) return bad("there is no aspect \"", std::string(wanted), "\"");
  std::string const place(wanted);
  if (auto done = check_keys(whole, {"aspect", "levels"}, place); !done) return done;
  if (model.m[k][1] != 0) return bad(place, " is there twice");
  array levels;
  if (whole["levels"].get_array().get(levels) != simdjson::SUCCESS)
    return bad(place, " has no list \"levels\"");
  for (element const one : levels)
    if (auto done = read_level(one, k, place, model); !done) return done;
  for (Level level = 1; level <= level_max; ++level)
    if (has_level(static_cast<Aspect>(k), level) && model.m[k][level] == 0)
      return bad(place, " has no level ", std::to_string(level));
  return {};
}

Status read_head(object whole, LinkageModel& model) {
  std::string_view format;
  if (whole["format"].get_string().get(format) != simdjson::SUCCESS || format != format_name)
    return bad("no weights of persons (\"format\": \"", format_name, "\")");
  std::uint64_t number = 0;
  if (whole["version"].get_uint64().get(number) != simdjson::SUCCESS || number != version)
    return bad("weights of another version than ", std::to_string(version));
  if (auto done = check_keys(
          whole, {"format", "version", "learned_from", "prior", "household_prior", "aspects"},
          "the file");
      !done)
    return done;
  auto const prior = number_of(whole, "prior");
  if (!prior || !(*prior > 0 && *prior < 1)) return bad("prior must be above 0 and below 1");
  model.prior = *prior;
  if (whole["household_prior"].error() != simdjson::SUCCESS) return {};
  auto const household = number_of(whole, "household_prior");
  if (!household || !(*household > 0 && *household < 1))
    return bad("household_prior must be above 0 and below 1");
  model.household_prior = *household;
  return {};
}

}  // namespace

std::string weights_json(const LearnedWeights& learned) {
  LinkageModel const& model = learned.model;
  bool const households = model.household_prior > 0;
  std::string text =
      "{\"format\": \"" + std::string(format_name) + "\", \"version\": " + std::to_string(version);
  text += ",\n \"learned_from\": {\"records\": " + std::to_string(learned.records) +
          ", \"pairs\": " + std::to_string(learned.pairs) +
          ", \"expected_links\": " + number_text(std::round(learned.expected_links)) + "}";
  text += ",\n \"prior\": " + number_text(model.prior);
  if (households) text += ",\n \"household_prior\": " + number_text(model.household_prior);
  text += ",\n \"aspects\": [";
  for (std::size_t k = 0; k < aspect_count; ++k) {
    auto const aspect = static_cast<Aspect>(k);
    text += std::string(k == 0 ? "" : ",") + "\n  {\"aspect\": \"" + std::string(name(aspect)) +
            "\", \"levels\": [";
    for (Level level = top_of(aspect); level >= 1; --level) {
      if (!has_level(aspect, level)) continue;
      text += std::string(level == top_of(aspect) ? "" : ",") +
              "\n   {\"level\": " + std::to_string(level) +
              ", \"m\": " + number_text(model.m[k][level]) +
              ", \"u\": " + number_text(model.u[k][level]);
      if (households) text += ", \"household\": " + number_text(model.household[k][level]);
      text += ", \"bits\": " + number_text(std::round(model.weight(k, level) * 100) / 100) + "}";
    }
    text += "]}";
  }
  return text + "]}\n";
}

Result<AspectWeights, Failure> read_weights(std::string_view text) {
  simdjson::dom::parser parser;
  element root;
  object whole;
  array aspects;
  if (auto const error = parser.parse(simdjson::padded_string(text)).get(root);
      error != simdjson::SUCCESS)
    return bad("not JSON: ", std::string(simdjson::error_message(error)));
  if (root.get_object().get(whole) != simdjson::SUCCESS) return bad("no JSON object");
  LinkageModel model;
  model.comparisons = aspect_comparisons();
  if (auto done = read_head(whole, model); !done) return tl::unexpected<Failure>(done.error());
  if (whole["aspects"].get_array().get(aspects) != simdjson::SUCCESS)
    return bad("there is no list \"aspects\"");
  for (element const one : aspects)
    if (auto done = read_aspect(one, model); !done) return tl::unexpected<Failure>(done.error());
  for (std::size_t k = 0; k < aspect_count; ++k)
    if (model.m[k][1] == 0)
      return bad("there is no aspect ", std::string(name(static_cast<Aspect>(k))));
  return weights_of(model);
}

}  // namespace hl7flow::linkage
