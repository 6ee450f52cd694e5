// hl7flow match with what is known before the model speaks: decisions of people, rules of a site.

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/e2e/match_lists.h"

namespace hl7flow::testing {
namespace {

class MatchKnown : public MatchLists {
 protected:
  void SetUp() override {
    MatchLists::SetUp();
    write("people.csv", people());
  }
  Outcome dedupe(const std::string& more) const {
    return run("match dedupe people.csv --id record --out matched --overwrite " + more);
  }
  Outcome decide(const std::string& rows, const std::string& more = {}) const {
    write("decided.csv", "record_a,record_b,decision\n" + rows);
    return dedupe("--decisions decided.csv " + more);
  }
  /// The fields of a record in person_links.csv: record, person, source, reason, matched, rule.
  std::vector<std::string> link_of(const std::string& record) const {
    std::istringstream lines(read("matched/person_links.csv"));
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(record + ",")) {
        std::vector<std::string> fields(1);
        for (char const c : line)
          if (c == ',')
            fields.emplace_back();
          else
            fields.back() += c;
        return fields;
      }
    return std::vector<std::string>(6);
  }
  std::string person_of(const std::string& record) const { return link_of(record)[1]; }
  std::string reason_of(const std::string& record) const { return link_of(record)[3]; }
};

TEST_F(MatchKnown, DecisionsOutrankTheModel) {
  ASSERT_EQ(dedupe("").exit, 0);
  ASSERT_EQ(person_of("7b"), "7a");
  ASSERT_NE(person_of("9a"), "8a");
  Outcome const done = decide("7a,7b,different\n9a,8a,same\n1a,1b,\n");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(has(done.err, "decided      1 pairs are one person, 1 are two")) << done.err;
  EXPECT_EQ(person_of("7b"), "7b");
  EXPECT_EQ(person_of("9a"), "8a");
  EXPECT_EQ(person_of("9b"), "8a") << "who was one with 9a still is";
  EXPECT_EQ(reason_of("7a"), "first");
  EXPECT_EQ(reason_of("8b"), "alike");
  EXPECT_EQ(link_of("9a"), (std::vector<std::string>{"9a", "8a", "1", "decided", "8a", ""}));
  EXPECT_EQ(link_of("9b")[3] + link_of("9b")[4], "alike9a");
  std::string const pairs = read("matched/pairs.csv");
  EXPECT_TRUE(pairs.starts_with(
      "record_a,record_b,probability,bits,band,decision,same_person,source_a,source_b,"));
  EXPECT_TRUE(has(pairs, ",link,different,false,1,1,")) << pairs;
  EXPECT_TRUE(has(pairs, ",unlikely,same,true,1,1,")) << pairs;
}

TEST_F(MatchKnown, PairsAreReadAsTheyWereWritten) {
  ASSERT_EQ(decide("7a,7b,different\n8a,9a,same\n").exit, 0);
  std::string const links = read("matched/person_links.csv"), pairs = read("matched/pairs.csv");
  write("filled.csv", pairs);
  ASSERT_EQ(dedupe("--decisions filled.csv").exit, 0);
  EXPECT_EQ(read("matched/person_links.csv"), links);
  EXPECT_EQ(read("matched/pairs.csv"), pairs);
}

TEST_F(MatchKnown, WhatIsApartStaysApartByWayOfOthers) {
  // 7a and 7b are alike, and each is one with another that is not the other's.
  ASSERT_EQ(decide("7a,20a,same\n7b,20a,different\n").exit, 0);
  EXPECT_EQ(person_of("20a"), "7a");
  EXPECT_EQ(person_of("7b"), "7b");
  ASSERT_EQ(decide("7a,20a,same\n7b,21a,same\n20a,21a,different\n").exit, 0);
  EXPECT_EQ(person_of("20a"), "7a");
  EXPECT_EQ(person_of("21a"), "7b");
}

TEST_F(MatchKnown, ContradictionsNameTheirRows) {
  Outcome const two = decide("7a,7b,same\n1a,1b,same\n7b,7a,different\n");
  EXPECT_EQ(two.exit, 78);
  EXPECT_TRUE(has(two.err, "decided.csv:4 contradicts decided.csv:2")) << two.err;
  Outcome const three = decide("1a,2a,same\n1a,3a,different\n3a,4a,same\n2a,4a,same\n");
  EXPECT_EQ(three.exit, 78);
  EXPECT_TRUE(has(three.err,
                  "decided.csv:3 says that two records are different, and "
                  "decided.csv:2, decided.csv:5 and decided.csv:4"))
      << three.err;
  EXPECT_FALSE(has(three.err, "3a")) << "ids may be patients' numbers";
  EXPECT_EQ(decide("7a,7b,same\n7a,7b,open\n7b,7a,different\n").exit, 0);
  EXPECT_EQ(person_of("7b"), "7b");
  ASSERT_EQ(decide("7a,7b,different\n7a,7b,open\n").exit, 0);
  EXPECT_EQ(person_of("7b"), "7a");
}

TEST_F(MatchKnown, WrongDecisionsSayWhat) {
  Outcome const unknown = decide("7a,nobody,same\nno,body,different\n7a,7b,same\n", "--json");
  EXPECT_EQ(unknown.exit, 0);
  EXPECT_TRUE(has(unknown.err, "2 decisions are of records that no list has")) << unknown.err;
  EXPECT_TRUE(has(unknown.out, "\"decided\": 1, \"decisions_without_record\": 2")) << unknown.out;
  EXPECT_TRUE(has(decide("7a,7b,sme\n").err,
                  "decided.csv:2: a decision is same, different or open, "
                  "did you mean \"same\"?"));
  EXPECT_TRUE(has(decide("7a,7a,same\n").err, "are one record"));
  EXPECT_EQ(decide("7a\n").exit, 78);
  EXPECT_EQ(dedupe("--decisions none.csv").exit, 66);
  EXPECT_EQ(dedupe("--decisions people.csv").exit, 78);
  write("twice.csv", "record_a,record_b,decision,decision\n7a,7b,,same\n");
  EXPECT_TRUE(has(dedupe("--decisions twice.csv").err, "two columns decision"));
}

TEST_F(MatchKnown, SourcesTellIdsThatTwoListsHave) {
  write("a.csv", "id,first_name,surname,dob\n1,anna,abel,1980-01-02\n2,bert,brandt,1970-03-04\n");
  write("b.csv", "id,first_name,surname,dob\n1,carl,conrad,1990-05-06\n2,dora,dietz,1960-07-08\n");
  write("decided.csv", "record_a,record_b,decision\n1,2,same\n");
  std::string const dedupe_both = "match dedupe a.csv b.csv --out matched --overwrite --decisions ";
  EXPECT_TRUE(has(run(dedupe_both + "decided.csv").err, "source_a and source_b"));
  write("decided.csv", "record_a,source_a,record_b,source_b,decision\n1,1,2,2,same\n");
  ASSERT_EQ(run(dedupe_both + "decided.csv").exit, 0);
  EXPECT_TRUE(has(read("matched/person_links.csv"), "2,1,2,decided,1,\n"));
}

TEST_F(MatchKnown, RulesComeBeforeTheModel) {
  // Two who share a birth date and nothing else.
  std::string text = people() + "x,xaver,xander,1937-08-17,elsewhere,,x\n";
  write("people.csv", text);
  ASSERT_EQ(dedupe("").exit, 0);
  EXPECT_EQ(person_of("x"), "x");
  Outcome const done = dedupe("--rule birth_date");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(
      has(done.err, "rule         birth_date: 81 records are 40 persons, the most of one 3"))
      << done.err;
  EXPECT_EQ(link_of("x"), (std::vector<std::string>{"x", "7a", "1", "rule", "7a", "birth_date"}));
  EXPECT_EQ(reason_of("7a"), "first");
  // A decision is stronger, also among three that a rule makes one.
  ASSERT_EQ(decide("x,7a,different\n", "--rule birth_date").exit, 0);
  EXPECT_EQ(person_of("x"), "x");
  EXPECT_EQ(person_of("7b"), "7a");
  ASSERT_EQ(dedupe("--rule birth_date+city").exit, 0);
  EXPECT_EQ(person_of("x"), "x");
}

TEST_F(MatchKnown, WrongRulesSayWhat) {
  Outcome const wrong = dedupe("--rule birth_dat+city");
  EXPECT_EQ(wrong.exit, 64);
  EXPECT_TRUE(has(wrong.err, "did you mean \"birth_date\"?")) << wrong.err;
  EXPECT_TRUE(has(dedupe("--rule phone").err, "rule phone: no column is phone"));
  EXPECT_EQ(dedupe("--rule birth_date+").exit, 64);
}

TEST_F(MatchKnown, ToLinkARuleMustNameOneOfEach) {
  write("a.csv",
        "id,surname,dob,phone\na1,abel,1980-01-02,5551234\na2,brandt,1970-03-04,5551234\n"
        "a3,conrad,1990-05-06,5559999\n");
  write("b.csv",
        "id,surname,dob,phone\nb1,dietz,1960-07-08,5551234\nb2,ebner,1950-09-10,5559999\n");
  ASSERT_EQ(run("match link a.csv b.csv --out matched --rule phone").exit, 0);
  EXPECT_EQ(person_of("b1"), "b1") << "two of one list have that number";
  EXPECT_EQ(person_of("b2"), "a3");
}

TEST_F(MatchKnown, ToLinkWhoIsDifferentIsNoRival) {
  std::string const head = "id,first_name,surname,dob,city\n";
  std::string a = head, b = head;
  for (int k = 0; k < 30; ++k) {
    Person const one = person(k);
    std::string const row =
        "," + one.given + "," + one.family + "," + one.born + "," + one.city + "\n";
    a += "a" + one.number + row;
    b += "b" + one.number + row;
    // Nearly the same: the next best counterpart.
    if (k == 7)
      b += "c" + one.number + "," + one.given + "," + one.family + "," + one.born + ",x\n";
  }
  write("a.csv", a);
  write("b.csv", b);
  std::string const link = "match link a.csv b.csv --out matched --overwrite ";
  ASSERT_EQ(run(link).exit, 0);
  EXPECT_EQ(person_of("b7"), "a7");
  EXPECT_EQ(person_of("c7"), "c7");
  write("decided.csv", "record_a,record_b,decision\na7,b7,different\n");
  ASSERT_EQ(run(link + "--decisions decided.csv").exit, 0);
  EXPECT_EQ(person_of("b7"), "b7");
  EXPECT_EQ(person_of("c7"), "a7");
}

TEST_F(MatchKnown, ToLinkWhoMayBeATwinIsNoCounterpart) {
  std::string const head = "id,first_name,surname,suffix,dob,city,phone\n";
  std::string a = head, b = head;
  for (int k = 0; k < 60; ++k) {
    Person one = person(k % 40);
    if (k >= 40) {
      one.family += "son";
      one.born = "20" + one.born.substr(2);
    }
    std::string const phone = std::to_string(5550100 + k);
    auto const row = [&](const std::string& given, const char* suffix) {
      return one.number + (k < 40 ? "," : "x,") + given + "," + one.family + "," + suffix + "," +
             one.born + "," + one.city + "," + phone + "\n";
    };
    a += "a" + row(k == 55 ? "maria" : one.given, k == 54 ? "Sr" : "");
    b += "b" + row(k == 55 ? "zoe" : one.given, k == 54 ? "Jr" : "");
  }
  write("a.csv", a);
  write("b.csv", b);
  ASSERT_EQ(run("match link a.csv b.csv --guard-twins --out matched").exit, 0);
  EXPECT_EQ(person_of("b13x"), "a13x");
  Outcome const why = run("match explain a.csv a.csv --link --pair a7,a7");
  EXPECT_TRUE(has(why.out, "one person")) << why.out << why.err;
  EXPECT_NE(person_of("b14x"), "a14x") << "junior and senior, with no other candidate";
  EXPECT_NE(person_of("b15x"), "a15x") << "twins, with no other candidate";
}

TEST_F(MatchKnown, ExplanationsKnowThem) {
  write("decided.csv", "record_a,record_b,decision\n7a,7b,different\n");
  std::string const explain = "match explain people.csv --id record --pair 7a,7b ";
  Outcome const decided = run(explain + "--decisions decided.csv");
  EXPECT_EQ(decided.exit, 1);
  EXPECT_TRUE(has(decided.out, "decided         different (decided.csv:2)\n  two persons"))
      << decided.out;
  EXPECT_TRUE(has(run(explain + "--rule birth_date").out, "rule            birth_date"));
}

}  // namespace
}  // namespace hl7flow::testing
