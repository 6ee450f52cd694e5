// hl7flow match train, --model and evaluate: a model that is learned once and used on other lists.

#include <algorithm>

#include "tests/e2e/match_lists.h"

namespace hl7flow::testing {
namespace {

class MatchModel : public MatchLists {
 protected:
  void SetUp() override {
    MatchLists::SetUp();
    write("people.csv", people());
  }
  /// What a use of the model says, with a part of the model's text replaced.
  std::string complaint(const std::string& part, const std::string& by) const {
    std::string text = read("model.json");
    std::size_t const at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    write("other.json", text.replace(at, part.size(), by));
    Outcome const done = run("match dedupe people.csv --id record --model other.json");
    EXPECT_EQ(done.exit, 78) << by;
    return done.err;
  }
};

TEST_F(MatchModel, IsLearnedOnceAndUsed) {
  ASSERT_EQ(run("match dedupe people.csv --id record --out learned").exit, 0);
  Outcome const trained = run("match train people.csv --out model.json");
  ASSERT_EQ(trained.exit, 0) << trained.err;
  EXPECT_TRUE(has(trained.err, "given_name")) << trained.err;
  EXPECT_EQ(run("match train people.csv --out model.json").exit, 64) << "it is there already";
  EXPECT_EQ(run("match train people.csv --out model.json --overwrite").exit, 0);
  Outcome const used = run("match dedupe people.csv --id record --model model.json --out used");
  ASSERT_EQ(used.exit, 0) << used.err;
  for (const char* const file : {"persons.csv", "person_links.csv", "pairs.csv", "model.json"})
    EXPECT_EQ(read(std::string("used/") + file), read(std::string("learned/") + file)) << file;
  Outcome const learned = run("match explain people.csv --id record --pair 7a,7b");
  EXPECT_EQ(run("match explain people.csv --id record --pair 7a,7b --model model.json").out,
            learned.out);
}

TEST_F(MatchModel, OfALongListServesAShortOne) {
  ASSERT_EQ(run("match train people.csv --out model.json").exit, 0);
  std::string list = "record,first_name,surname,dob,city\n";
  for (int k = 0; k < 3; ++k) {
    Person const one = person(k);
    for (const char* const which : {"a", "b"})
      list += one.number + which + "," + one.given + "," + one.family + "," + one.born + "," +
              one.city + "\n";
  }
  write("short.csv", list);
  Outcome const done = run("match dedupe short.csv --id record --model model.json --json");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(has(done.out, "\"persons\": 3")) << done.out << done.err;
}

TEST_F(MatchModel, FitsTheColumnsOrSaysWhatDoesNot) {
  ASSERT_EQ(run("match train people.csv --out model.json").exit, 0);
  auto const use = [&](const std::string& more) {
    return run("match dedupe people.csv --model model.json " + more);
  };
  Outcome const fewer = use("--without city");
  EXPECT_EQ(fewer.exit, 78);
  EXPECT_TRUE(has(fewer.err, "model.json: the model compares city")) << fewer.err;
  Outcome const more = use("--column comment=address_1");
  EXPECT_EQ(more.exit, 78);
  EXPECT_TRUE(has(more.err, "--without comment")) << more.err;
  EXPECT_EQ(run("match dedupe people.csv --model none.json").exit, 66);
}

TEST_F(MatchModel, IsReadWithCare) {
  ASSERT_EQ(run("match train people.csv --out model.json").exit, 0);
  EXPECT_TRUE(has(complaint("\"birth_date\"", "\"birth_dat\""), "did you mean \"birth_date\""));
  EXPECT_TRUE(has(complaint("\"prior\"", "\"pior\""), "no model"));
  EXPECT_TRUE(has(complaint("\"m\": 0", "\"m\": 7"), "comparison 1 (given_name), level 5"));
  EXPECT_TRUE(has(complaint("\"u\": 0", "\"u\": -0"), "level 5"));
  EXPECT_TRUE(has(complaint("\"level\": 4", "\"level\": 9"), "none of 1 to 5"));
  EXPECT_TRUE(has(complaint("\"level\": 4", "\"level\": 5"), "level 5 twice"));
  EXPECT_TRUE(has(complaint("\"levels\"", "\"lvls\""), "no list"));
  EXPECT_TRUE(has(complaint("\"city\"", "\"birth_date\""), "twice"));
  EXPECT_TRUE(has(complaint("\"share\": 1", "\"share\": 3"), "share"));
  EXPECT_TRUE(has(complaint("{\"prior\"", "[{\"prior\""), "not JSON"));
  write("other.json", "[1]");
  EXPECT_EQ(run("match dedupe people.csv --model other.json").exit, 78);
  write("other.json", "{\"prior\": 0.1, \"comparisons\": []}");
  EXPECT_EQ(run("match dedupe people.csv --model other.json").exit, 78);
}

TEST_F(MatchModel, IsEvaluatedAtEachThreshold) {
  Outcome const table = run("match evaluate people.csv --id record --truth person");
  ASSERT_EQ(table.exit, 0) << table.err;
  for (const char* const part : {"0.01 ", "0.5 ", "0.999 ", "40, 1.00000 of them were compared"})
    EXPECT_TRUE(has(table.out, part)) << part << table.out;
  Outcome const json = run("match evaluate people.csv --id record --truth person --json");
  ASSERT_EQ(json.exit, 0);
  EXPECT_EQ(std::count(json.out.begin(), json.out.end(), '\n'), 1);
  EXPECT_TRUE(has(json.out, "\"true_pairs\": 40, \"pair_completeness\": 1")) << json.out;
  EXPECT_TRUE(has(json.out,
                  "{\"probability\": 0.5, \"bits\": 0, \"pairs\": {\"precision\": 1, "
                  "\"recall\": 1, \"f1\": 1, \"right\": 40, \"wrong\": 0, \"missed\": 0}"))
      << json.out;
  EXPECT_EQ(run("match evaluate people.csv --id record").exit, 64) << "nothing to judge by";
  ASSERT_EQ(run("match train people.csv --without person --out model.json").exit, 0);
  EXPECT_EQ(
      run("match evaluate people.csv --id record --truth person --json --model model.json").out,
      json.out);
}

}  // namespace
}  // namespace hl7flow::testing
