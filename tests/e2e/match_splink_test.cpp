// Models of Splink: read by --model, written by match train --format splink.

#include <cmath>
#include <cstring>
#include <map>
#include <span>
#include <sstream>

#include "tests/e2e/match_lists.h"

namespace hl7flow::testing {
namespace {

/// Settings as Splink 4 saves them, of the columns of people().
constexpr const char* settings = R"({
  "link_type": "dedupe_only", "sql_dialect": "duckdb", "unique_id_column_name": "record",
  "probability_two_random_records_match": 0.0125,
  "blocking_rules_to_generate_predictions": [{"blocking_rule": "l.dob = r.dob"}],
  "comparisons": [
    {"output_column_name": "first_name", "comparison_description": "NameComparison",
     "comparison_levels": [
      {"sql_condition": "\"first_name_l\" IS NULL OR \"first_name_r\" IS NULL",
       "label_for_charts": "first_name is NULL", "is_null_level": true},
      {"sql_condition": "\"first_name_l\" = \"first_name_r\"", "label_for_charts": "Exact match",
       "m_probability": 0.75, "u_probability": 0.1875, "tf_adjustment_column": "first_name",
       "tf_adjustment_weight": 1.0},
      {"sql_condition": "jaro_winkler_similarity(\"first_name_l\", \"first_name_r\") >= 0.9",
       "label_for_charts": "Jaro-Winkler", "m_probability": 0.2, "u_probability": 0.1},
      {"sql_condition": "ELSE", "label_for_charts": "All other", "m_probability": 0.05,
       "u_probability": 0.8}]},
    {"output_column_name": "surname", "comparison_levels": [
      {"sql_condition": "surname_l = surname_r", "m_probability": 0.875, "u_probability": 0.109375},
      {"sql_condition": "ELSE", "m_probability": 0.125, "u_probability": 1.0}]},
    {"output_column_name": "dob", "comparison_levels": [
      {"sql_condition": "dob_l = dob_r", "m_probability": 0.5, "u_probability": 0.015625},
      {"sql_condition": "1", "m_probability": 0.1, "u_probability": 0.05},
      {"sql_condition": "2", "m_probability": 0.1, "u_probability": 0.1},
      {"sql_condition": "3", "m_probability": 0.1, "u_probability": 0.2},
      {"sql_condition": "4", "m_probability": 0.1, "u_probability": 0.05},
      {"sql_condition": "5", "m_probability": 0.1, "u_probability": 0.25},
      {"sql_condition": "else", "m_probability": 0.05, "u_probability": 0.1}]},
    {"output_column_name": "city", "comparison_levels": [
      {"sql_condition": "city_l = city_r", "m_probability": 0.5, "u_probability": 0.125},
      {"sql_condition": "ELSE", "m_probability": 0.5, "u_probability": 0.5}]}]})";

class MatchSplink : public MatchLists {
 protected:
  void SetUp() override {
    MatchLists::SetUp();
    write("people.csv", people());
    write("splink.json", settings);
  }
  Outcome use(const std::string& text) const {
    write("other.json", text);
    return run("match dedupe people.csv --id record --model other.json");
  }
  /// What the use of settings says of which a part is replaced.
  std::string complaint(const std::string& part, const std::string& by) const {
    std::string text = settings;
    std::size_t const at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    Outcome const done = use(text.replace(at, part.size(), by));
    EXPECT_EQ(done.exit, 78) << by;
    return done.err;
  }
};

TEST_F(MatchSplink, LevelsAreSpread) {
  Outcome const done =
      run("match dedupe people.csv --id record --model splink.json --out matched --json");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(has(done.out, "\"persons\": 40")) << done.out;
  std::string const model = read("matched/model.json");
  EXPECT_TRUE(has(model, "{\"prior\": 0.0125, ")) << model;
  // Three levels on five: those between are of one weight.
  constexpr const char* given[] = {
      R"("given_name", "by_frequency": true, "share": 1, "levels": [{"level": 5, "m": 0.75, )",
      R"("u": 0.1875, "bits": 2}, {"level": 4, )", R"("bits": 1}, {"level": 3, )",
      R"("bits": 1}, {"level": 2, )",
      R"("bits": 1}, {"level": 1, "m": 0.05, "u": 0.8, "bits": -4}]})"};
  // Two on five: what is not exact is "else".
  constexpr const char* family[] = {
      R"("family_name", "by_frequency": false, "share": 1, "levels": [{"level": 5, "m": 0.875, )",
      R"("u": 0.109375, "bits": 3}, {"level": 4, "m": 0.03125, "u": 0.25, "bits": -3})"};
  // Seven on five: some are one.
  constexpr const char* born[] = {
      R"("levels": [{"level": 5, "m": 0.5, "u": 0.015625, "bits": 5}, {"level": 4, "m": 0.2, )",
      R"({"level": 3, "m": 0.2, "u": 0.25, )", R"({"level": 2, "m": 0.1, "u": 0.25, )"};
  for (auto const parts : {std::span<const char* const>(given), {family}, {born}})
    for (const char* const part : parts) EXPECT_TRUE(has(model, part)) << part << "\n" << model;
  EXPECT_FALSE(has(model, "names_swapped")) << "Splink knows no such comparison";
  EXPECT_EQ(run("match explain people.csv --id record --pair 7a,7b --model splink.json").exit, 0);
}

TEST_F(MatchSplink, WhatCannotBeMappedIsSaid) {
  EXPECT_TRUE(
      has(complaint("\"surname\"", "\"first_name_surname\""),
          "other.json: the comparison \"first_name_surname\" of Splink has no counterpart"));
  EXPECT_TRUE(has(complaint("\"surname\"", "\"given_name\""), "of one thing: given_name"));
  EXPECT_TRUE(has(complaint("\"surname\"", "\"email\""), "no column is that"));
  EXPECT_TRUE(has(complaint("\"output_column_name\": \"city\"", "\"is\": \"city\""),
                  "comparison 4 has no output_column_name"));
  EXPECT_TRUE(has(complaint("\"m_probability\": 0.2, ", ""),
                  "comparison 1 (first_name), level 2 has no m_probability: Splink has not"));
  EXPECT_TRUE(has(complaint("\"u_probability\": 0.015625", "\"u_probability\": 0"), "above 0"));
  EXPECT_TRUE(has(complaint("\"else\"", "\"6\""), "the last of which is ELSE"));
  EXPECT_TRUE(has(complaint("records_match\": 0.0125", "records_match\": 2"), "between 0 and 1"));
  EXPECT_TRUE(has(complaint("\"tf_adjustment_weight\": 1.0", "\"tf_adjustment_weight\": 2"),
                  "tf_adjustment_weight"));
}

TEST_F(MatchSplink, OutAndInAgainIsTheSameModel) {
  ASSERT_EQ(run("match dedupe people.csv --id record --without person --out learned").exit, 0);
  ASSERT_EQ(run("match train people.csv --id record --without person --format splink "
                "--out trained.json")
                .exit,
            0);
  Outcome const used =
      run("match dedupe people.csv --id record --without person --model trained.json --out used");
  ASSERT_EQ(used.exit, 0) << used.err;
  for (const char* const file : {"persons.csv", "person_links.csv"})
    EXPECT_EQ(read(std::string("used/") + file), read(std::string("learned/") + file)) << file;
  // Splink cannot ask how many bear a name; here no name is a slip of another.
  std::string learned = read("learned/pairs.csv");
  for (const char* const cell : {",given_name_slip,", ",0,"})
    for (std::size_t at = learned.find(cell); at != std::string::npos;
         at = learned.find(cell, at + 1))
      learned.replace(at, std::strlen(cell), ",");
  EXPECT_EQ(read("used/pairs.csv"), learned);
  // All but given names, of which Splink knows no nicknames.
  auto const after_given = [&](const std::string& folder) {
    std::string const model = read(folder + "/model.json");
    return model.substr(model.find("family_name"));
  };
  EXPECT_EQ(after_given("used"), after_given("learned"));
}

TEST_F(MatchSplink, SplinkLoadsItAndFindsTheSameBits) {
  std::string const python = HL7FLOW_ROOT "/build/perf/splink/bin/python";
  if (!std::filesystem::exists(python))
    GTEST_SKIP() << "needs Splink, which ./dev perf --only dedupe_1m installs";
  ASSERT_EQ(run("match train people.csv --id record --without person --format splink "
                "--out trained.json")
                .exit,
            0);
  ASSERT_EQ(run("match dedupe people.csv --id record --without person --model trained.json "
                "--review 0.4 --out matched")
                .exit,
            0);
  std::string const command = "cd '" + folder_.string() + "' && '" + python +
                              "' '" HL7FLOW_ROOT
                              "/tests/e2e/splink_scores.py' trained.json people.csv >scores.csv "
                              "2>stderr.txt";
  ASSERT_EQ(std::system(command.c_str()), 0) << read("stderr.txt");
  std::map<std::string, double> scores;
  std::istringstream lines(read("scores.csv"));
  for (std::string line; std::getline(lines, line);) {
    std::size_t const cut = line.rfind(',');
    scores[line.substr(0, cut)] = std::stod(line.substr(cut + 1));
  }
  ASSERT_GE(scores.size(), 40u);
  std::istringstream pairs(read("matched/pairs.csv"));
  std::string line;
  std::getline(pairs, line);
  std::size_t compared = 0;
  while (std::getline(pairs, line)) {
    std::size_t const ids = line.find(',', line.find(',') + 1);
    std::size_t const bits = line.find(',', ids + 1) + 1;
    auto const score = scores.find(line.substr(0, ids));
    if (score == scores.end()) continue;
    EXPECT_NEAR(score->second, std::stod(line.substr(bits)), 0.01) << line;
    ++compared;
  }
  EXPECT_GE(compared, 40u);
}

}  // namespace
}  // namespace hl7flow::testing
