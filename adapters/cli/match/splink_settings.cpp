// A model as settings that Splink 4 loads, for its DuckDB backend. Levels are those of
// parsers/linkage/comparer.h in SQL. Sources: Splink's settings_jsonschema.json, and DuckDB's text
// functions.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include <hl7flow/adapters/cli/match/evidence.h>
#include <hl7flow/adapters/cli/match/model_file.h>
#include <hl7flow/parsers/linkage/pair_scorer.h>
#include <hl7flow/parsers/number_text.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

// From the top down to level 2; level 1 is ELSE. {0}: left value, {1}: right value; {2}: how many
// words both have, {3}: words of the shorter; {4}: how many parts of a date, 19800102, agree.
constexpr std::string_view slip_of_a_name =
    "jaro_winkler_similarity({0}, {1}) >= 0.92 OR (least(length({0}), length({1})) > 3 AND "
    "damerau_levenshtein({0}, {1}) <= 1)";
constexpr std::string_view name_levels[] = {"{0} = {1}", slip_of_a_name,
                                            "jaro_winkler_similarity({0}, {1}) >= 0.82",
                                            "jaro_winkler_similarity({0}, {1}) >= 0.7"};
// Without level 2: SQL knows no nicknames.
constexpr std::string_view given_name_levels[] = {"{0} = {1}", slip_of_a_name,
                                                  "jaro_winkler_similarity({0}, {1}) >= 0.82"};
constexpr std::string_view full_name_levels[] = {
    "{2} >= greatest(3, {3})", "{2} >= greatest(2, {3})", "{2} * 10 >= {3} * 6", "{2} > 0"};
constexpr std::string_view date_levels[] = {
    "{0} = {1}", "damerau_levenshtein({0}, {1}) <= 1",
    "{4} = 2 OR (substr({0}, 1, 4) = substr({1}, 1, 4) AND substr({0}, 5, 2) = "
    "substr({1}, 7, 2) AND substr({0}, 7, 2) = substr({1}, 5, 2))",
    "damerau_levenshtein({0}, {1}) <= 2 OR ({4} = 1 AND damerau_levenshtein({0}, {1}) <= 3)"};
constexpr std::string_view exact_level[] = {"{0} = {1}"};
constexpr std::string_view text_levels[] = {"{0} = {1}",
                                            "jaro_winkler_similarity({0}, {1}) >= 0.92",
                                            "jaro_winkler_similarity({0}, {1}) >= 0.8"};
constexpr std::string_view number_levels[] = {"{0} = {1}", "damerau_levenshtein({0}, {1}) <= 1",
                                              "damerau_levenshtein({0}, {1}) <= 2"};
constexpr std::string_view postcode_levels[] = {
    "{0} = {1}", "damerau_levenshtein({0}, {1}) <= 1",
    "CASE WHEN contains({0}, ' ') AND contains({1}, ' ') THEN split_part({0}, ' ', 1) = "
    "split_part({1}, ' ', 1) ELSE damerau_levenshtein({0}, {1}) <= 2 END",
    "regexp_extract({0}, '^[a-z]+') <> '' AND "
    "regexp_extract({0}, '^[a-z]+') = regexp_extract({1}, '^[a-z]+')"};

std::string sql_of(std::string_view condition, const std::string& left, const std::string& right) {
  std::string parts;
  for (const char* const part : {"1, 4", "5, 2", "7, 2"})
    parts += fmt::format("{}CASE WHEN substr({}, {}) = substr({}, {}) THEN 1 ELSE 0 END",
                         parts.empty() ? "" : " + ", left, part, right, part);
  return fmt::format(
      fmt::runtime(condition), left, right,
      fmt::format("len(list_intersect(string_split({}, ' '), string_split({}, ' ')))", left, right),
      fmt::format("least(len(string_split({}, ' ')), len(string_split({}, ' ')))", left, right),
      "(" + parts + ")");
}

std::span<const std::string_view> levels_of(ComparisonKind kind) {
  switch (kind) {
    case ComparisonKind::given_name:
      return given_name_levels;
    case ComparisonKind::family_name:
      return name_levels;
    case ComparisonKind::full_name:
      return full_name_levels;
    case ComparisonKind::birth_date:
      return date_levels;
    case ComparisonKind::postcode:
      return postcode_levels;
    case ComparisonKind::number:
      return number_levels;
    case ComparisonKind::address_line_1:
    case ComparisonKind::address_line_2:
    case ComparisonKind::text:
      return text_levels;
    default:
      return exact_level;
  }
}

class Settings {
 public:
  Settings(const LinkageModel& model, const People& people) : model_(model), people_(people) {
    auto const has = [&](ComparisonKind kind) {
      return std::any_of(model.comparisons.begin(), model.comparisons.end(),
                         [&](Comparison const& one) { return one.kind == kind; });
    };
    swaps_ = has(ComparisonKind::names_swapped);
    lines_ = has(ComparisonKind::address_line_1) && has(ComparisonKind::address_line_2);
  }

  std::string text(const BlockingReport& blocking, bool link) const {
    std::string comparisons, rules;
    for (std::size_t k = 0; k < model_.comparisons.size(); ++k) {
      // How many bear a name is nothing that a level of Splink's can ask.
      if (model_.comparisons[k].kind == ComparisonKind::given_name_slip) continue;
      comparisons += (comparisons.empty() ? "\n    " : ",\n    ") + comparison(k);
    }
    std::size_t count = 0;
    for (BlockingReport::Rule const& one : blocking.rules) {
      std::string const rule = blocking_rule(one.name);
      if (rule.empty() || count++ == rules_max) continue;
      rules += (rules.empty() ? "\n    " : ",\n    ") +
               JsonObject().add("blocking_rule", rule).add("sql_dialect", "duckdb").text();
    }
    return JsonObject()
               .add("link_type", link ? "link_only" : "dedupe_only")
               .add("unique_id_column_name",
                    people_.id_column.empty() ? std::string_view("unique_id") : people_.id_column)
               .add("sql_dialect", "duckdb")
               .add_json("probability_two_random_records_match", number_text(model_.prior))
               .add("retain_matching_columns", true)
               .add("retain_intermediate_calculation_columns", false)
               .add_json("blocking_rules_to_generate_predictions", "[" + rules + "]")
               .add_json("comparisons", "[" + comparisons + "]")
               .text() +
           "\n";
  }

 private:
  static constexpr std::size_t rules_max = 24;

  std::string column(Role role) const {
    for (auto const& [name, is] : people_.used)
      if (is == role) return name;
    return std::string(name(role));
  }
  static std::string quoted(const std::string& column) {
    std::string made = "\"";
    for (char const c : column) made += c == '"' ? std::string("\"\"") : std::string(1, c);
    return made + '"';
  }
  /// The value of a side, "l" or "r", as levels compare it.
  std::string value(Role role, const char* side) const {
    std::string const name = quoted(column(role) + "_" + side);
    return role == Role::birth_date ? "replace(CAST(" + name + " AS VARCHAR), '-', '')" : name;
  }
  std::string alike(Role left, Role right) const {
    return "jaro_winkler_similarity(" + value(left, "l") + ", " + value(right, "r") + ")";
  }
  /// Names fit much better crosswise. The comparison names_swapped takes from what they say then.
  std::string crosswise() const {
    auto const or_nothing = [&](Role left, Role right) {
      return "coalesce(" + alike(left, right) + ", 0)";
    };
    return or_nothing(Role::given_name, Role::family_name) + " + " +
           or_nothing(Role::family_name, Role::given_name) + " > " +
           or_nothing(Role::given_name, Role::given_name) + " + " +
           or_nothing(Role::family_name, Role::family_name) + " + 0.35";
  }
  std::string missing(const Comparison& one) const {
    auto const is_null = [&](Role role) {
      return value(role, "l") + " IS NULL OR " + value(role, "r") + " IS NULL";
    };
    if (one.kind != ComparisonKind::names_swapped) return is_null(one.role);
    return "(" + is_null(Role::given_name) + ") AND (" + is_null(Role::family_name) + ")";
  }
  std::string condition(const Comparison& one, std::string_view sql, Level number) const {
    std::string const left = value(one.role, "l");
    std::string const straight = sql_of(sql, left, value(one.role, "r"));
    auto const kind = one.kind;
    if (kind == ComparisonKind::names_swapped) return crosswise();
    if (kind == ComparisonKind::given_name || kind == ComparisonKind::family_name) {
      Role const other = kind == ComparisonKind::given_name ? Role::family_name : Role::given_name;
      return !swaps_ ? straight
                     : "CASE WHEN " + crosswise() + " THEN " +
                           sql_of(sql, left, value(other, "r")) + " ELSE " + straight + " END";
    }
    bool const first = kind == ComparisonKind::address_line_1;
    if (!lines_ || number != 2 || !(first || kind == ComparisonKind::address_line_2))
      return straight;
    return straight + " OR " +
           alike(one.role, first ? Role::address_line_2 : Role::address_line_1) + " >= 0.92";
  }

  JsonObject level(std::size_t k, Level number, const std::string& sql) const {
    // What counts of a level's weight here has no place there, but in its m.
    double const m = model_.m[k][number], u = model_.u[k][number];
    Comparison const& one = model_.comparisons[k];
    return JsonObject()
        .add("sql_condition", sql)
        .add("label_for_charts", level_label(one, number))
        .add_json("m_probability", number_text(one.share == 1 ? m : u * std::pow(m / u, one.share)))
        .add_json("u_probability", number_text(u));
  }

  std::string comparison(std::size_t k) const {
    Comparison const& one = model_.comparisons[k];
    bool const swap = one.kind == ComparisonKind::names_swapped;
    std::string levels = JsonObject()
                             .add("sql_condition", missing(one))
                             .add("label_for_charts", "missing")
                             .add("is_null_level", true)
                             .text();
    Level number = one.top;
    for (std::string_view const made : levels_of(one.kind)) {
      JsonObject json = level(k, number, condition(one, made, number));
      if (one.by_frequency && number == one.top) {
        auto const filled = static_cast<double>(people_.table.filled(one.role));
        double const least = rarest_count(model_, people_.table.size()) / std::max(filled, 2.0);
        json.add("tf_adjustment_column", column(one.role))
            .add_json("tf_adjustment_weight", number_text(one.share))
            .add_json("tf_minimum_u_value", number_text(least))
            .add("disable_tf_exact_match_detection", true);
      }
      levels += ",\n      " + json.text();
      --number;
    }
    levels += ",\n      " + level(k, 1, "ELSE").text();
    return JsonObject()
        .add("output_column_name", swap ? std::string(name(one)) : column(one.role))
        .add("comparison_description", name(one))
        .add_json("comparison_levels", "[" + levels + "]")
        .text();
  }

  /// A rule of blocking.cpp, "family_name + birth_date (year)", in SQL; empty for one that has
  /// none, such as the sound of a name.
  std::string blocking_rule(std::string_view rule) const {
    std::string sql;
    while (!rule.empty()) {
      std::size_t const end = std::min(rule.find(" + "), rule.size());
      std::string const piece = blocking_piece(rule.substr(0, end));
      if (piece.empty()) return {};
      sql += (sql.empty() ? "" : " AND ") + piece;
      rule.remove_prefix(std::min(end + 3, rule.size()));
    }
    return sql;
  }
  std::string blocking_piece(std::string_view piece) const {
    struct Part {
      std::string_view name, begin_and_size;
    };
    constexpr Part parts[] = {{"", ""},
                              {" (first 3)", ", 1, 3"},
                              {" (year)", ", 1, 4"},
                              {" (year, month)", ", 1, 6"},
                              {" (month, day)", ", 5, 4"}};
    for (std::size_t k = 0; k < role_count; ++k)
      for (Part const& part : parts) {
        auto const role = static_cast<Role>(k);
        if (!piece.starts_with(name(role)) || piece.substr(name(role).size()) != part.name)
          continue;
        auto const side = [&](const char* table) {
          std::string text = std::string(table) + "." + quoted(column(role));
          if (role == Role::birth_date)
            text.insert(0, "replace(CAST(").append(" AS VARCHAR), '-', '')");
          if (part.begin_and_size.empty()) return text;
          return "substr(" + text + std::string(part.begin_and_size) + ")";
        };
        return side("l") + " = " + side("r");
      }
    return {};
  }

  const LinkageModel& model_;
  const People& people_;
  bool swaps_ = false, lines_ = false;  // names and address lines are compared crosswise too
};

}  // namespace

std::string splink_settings(const LinkageModel& model, const BlockingReport& blocking,
                            const People& people, bool link) {
  // Splink weighs each column by itself.
  LinkageModel const by_column = without_moves(model);
  return Settings(by_column, people).text(blocking, link);
}

}  // namespace hl7flow::cli
