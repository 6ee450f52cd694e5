// Lists in which few are there twice, or nobody: what is likest in them is not one person.

#include <random>

#include "tests/e2e/program.h"

namespace hl7flow::testing {
namespace {

/// Strangers in ten towns, each of which is in one state and has one postcode.
class MatchStrangers : public ProgramTest {
 protected:
  static constexpr int strangers = 1200;

  std::string word(int syllables) {
    constexpr const char* parts[] = {"ba", "ce", "di", "fo", "gu", "la", "me", "ni", "ro", "su"};
    std::string made;
    for (int k = 0; k < syllables; ++k) made += parts[random_() % 10];
    return made;
  }
  /// `person,first_name,…`, the first `twice` of them a second time, with a letter of the name
  /// wrong and another address.
  std::string list(int twice) {
    std::vector<std::string> given, family;
    for (int k = 0; k < 60; ++k) given.push_back(word(3));
    for (int k = 0; k < 400; ++k) family.push_back(word(4));
    std::string text = "person,first_name,last_name,dob,sex,address,city,state,zip,phone\n";
    for (int k = 0; k < strangers; ++k) {
      std::string const town = std::to_string(random_() % 10);
      std::string const born = std::to_string(1930 + random_() % 90) + "-0" +
                               std::to_string(1 + random_() % 9) + "-1" +
                               std::to_string(random_() % 10);
      std::string name = given[random_() % 60];
      std::string const rest = "," + family[random_() % 400] + "," + born + ",";
      auto const add = [&] {
        text += std::to_string(k) + "," + name + rest + (k % 2 == 0 ? "f" : "m") + "," +
                std::to_string(random_() % 999) + " " + word(2) + " street,town" + town + ",state" +
                town + ",1000" + town + ",\n";
      };
      add();
      if (k >= twice) continue;
      name[2] = 'x';
      add();
    }
    return text;
  }
  Outcome match(int twice) {
    write("list.csv", list(twice));
    return run("match dedupe list.csv --truth person --out matched --json");
  }

 private:
  std::mt19937_64 random_{5};
};

TEST_F(MatchStrangers, OfOneTownAreNotOnePerson) {
  Outcome const found = match(0);
  ASSERT_EQ(found.exit, 0) << found.err;
  EXPECT_NE(found.out.find("\"persons\": 1200"), std::string::npos) << found.out;
}

TEST_F(MatchStrangers, TheFewWhoAreThereTwiceAreFound) {
  Outcome const found = match(12);
  ASSERT_EQ(found.exit, 0) << found.err;
  EXPECT_NE(found.out.find("\"persons\": 1200"), std::string::npos) << found.out;
  EXPECT_NE(found.out.find("\"f1\": 1"), std::string::npos) << found.out;
}

}  // namespace
}  // namespace hl7flow::testing
