// Whose value is the person's: match --survivorship and persons export --survivorship.

#include <map>
#include <sstream>

#include "tests/e2e/match_lists.h"

namespace hl7flow::testing {
namespace {

using Row = std::map<std::string, std::string>;

/// The rows of a CSV file without quotes.
std::vector<Row> rows_of(const std::string& csv) {
  std::istringstream lines(csv);
  auto const fields = [](const std::string& line) {
    std::vector<std::string> made(1);
    for (char const c : line)
      if (c == ',')
        made.emplace_back();
      else
        made.back() += c;
    return made;
  };
  std::string line;
  std::getline(lines, line);
  auto const names = fields(line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    auto const values = fields(line);
    Row row;
    for (std::size_t k = 0; k < names.size(); ++k) row[names[k]] = values.at(k);
    rows.push_back(row);
  }
  return rows;
}

class Survivorship : public MatchLists {
 protected:
  void SetUp() override {
    MatchLists::SetUp();
    // One person by decree, so that only survivorship is at stake.
    write("a.csv",
          "id,first_name,city,phone,ssn,updated\n"
          "a1,Ann,Bonn,,111223333,2024-01-05\n"
          "a2,Ann,Bonn am Rhein,5551230001,111223333,2024-03-01 10:00:00\n");
    write("b.csv",
          "id,first_name,city,phone,ssn,updated\n"
          "b1,ANN,Köln,5551230002,111223333,2024-03-01T10:00:01+01:00\n"
          "b2,Anna,Köln,5551230002,111223333,20240301095900\n"
          "b3,Zoe,Ulm,,999001234,\n");
  }
  Row person(const std::string& more, const std::string& lists = "a.csv b.csv") const {
    Outcome const done = run("match dedupe " + lists +
                             " --rule identifier --without updated --out "
                             "out --overwrite " +
                             more);
    EXPECT_EQ(done.exit, 0) << done.err;
    auto const rows = rows_of(read("out/persons.csv"));
    return rows.empty() ? Row() : rows.front();
  }
  std::string complaint(const std::string& more) const {
    Outcome const done = run("match dedupe a.csv b.csv --out out --overwrite " + more);
    EXPECT_EQ(done.exit, 64) << done.err;
    return done.err;
  }
};

TEST_F(Survivorship, IsTheMostFrequentUnlessToldOtherwise) {
  Row const usual = person("");
  EXPECT_EQ(usual.at("records"), "4");
  EXPECT_EQ(usual.at("given_name"), "Ann") << "ANN is the same, and Ann came first";
  EXPECT_EQ(usual.at("given_name_from"), "a1");
  EXPECT_EQ(usual.at("city") + usual.at("city_from"), "Kölnb1");
  EXPECT_EQ(usual.at("phone") + usual.at("phone_from"), "5551230002b1");
  EXPECT_TRUE(has(read("out/survivorship.json"), "\"city\": \"most_frequent\""));
}

TEST_F(Survivorship, IsChosenForEachField) {
  Row const mixed = person(
      "--survivorship first --survivorship city=longest "
      "--survivorship phone=source");
  EXPECT_EQ(mixed.at("given_name"), "Ann");
  EXPECT_EQ(mixed.at("city") + mixed.at("city_from"), "Bonn am Rheina2");
  EXPECT_EQ(mixed.at("phone_from"), "a2");
  EXPECT_TRUE(has(read("out/survivorship.json"), "\"city\": \"longest\""));
  // The first list that says something, and there what most say.
  Row const trusted = person("--survivorship source", "b.csv a.csv");
  EXPECT_EQ(trusted.at("city_from"), "b1");
  EXPECT_EQ(trusted.at("phone_from"), "b1");
  EXPECT_EQ(trusted.at("given_name_from"), "b1");
}

TEST_F(Survivorship, NewestIsByTheColumnOfTimes) {
  // b1 was at 09:00:01 in UTC, b2 a minute before a2.
  Row const newest = person("--survivorship newest --as-of updated");
  EXPECT_EQ(newest.at("given_name_from"), "a2");
  EXPECT_EQ(newest.at("city_from"), "a2");
  EXPECT_EQ(newest.at("phone_from"), "a2");
  Row const one = person("--survivorship given_name=newest --as-of updated", "b.csv");
  EXPECT_EQ(one.at("given_name_from"), "b2");
}

TEST_F(Survivorship, MistakesAreSaid) {
  EXPECT_TRUE(has(complaint("--survivorship newst"), "did you mean \"newest\"?"));
  EXPECT_TRUE(has(complaint("--survivorship cty=first"), "did you mean \"city\"?"));
  EXPECT_TRUE(has(complaint("--survivorship newest"), "--as-of"));
  EXPECT_TRUE(has(complaint("--survivorship city=first --survivorship city=longest"), "second"));
  EXPECT_TRUE(has(complaint("--survivorship newest --as-of upated"), "did you mean \"updated\"?"));
  write("a.csv", "id,first_name,updated\n1,ann,2024-01-05\n2,ann,05.01.2024\n");
  Outcome const bad = run("match dedupe a.csv --survivorship newest --as-of updated");
  EXPECT_EQ(bad.exit, 78);
  EXPECT_TRUE(has(bad.err, "a.csv, record 2: column \"updated\" has no date")) << bad.err;
}

TEST_F(Survivorship, OfAStateIsChosenToo) {
  auto const message = [](int number, const std::string& identifiers, const std::string& name,
                          const std::string& city, const std::string& at) {
    return "MSH|^~\\&|A|B|||" + at + "||ADT^A08|" + std::to_string(number) + "|P|2.5\rEVN|A08|" +
           at + "\rPID|1||" + identifiers + "||" + name + "||19800131|F|||^^" + city + "\r";
  };
  write("day.hl7", message(1, "1^^^NORTH^MR~9^^^LAB^MR", "Jones^Mary", "Salem", "20240101") +
                       message(2, "9^^^LAB^MR", "Jones-Smith^Mary", "Salem", "20240102") +
                       message(3, "7^^^WEST^MR~9^^^LAB^MR", "Jones^Mary", "Bend", "20240103"));
  ASSERT_EQ(run("convert day.hl7 --out day --identify-state state").exit, 0);
  auto const exported = [&](const std::string& more) {
    Outcome const done = run("persons export state --out golden --overwrite " + more);
    EXPECT_EQ(done.exit, 0) << done.err;
    auto const rows = rows_of(read("golden/persons.csv"));
    EXPECT_EQ(rows.size(), 1u);
    return rows.empty() ? Row() : rows.front();
  };
  EXPECT_EQ(exported("").at("address_from"), "WEST:7");
  EXPECT_EQ(exported("").at("name_from"), "WEST:7");
  EXPECT_EQ(exported("--survivorship address=most_frequent").at("address_from"), "NORTH:1");
  EXPECT_EQ(exported("--survivorship longest").at("family_name"), "Jones-Smith");
  EXPECT_EQ(exported("--survivorship first").at("address_from"), "NORTH:1");
  Row const trusted = exported("--survivorship source --sources LAB,NORTH");
  EXPECT_EQ(trusted.at("name_from"), "LAB:9");
  EXPECT_TRUE(has(read("golden/survivorship.json"), "\"name\": \"source\""));
  EXPECT_EQ(run("persons export state --out golden --overwrite --survivorship source").exit, 64);
  EXPECT_EQ(run("persons export state --out golden --overwrite --survivorship adress=first").exit,
            64);
}

}  // namespace
}  // namespace hl7flow::testing
