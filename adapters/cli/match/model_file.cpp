#include <hl7flow/adapters/cli/match/model_file.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <hl7flow/adapters/cli/match/model_json.h>
#include <hl7flow/parsers/number_text.h>
#include <hl7flow/pipeline/config.h>
#include <hl7flow/pipeline/json.h>
#include <hl7flow/pipeline/unreadable.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;
using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

bool is_probability(std::optional<double> number) { return number && *number > 0 && *number <= 1; }

/// What a comparison's number is called in messages: "comparison 3".
std::string place_of(std::size_t number) { return "comparison " + std::to_string(number + 1); }

Status read_levels(const std::string& path, const std::string& place, object from,
                   LinkageModel& model) {
  std::size_t const k = model.comparisons.size() - 1;
  Level const top = model.comparisons[k].top;
  array levels;
  if (from["levels"].get_array().get(levels) != simdjson::SUCCESS)
    return bad_model(path, place + " has no list \"levels\"");
  for (element const one : levels) {
    object level;
    if (one.get_object().get(level) != simdjson::SUCCESS)
      return bad_model(path, place + ": a level is no object");
    auto const number = number_of(level, "level");
    if (!number || *number < 1 || *number > top || *number != std::floor(*number))
      return bad_model(path, place + ": a level is none of 1 to " + std::to_string(top));
    auto const at = static_cast<std::size_t>(*number);
    auto const m = number_of(level, "m"), u = number_of(level, "u");
    if (!is_probability(m) || !is_probability(u))
      return bad_model(path, place + ", level " + std::to_string(at) +
                                 ": m and u must be numbers above 0 and not above 1");
    if (model.m[k][at] != 0)
      return bad_model(path, place + " has level " + std::to_string(at) + " twice");
    model.m[k][at] = *m;
    model.u[k][at] = *u;
    if (auto const household = number_of(level, "household")) {
      if (!is_probability(household))
        return bad_model(path, place + ", level " + std::to_string(at) +
                                   ": household must be above 0 and not above 1");
      model.household[k][at] = *household;
    } else {
      model.household[k][at] = *u;
    }
    auto const moved = number_of(level, "moved");
    if (moved && !is_probability(moved))
      return bad_model(path, place + ", level " + std::to_string(at) +
                                 ": moved must be above 0 and not above 1");
    model.moved[k][at] = moved.value_or(*u);
  }
  for (Level level = 1; level <= top; ++level)
    if (model.m[k][level] == 0)
      return bad_model(path, place + " has no level " + std::to_string(level));
  return {};
}

Status read_comparison(const std::string& path, element from, const People& people,
                       LinkageModel& model) {
  std::string place = place_of(model.comparisons.size());
  object whole;
  std::string_view name;
  if (from.get_object().get(whole) != simdjson::SUCCESS ||
      whole["comparison"].get_string().get(name) != simdjson::SUCCESS)
    return bad_model(path, place + " has no name (\"comparison\")");
  auto comparison = comparison_named(path, std::string(name), people);
  if (!comparison) return tl::unexpected<Failure>(comparison.error());
  place += " (" + std::string(name) + ")";
  for (Comparison const& one : model.comparisons)
    if (linkage::name(one) == name) return bad_model(path, place + " is there twice");
  bool by_frequency = false;
  if (whole["by_frequency"].get_bool().get(by_frequency) == simdjson::SUCCESS)
    comparison->by_frequency = by_frequency;
  if (auto const share = number_of(whole, "share")) {
    if (!is_probability(share))
      return bad_model(path, place + ": share must be above 0 and not above 1");
    comparison->share = *share;
  }
  model.comparisons.push_back(*comparison);
  return read_levels(path, place, whole, model);
}

/// A column that the model does not know would silently count for nothing.
Status check_columns(const std::string& path, const LinkageModel& model, const People& people) {
  for (Comparison const& wanted : comparisons_for(people.table)) {
    if (is_of_another(wanted.kind)) continue;
    bool const known = std::any_of(model.comparisons.begin(), model.comparisons.end(),
                                   [&](Comparison const& one) { return one.role == wanted.role; });
    if (known) continue;
    std::string column;
    for (auto const& [name, role] : people.used)
      if (role == wanted.role && column.empty()) column = name;
    return bad_model(
        path, fmt::format("the model does not compare {}, which column \"{}\" is; --without {} "
                          "leaves it out",
                          name(wanted.role), column, column));
  }
  return {};
}

Result<LinkageModel, Failure> read_own_model(const std::string& path, object whole,
                                             const People& people) {
  LinkageModel model;
  auto const prior = number_of(whole, "prior");
  array comparisons;
  if (!prior || whole["comparisons"].get_array().get(comparisons) != simdjson::SUCCESS)
    return bad_model(path,
                     "no model of hl7flow (\"prior\", \"comparisons\"), and no settings of Splink "
                     "(\"comparisons\" with \"comparison_levels\")");
  if (!(*prior > 0 && *prior < 1)) return bad_model(path, "prior must be between 0 and 1");
  model.prior = *prior;
  if (auto const records = number_of(whole, "records")) {
    if (!(*records >= 0)) return bad_model(path, "records must be 0 or more");
    model.records = *records;
  }
  if (auto const household = number_of(whole, "household_prior")) {
    if (!(*household >= 0 && *household < 1))
      return bad_model(path, "household_prior must be 0 or more, and below 1");
    model.household_prior = *household;
  }
  for (auto const& [key, share] :
       {std::pair("twins_share", &model.twins_share),
        std::pair("namesakes_share", &model.namesakes_share),
        std::pair("moved_share", &model.moved_share), std::pair("apart_share", &model.apart_share)})
    if (auto const number = number_of(whole, key)) {
      if (!(*number >= 0 && *number < 1))
        return bad_model(path, std::string(key) + " must be 0 or more, and below 1");
      *share = *number;
    }
  for (element const one : comparisons) {
    if (model.comparisons.size() == comparison_max)
      return bad_model(path, "more than " + std::to_string(comparison_max) + " comparisons");
    if (auto done = read_comparison(path, one, people, model); !done)
      return tl::unexpected<Failure>(done.error());
  }
  return model;
}

bool is_splink(object whole) {
  array comparisons;
  object first;
  return whole["comparisons"].get_array().get(comparisons) == simdjson::SUCCESS &&
         comparisons.at(0).get_object().get(first) == simdjson::SUCCESS &&
         first["comparison_levels"].error() == simdjson::SUCCESS;
}

}  // namespace

tl::unexpected<Failure> bad_model(const std::string& path, const std::string& why) {
  return fail(ErrorCode::bad_config, path + ": " + why);
}

Result<Comparison, Failure> comparison_named(const std::string& path, const std::string& wanted,
                                             const People& people) {
  for (Comparison const& one : comparisons_for(people.table))
    if (name(one) == wanted) return one;
  std::vector<std::string> names = role_names();
  names.insert(names.begin(), {"names_swapped", "given_name_slip"});
  if (std::find(names.begin(), names.end(), wanted) == names.end())
    return bad_model(path,
                     "there is no comparison \"" + wanted + '"' + nearest_name(wanted, names));
  if (wanted == "names_swapped" || wanted == "given_name_slip")
    return bad_model(path, "the model compares given and family names, and no columns are those");
  return bad_model(path, "the model compares " + wanted +
                             ", and no column is that (--column NAME=" + wanted + " names one)");
}

std::string model_text(const LinkageModel& model, const BlockingReport& blocking) {
  std::string list;
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    Comparison const& one = model.comparisons[k];
    std::string levels;
    for (Level level = one.top; level >= 1; --level) {
      JsonObject json;
      json.add("level", std::uint64_t{level})
          .add_json("m", number_text(model.m[k][level]))
          .add_json("u", number_text(model.u[k][level]));
      if (model.household_prior > 0)
        json.add_json("household", number_text(model.household[k][level]));
      if (model.moved_share > 0 && is_of_home(one.role))
        json.add_json("moved", number_text(model.moved[k][level]));
      levels += (levels.empty() ? "" : ", ") + json.add("bits", model.weight(k, level)).text();
    }
    list += (list.empty() ? "\n    " : ",\n    ") + JsonObject()
                                                        .add("comparison", linkage::name(one))
                                                        .add("by_frequency", one.by_frequency)
                                                        .add_json("share", number_text(one.share))
                                                        .add_json("levels", "[" + levels + "]")
                                                        .text();
  }
  std::string rules;
  for (BlockingReport::Rule const& rule : blocking.rules)
    rules += (rules.empty() ? "\n    " : ",\n    ") +
             JsonObject().add("rule", rule.name).add("pairs", rule.expected_pairs).text();
  JsonObject json;
  json.add_json("prior", number_text(model.prior));
  if (model.records > 0) json.add_json("records", number_text(model.records));
  if (model.household_prior > 0)
    json.add_json("household_prior", number_text(model.household_prior))
        .add_json("twins_share", number_text(model.twins_share))
        .add_json("namesakes_share", number_text(model.namesakes_share))
        .add_json("moved_share", number_text(model.moved_share))
        .add_json("apart_share", number_text(model.apart_share));
  return json.add_json("comparisons", "[" + list + "]")
             .add_json("blocking", "[" + rules + "]")
             .text() +
         "\n";
}

Result<LinkageModel, Failure> read_model(const std::string& path, const People& people) {
  simdjson::padded_string text;
  if (simdjson::padded_string::load(path).get(text) != simdjson::SUCCESS) return unreadable(path);
  simdjson::dom::parser parser;
  element root;
  object whole;
  if (auto const error = parser.parse(text).get(root); error != simdjson::SUCCESS)
    return bad_model(path, std::string("not JSON: ") + simdjson::error_message(error));
  if (root.get_object().get(whole) != simdjson::SUCCESS)
    return bad_model(path, "no JSON object, so no model");
  auto model = is_splink(whole) ? read_splink_model(path, whole, people)
                                : read_own_model(path, whole, people);
  if (!model) return model;
  if (model->comparisons.empty()) return bad_model(path, "the model compares nothing");
  if (auto done = check_columns(path, *model, people); !done)
    return tl::unexpected<Failure>(done.error());
  return model;
}

}  // namespace hl7flow::cli
