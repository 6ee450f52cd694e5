// Models of Splink 3 and 4: what Linker.misc.save_model_to_json writes and Linker(settings=…)
// reads.

#include <algorithm>
#include <cmath>

#include <hl7flow/adapters/cli/match/model_json.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;
using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

/// A level of Splink's that is not the one of missing values.
struct SplinkLevel {
  double m, u;
};

struct SplinkComparison {
  std::string name;
  std::vector<SplinkLevel> levels;  // from exact agreement to "else"
  bool by_frequency = false;
  double share = 1;
};

std::string_view text_of(object from, std::string_view key) {
  std::string_view text;
  return from[key].get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

bool is_true(object from, std::string_view key) {
  bool flag = false;
  return from[key].get_bool().get(flag) == simdjson::SUCCESS && flag;
}

Status read_level(const std::string& path, const std::string& place, object from,
                  SplinkComparison& comparison) {
  std::string const level = place + ", level " + std::to_string(comparison.levels.size() + 1);
  for (const char* const key : {"m_probability", "u_probability"}) {
    auto const number = number_of(from, key);
    if (!number) return bad_model(path, level + " has no " + key + ": Splink has not trained it");
    if (!(*number > 0 && *number <= 1))
      return bad_model(path, level + ": " + key + " must be above 0 and not above 1");
  }
  if (comparison.levels.empty() && !text_of(from, "tf_adjustment_column").empty()) {
    comparison.share = number_of(from, "tf_adjustment_weight").value_or(1);
    comparison.by_frequency = comparison.share > 0;
    if (!comparison.by_frequency) comparison.share = 1;
    if (!(comparison.share <= 1))
      return bad_model(path, level + ": tf_adjustment_weight must not be above 1");
  }
  comparison.levels.push_back(
      {*number_of(from, "m_probability"), *number_of(from, "u_probability")});
  return {};
}

Result<SplinkComparison, Failure> read_comparison(const std::string& path, std::size_t number,
                                                  element from) {
  SplinkComparison comparison;
  std::string place = "comparison " + std::to_string(number);
  object whole;
  array levels;
  if (from.get_object().get(whole) != simdjson::SUCCESS ||
      whole["comparison_levels"].get_array().get(levels) != simdjson::SUCCESS)
    return bad_model(path, place + " has no comparison_levels");
  comparison.name = text_of(whole, "output_column_name");
  if (comparison.name.empty()) return bad_model(path, place + " has no output_column_name");
  place += " (" + comparison.name + ")";
  std::string last;
  for (element const one : levels) {
    object level;
    if (one.get_object().get(level) != simdjson::SUCCESS)
      return bad_model(path, place + ": a level is no object");
    if (is_true(level, "is_null_level")) continue;
    if (auto done = read_level(path, place, level, comparison); !done)
      return tl::unexpected<Failure>(done.error());
    last = text_of(level, "sql_condition");
  }
  std::transform(last.begin(), last.end(), last.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (comparison.levels.size() < 2 || last != "ELSE")
    return bad_model(path, place + " must have two levels or more, the last of which is ELSE");
  return comparison;
}

/// The comparison of our own that is of the same column.
Result<Comparison, Failure> counterpart(const std::string& path, const std::string& column,
                                        const People& people) {
  auto const used = std::find_if(people.used.begin(), people.used.end(),
                                 [&](auto const& one) { return one.first == column; });
  auto const role = used != people.used.end() ? used->second : role_of_column(column);
  if (role) return comparison_named(path, std::string(name(*role)), people);
  for (Comparison const& one : comparisons_for(people.table))
    if (name(one) == column) return one;
  return bad_model(path, "the comparison \"" + column +
                             "\" of Splink has no counterpart: it is neither a column of the files "
                             "that is compared nor a usual name of one");
}

/// The place, from 0, among `to` steps that is at the same height as `place` is among `from`: the
/// first is the first, the last the last, and those between are spread.
std::size_t spread(std::size_t place, std::size_t from, std::size_t to) {
  if (place == 0) return 0;
  if (place == from - 1 || to == 2) return to - 1;
  return 1 + (place - 1) * (to - 2) / (from - 2);
}

/// Levels that several of the other model stand for: their shares are added, and what one stands
/// for several is divided, which leaves its weight as it was.
void take_levels(const SplinkComparison& from, std::size_t k, LinkageModel& model) {
  std::size_t const top = model.comparisons[k].top, count = from.levels.size();
  // Nicknames are a level that Splink has not: they are worth what a slip of the pen is.
  bool const has_nicknames = model.comparisons[k].kind == ComparisonKind::given_name;
  std::size_t const steps = has_nicknames ? top - 1 : top;
  auto const add = [&](std::size_t step, const SplinkLevel& level, double parts) {
    std::size_t const ours = step + 1 == steps ? 1 : top - step;
    model.m[k][ours] += level.m / parts;
    model.u[k][ours] += level.u / parts;
  };
  if (count >= steps) {
    for (std::size_t place = 0; place < count; ++place)
      add(spread(place, count, steps), from.levels[place], 1);
  } else {
    std::vector<double> parts(count);
    for (std::size_t place = 0; place < steps; ++place) ++parts[spread(place, steps, count)];
    for (std::size_t place = 0; place < steps; ++place) {
      std::size_t const theirs = spread(place, steps, count);
      add(place, from.levels[theirs], parts[theirs]);
    }
  }
  if (has_nicknames)
    for (auto* const shares : {&model.m[k], &model.u[k]}) (*shares)[2] = (*shares)[4] /= 2;
  // A level's weight is its share of log2(m / u).
  if (from.share == 1) return;
  for (std::size_t level = 1; level <= top; ++level)
    model.m[k][level] =
        model.u[k][level] * std::pow(model.m[k][level] / model.u[k][level], 1 / from.share);
}

}  // namespace

Result<LinkageModel, Failure> read_splink_model(const std::string& path, object settings,
                                                const People& people) {
  LinkageModel model;
  auto const prior = number_of(settings, "probability_two_random_records_match");
  if (!prior || !(*prior > 0 && *prior < 1))
    return bad_model(path, "probability_two_random_records_match must be between 0 and 1");
  model.prior = *prior;
  array comparisons;
  if (settings["comparisons"].get_array().get(comparisons) != simdjson::SUCCESS)
    return bad_model(path, "there are no comparisons");
  std::size_t number = 0;
  for (element const one : comparisons) {
    auto const theirs = read_comparison(path, ++number, one);
    if (!theirs) return tl::unexpected<Failure>(theirs.error());
    auto ours = counterpart(path, theirs->name, people);
    if (!ours) return tl::unexpected<Failure>(ours.error());
    for (Comparison const& other : model.comparisons)
      if (name(other) == name(*ours))
        return bad_model(path, "two comparisons, the second \"" + theirs->name +
                                   "\", are of one thing: " + std::string(name(other)));
    ours->by_frequency = theirs->by_frequency;
    ours->share = theirs->share;
    model.comparisons.push_back(*ours);
    take_levels(*theirs, model.comparisons.size() - 1, model);
  }
  return model;
}

}  // namespace hl7flow::cli
