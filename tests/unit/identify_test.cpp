#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include <hl7flow/pipeline/catalogue.h>
#include <hl7flow/stages/identify/person_statement.h>

#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::Outcome;
using test::Row;
using Texts = std::vector<std::string>;

const std::string smith =
    "Smith^John||19800131|M|||12 Main Street^^Springfield^IL^62704||5551234567";
const std::string jones = "Jones^Mary||19751123|F|||7 Oak Avenue^^Salem^OR^97301||5559876543";

/// A message about one patient. `rest` comes behind the PID.
std::string message(const std::string& event, const std::string& identifiers,
                    const std::string& person = {}, const std::string& time = "20240301120000",
                    const std::string& rest = {}) {
  static int number = 0;
  return "MSH|^~\\&|ADT|HOSP|||" + time + "||ADT^" + event + "|" + std::to_string(++number) +
         "|P|2.5.1\rEVN|" + event + "|" + time + "\rPID|1||" + identifiers + "||" + person + "\r" +
         rest;
}
std::string merge(const std::string& event, const std::string& survivor, const std::string& prior,
                  const std::string& time = "20240301120000") {
  return message(event, survivor, {}, time, "MRG|" + prior + "\r");
}
/// A24 or A37.
std::string two(const std::string& event, const std::string& a, const std::string& b,
                const std::string& time = "20240301120000") {
  return message(event, a, {}, time, "PID|2||" + b + "\r");
}
std::string mr(const std::string& number, const std::string& authority = "A") {
  return number + "^^^" + authority + "^MR";
}

class Identify : public ::testing::Test {
 protected:
  Identify() {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("identify_" +
               std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Identify() override { std::filesystem::remove_all(folder_); }
  std::string state() const { return (folder_ / "state").string(); }
  std::string decisions(const std::string& rows) const {
    std::string const path = (folder_ / "decisions.csv").string();
    std::ofstream(path) << "decision,assigning_authority_a,identifier_a,assigning_authority_b,"
                           "identifier_b\n"
                        << rows;
    return path;
  }

  static Outcome run(const std::string& text, const ConfigNode& settings = test::settings({}),
                     std::size_t batch_size = 1u << 20) {
    return test::run_text(std::make_unique<test::TextSource>(text, batch_size),
                          {{"parse", test::settings({})},
                           {"identify", settings},
                           {"tabulate", test::settings({{"persons", "true"}})}});
  }

  /// Who is one person after all links: "A:1+B:7 A:2".
  static std::string persons(const std::vector<Outcome>& runs) {
    std::map<std::string, std::string> person_of;
    for (Outcome const& one : runs)
      if (auto const rows = one.rows.find("person_links"); rows != one.rows.end())
        for (Row const& row : rows->second) {
          std::string const record = row.at("assigning_authority") + ":" + row.at("identifier");
          auto const known = person_of.find(record);
          EXPECT_EQ(row.contains("previous_person_id") ? row.at("previous_person_id") : "",
                    known == person_of.end() ? "" : known->second);
          person_of[record] = row.at("person_id");
        }
    std::map<std::string, std::string> groups;
    for (auto const& [record, person] : person_of)
      groups[person] += (groups[person].empty() ? "" : "+") + record;
    std::set<std::string> sorted;
    for (auto const& [person, group] : groups) sorted.insert(group);
    std::string text;
    for (std::string const& group : sorted) text += (text.empty() ? "" : " ") + group;
    return text;
  }
  static std::string persons(const std::string& text) { return persons({run(text)}); }

  std::filesystem::path folder_;
};

TEST_F(Identify, APersonForEveryRecordAndRow) {
  Outcome const done = run(message("A04", mr("1"), smith) + message("A04", mr("2"), jones) +
                           message("A08", mr("1"), smith));
  Texts const ids = done.column("patients", "person_id");
  ASSERT_EQ(ids.size(), 3u);
  EXPECT_EQ(ids[0].size(), 32u);
  EXPECT_EQ(ids[0], ids[2]);
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_EQ(done.column("messages", "person_id"), ids);
  EXPECT_EQ(done.column("person_links", "reason"), (Texts{"new_person", "new_person"}));
  EXPECT_EQ(done.account.persons.at("new_person"), 2u);
}

TEST_F(Identify, WhoIsAlikeIsOnePerson) {
  Outcome const done =
      run(message("A04", mr("1"), smith) +
          message("A04", mr("9", "B"),
                  "SMITH^JON||19800131|M|||12 Main St^^Springfield^IL^62704||(555) 123-4567"));
  EXPECT_EQ(persons({done}), "A:1+B:9");
  Row const& row = done.rows.at("person_links").at(1);
  EXPECT_EQ(row.at("reason"), "alike");
  EXPECT_EQ(row.at("matched_identifier"), "1");
  EXPECT_GT(std::stod(row.at("probability")), 0.99);
}

TEST_F(Identify, IdentifiersInOneListAreOfOnePerson) {
  EXPECT_EQ(persons(message("A04", mr("1") + "~" + mr("7", "B") + "~55^^^A^AN~^^^C^MR", smith) +
                    message("A04", mr("7", "B"), smith) + message("A04", mr("1", "C"), jones)),
            "A:1+B:7 C:1")
      << "an account is not a person, and numbers belong to who gave them";
}

TEST_F(Identify, SendersMergeLinkAndUnlink) {
  std::string const both = message("A04", mr("1"), smith) + message("A04", mr("2"), jones);
  for (const char* const event : {"A18", "A30", "A34", "A36", "A39", "A40", "A43", "A47"})
    EXPECT_EQ(persons(both + merge(event, mr("1"), mr("2"))), "A:1+A:2") << event;
  for (const char* const event : {"A08", "A35", "A41", "A42", "A44", "A45", "A49", "A50", "A51"})
    EXPECT_EQ(persons(both + merge(event, mr("1"), mr("2"))), "A:1 A:2") << event;
  std::string const linked = both + two("A24", mr("1"), mr("2"), "20240302");
  EXPECT_EQ(persons(linked), "A:1+A:2");
  EXPECT_EQ(persons(linked + two("A37", mr("1"), mr("2"), "20240303")), "A:1 A:2");
  EXPECT_EQ(persons(two("A37", mr("1"), mr("2"), "20240303") + linked), "A:1 A:2")
      << "what was said later counts, whenever it comes";
}

TEST_F(Identify, AMovedIdentifierLeavesItsPerson) {
  // B:7 was listed with A:1, then moved to A:2 (MRG-4 says from where).
  std::string const listed =
      message("A04", mr("1") + "~" + mr("7", "B"), smith) + message("A04", mr("2"), jones);
  EXPECT_EQ(persons(listed), "A:1+B:7 A:2");
  EXPECT_EQ(persons(listed + merge("A43", mr("2"), mr("7", "B") + "|||" + mr("1"), "20240302")),
            "A:1 A:2+B:7");
}

TEST_F(Identify, UpdatesAndDeletesCount) {
  std::string const alike = message("A04", mr("1"), smith) + message("A04", mr("9", "B"), smith);
  EXPECT_EQ(persons(alike), "A:1+B:9");
  EXPECT_EQ(persons(alike + message("A08", mr("9", "B"), jones, "20240302")), "A:1 B:9");
  EXPECT_EQ(persons(alike + message("A08", mr("9", "B"), jones, "20240201")), "A:1+B:9")
      << "an older message that comes late changes nothing";
  EXPECT_EQ(persons(alike + message("A29", mr("9", "B"), {}, "20240302")), "A:1 B:9");
}

TEST_F(Identify, WhoHasNoNumberIsKnownByTheDescription) {
  Outcome const done = run(message("A04", "", smith) + message("A04", "", smith) +
                           message("A04", "0000", "") + message("A04", mr("1"), smith));
  Texts const ids = done.column("patients", "person_id");
  EXPECT_EQ(ids[0], ids[1]);
  EXPECT_EQ(ids[2], "NULL");
  EXPECT_EQ(ids[3], ids[0]);
}

TEST_F(Identify, TwinsAreForReview) {
  Outcome const done =
      run(message("A04", mr("1"),
                  "Smith^Anna||20200131|F|||12 Main Street^^Springfield^IL^62704||5551234567") +
          message("A04", mr("2"),
                  "Smith^Eve||20200131|F|||12 Main Street^^Springfield^IL^62704||5551234567"));
  EXPECT_EQ(persons({done}), "A:1 A:2");
  EXPECT_EQ(done.column("person_reviews", "reason"), Texts{"twins"});
  EXPECT_EQ(done.column("person_reviews", "identifier_a"), Texts{"1"});
  EXPECT_EQ(done.account.persons.at("to review"), 1u);
}

TEST_F(Identify, AThirdRecordDoesNotJoinJuniorAndSenior) {
  auto const called = [](const std::string& number, const std::string& suffix,
                         const std::string& born) {
    return message("A04", mr(number),
                   "Smith^John^^" + suffix + "||" + born +
                       "|M|||12 Main Street^^Springfield^IL^62704||5551234567");
  };
  std::string const text =
      called("1", "Jr", "19800131") + called("2", "Sr", "19500203") + called("3", "", "");
  Outcome const done = run(text);
  EXPECT_EQ(persons({done}), "A:1 A:2 A:3");
  EXPECT_EQ(done.column("person_reviews", "reason"), (Texts{"suffix", "contested", "contested"}));
  EXPECT_EQ(persons({run(text, test::settings({{"decisions", decisions("same,A,1,A,2\n")}}))}),
            "A:1+A:2+A:3");
  EXPECT_EQ(persons({run(text, test::settings({{"decisions", decisions("same,A,1,A,3\n")}}))}),
            "A:1+A:3 A:2");
  std::string const newborns = message("A04", mr("1"), "Vance^BABYBOY||20240101|M|||8 Ash Rd") +
                               message("A04", mr("2"), "Vance^BABYBOY||20240101|M|||8 Ash Rd");
  EXPECT_EQ(persons(newborns), "A:1 A:2");
}

TEST_F(Identify, DecisionsOutrankAll) {
  std::string const text = message("A04", mr("1"), smith) + message("A04", mr("2"), smith) +
                           merge("A40", mr("1"), mr("2"), "20240302");
  auto const decided = [&](const std::string& rows) {
    return run(text, test::settings({{"decisions", decisions(rows)}}));
  };
  EXPECT_EQ(persons(text), "A:1+A:2");
  Outcome const apart = decided("different,A,1,A,2\n");
  EXPECT_EQ(persons({apart}), "A:1 A:2");
  EXPECT_TRUE(apart.column("person_reviews", "reason").empty()) << "it is settled";
  EXPECT_EQ(persons({decided("different,A,1,A,2\nopen,A,2,A,1\n,A,1,A,2\n")}), "A:1+A:2");
  EXPECT_EQ(persons({decided("same,A,1,C,5\n")}), "A:1+A:2+C:5");
  for (const char* const wrong : {"perhaps,A,1,A,2\n", "same,A,,A,2\n", "same,A,1\n"}) {
    auto const made = make_stage("identify", test::settings({{"decisions", decisions(wrong)}}));
    ASSERT_FALSE(made) << wrong;
    EXPECT_NE(made.error().text.find("decisions.csv:2: "), std::string::npos) << made.error().text;
  }
}

TEST_F(Identify, AnOpenDecisionGivesTheSenderTheWordBack) {
  Texts const words = {merge("A40", mr("1"), mr("2"), "20240302"),
                       two("A24", mr("1"), mr("2"), "20240302"),
                       message("A04", mr("1") + "~" + mr("2"), smith, "20240302")};
  for (std::string const& word : words)
    for (const char* const decided : {"different", "same"}) {
      std::filesystem::remove_all(state());
      std::vector<Outcome> runs;
      runs.push_back(run(message("A04", mr("1"), smith) + message("A04", mr("2"), jones) + word,
                         test::settings({{"state", state()}})));
      auto const decide = [&](const std::string& decision, const std::string& text) {
        runs.push_back(
            run(text, test::settings({{"state", state()},
                                      {"decisions", decisions(decision + ",A,1,A,2\n")}})));
        return persons(runs);
      };
      std::string const other = message("A08", mr("7", "C"));
      std::string const apart = decided == std::string("same") ? "A:1+A:2 C:7" : "A:1 A:2 C:7";
      EXPECT_EQ(decide(decided, other), apart);
      // Also when the sender says it again meanwhile, and when nobody does.
      EXPECT_EQ(decide("open", other), "A:1+A:2 C:7") << decided;
      EXPECT_EQ(decide(decided, word), apart);
      EXPECT_EQ(decide("open", word), "A:1+A:2 C:7") << decided;
    }
}

TEST_F(Identify, StateAndDecisionsOutliveTheRun) {
  auto const remembered = test::settings({{"state", state()}});
  std::vector<Outcome> runs;
  std::string first;
  for (int k = 0; k < 100; ++k)
    first += message("A04", mr(std::to_string(k)), "Doe" + std::to_string(k) + "^Jane||1980");
  runs.push_back(run(first + message("A04", mr("S"), smith), remembered, 2000));
  runs.push_back(
      run(message("A04", mr("9", "B"), smith) + merge("A40", mr("7"), mr("8")),
          test::settings({{"state", state()}, {"decisions", decisions("different,A,20,A,S\n")}})));
  Outcome const last = run(merge("A40", mr("20"), mr("9", "B"), "20240401"), remembered);
  runs.push_back(last);
  std::string const all = persons(runs);
  EXPECT_NE(all.find("A:7+A:8"), std::string::npos) << all;
  EXPECT_EQ(all.find("A:S+B:9"), std::string::npos) << "20 and S are not one, somebody decided";
  EXPECT_TRUE(last.column("person_links", "reason") != Texts{"new_person"});
  auto const forgetful = test::settings({{"state", state()}, {"keep_state", "false"}});
  EXPECT_EQ(run(message("A04", mr("S"), smith), forgetful).column("person_links", "reason"),
            Texts{"new_person"});
}

/// A hundred patients at two hospitals, changes, merges and links between them.
Texts messages_of_a_year() {
  std::mt19937 random(7);
  Texts texts;
  auto const person = [](int k) {
    const char* const names[] = {"Abel", "Baker", "Cole", "Drake", "Ellis", "Frost", "Gray"};
    const char* const given[] = {"Ann", "Ben", "Cleo", "Dan", "Eva"};
    return std::string(names[k % 7]) + "^" + given[k % 5] + "||19" + std::to_string(30 + k % 60) +
           "0" + std::to_string(1 + k % 9) + "1" + std::to_string(k % 9) + "|F|||" +
           std::to_string(k * 3) + " Elm Street^^Town^^" + std::to_string(10000 + k);
  };
  for (int k = 0; k < 400; ++k) {
    std::string time = std::to_string(20240101000000 + k);
    int const a = static_cast<int>(random() % 100), b = static_cast<int>(random() % 100);
    std::string const one = mr(std::to_string(a), a % 2 == 0 ? "A" : "B");
    std::string const other = mr(std::to_string(b), b % 2 == 0 ? "A" : "B");
    switch (random() % 10) {
      case 0:
        texts.push_back(merge("A40", one, other, time));
        break;
      case 1:
        texts.push_back(two("A24", one, other, time));
        break;
      case 2:
        texts.push_back(two("A37", one, other, time));
        break;
      case 3:
        texts.push_back(merge("A43", one, other + "|||" + mr("5", "B"), time));
        break;
      default:
        texts.push_back(message("A08", one, person((a / 2) * 2), time));
    }
  }
  return texts;
}

TEST_F(Identify, TheOrderOfArrivalDoesNotMatter) {
  Texts texts = messages_of_a_year();
  auto const all = [&] {
    std::string joined;
    for (std::string const& one : texts) joined += one;
    return joined;
  };
  std::string const expected = persons(all());
  EXPECT_GT(std::count(expected.begin(), expected.end(), '+'), 20) << expected;
  EXPECT_GT(std::count(expected.begin(), expected.end(), ' '), 10) << expected;
  std::mt19937 random(11);
  for (int k = 0; k < 20; ++k) {
    std::shuffle(texts.begin(), texts.end(), random);
    ASSERT_EQ(persons(all()), expected);
  }
}

TEST_F(Identify, BatchesAndRestartsDoNotMatter) {
  Texts const texts = messages_of_a_year();
  std::string whole;
  for (std::string const& one : texts) whole += one;
  Outcome const expected = run(whole);
  for (std::size_t const size : {300u, 5'000u})
    EXPECT_EQ(run(whole, test::settings({}), size).rows, expected.rows);
  // A run for every 40 messages: the same rows in the end.
  test::Rows rows;
  for (std::size_t k = 0; k < texts.size(); k += 40) {
    std::string part;
    for (std::size_t j = k; j < k + 40; ++j) part += texts[j];
    for (auto const& [table, more] : run(part, test::settings({{"state", state()}}), 700).rows)
      if (table.starts_with("person_"))
        rows[table].insert(rows[table].end(), more.begin(), more.end());
  }
  EXPECT_EQ(rows["person_links"], expected.rows.at("person_links"));
  EXPECT_EQ(rows["person_reviews"], expected.rows.contains("person_reviews")
                                        ? expected.rows.at("person_reviews")
                                        : std::vector<Row>());
}

TEST_F(Identify, RulesOfASiteMakeOnePerson) {
  std::string const far =
      message("A04", mr("1"), "Smith^John||19800131|M|||1 A St^^X^^11111||||||||911-22-3333") +
      message("A04", mr("2"), "Miller^Jack||19810131|M|||9 B St^^Y^^22222||||||||911-22-3333");
  EXPECT_EQ(persons(far), "A:1 A:2");
  EXPECT_EQ(persons({run(far, test::settings({{"rules", "identifier"}}))}), "A:1+A:2");
}

TEST_F(Identify, WrongOptionsSayWhat) {
  for (auto const& [option, value] :
       {std::pair("records", "0"), std::pair("link", "1"), std::pair("review", "0.999"),
        std::pair("rules", "identifier+shoe_size"), std::pair("link", "likely")}) {
    auto const made = make_stage("identify", test::settings({{option, value}}));
    ASSERT_FALSE(made) << option;
    EXPECT_NE(made.error().text.find(option), std::string::npos) << made.error().text;
  }
  auto const missing = make_stage("identify", test::settings({{"decisions", "no-such-file"}}));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

TEST_F(Identify, MoreRecordsThanConfiguredEndTheRun) {
  Pipeline pipeline;
  test::Rows rows;
  Texts messages;
  std::string text;
  for (int k = 0; k < 20; ++k) text += message("A04", mr(std::to_string(k)), smith);
  pipeline.from(std::make_unique<test::TextSource>(text));
  pipeline.through(test::make<Stage>("parse", test::settings({})));
  pipeline.through(test::make<Stage>("identify", test::settings({{"records", "10"}})));
  pipeline.into(std::make_unique<test::MemorySink>(rows, messages));
  auto const done = pipeline.run_inline();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::out_of_room);
}

TEST(PersonStatement, IsReadAsItWasWritten) {
  stages::PersonStatement statement;
  statement.at = 77;
  statement.said = 3;
  statement.record = {"HOSP", "1"};
  statement.texts.family_name = "Smith";
  statement.texts.identifier = std::string_view("x");
  std::string words;
  append_statement(statement, words);
  std::string_view rest = words;
  auto const read = stages::take_statement(rest);
  ASSERT_TRUE(read);
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(read->texts.family_name, "Smith");
  EXPECT_EQ(read->record.identifier, "1");
  EXPECT_EQ(read->at, 77u);
  // What is cut short anywhere is no statement.
  for (std::size_t size = 0; size < words.size(); ++size) {
    rest = std::string_view(words).substr(0, size);
    EXPECT_FALSE(stages::take_statement(rest)) << size;
  }
}

}  // namespace
}  // namespace hl7flow
