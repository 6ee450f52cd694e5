// hl7flow persons train: weights that are learned from a state, and used for another.

#include "tests/e2e/program.h"

namespace hl7flow::testing {
namespace {

class PersonsTrain : public ProgramTest {
 protected:
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  /// So many people, each under two numbers, the second time perhaps with another telephone.
  static std::string people(int count) {
    constexpr const char* given[] = {"Anna", "Bert",  "Clara", "Dora", "Emil",
                                     "Fred", "Greta", "Hanna", "Ida",  "Jan"};
    constexpr const char* family[] = {"Abel", "Brandt", "Conrad", "Dietz", "Ebner", "Frank",
                                      "Graf", "Huber",  "Imhof",  "Jung",  "Kern"};
    std::string text;
    for (int k = 0; k < count; ++k)
      for (int copy = 0; copy < 2; ++copy) {
        std::string const number = std::to_string(k) + (copy == 0 ? "a" : "b");
        std::string const phone =
            std::to_string(5550000000 + k * 7 + (copy == 1 && k % 3 == 0 ? 5000000 : 0));
        text += "MSH|^~\\&|A|HOSP|||20260101||ADT^A08|" + number + "|P|2.5\rPID|1||" + number +
                "^^^HOSP^MR||" + family[k * 3 % 11] + "^" + given[k % 10] + "||19" +
                std::to_string(30 + k % 70) + "0" + std::to_string(1 + k % 9) + "1" +
                std::to_string(k / 7 % 10) + "|F|||" + std::to_string(1 + k) + " Oak Street^^Town" +
                std::to_string(k % 5) + "^^" + std::to_string(10000 + k % 50) + "||" + phone + "\r";
      }
    return text;
  }
};

TEST_F(PersonsTrain, LearnsWhatAnotherStateIsMadeWith) {
  write("people.hl7", people(400));
  ASSERT_EQ(run("convert people.hl7 --out one --identify-state state").exit, 0);
  Outcome const trained = run("persons train state");
  ASSERT_EQ(trained.exit, 0) << trained.err;
  EXPECT_TRUE(has(trained.err, "800 records")) << trained.err;
  EXPECT_TRUE(has(read("weights.json"), "\"format\": \"hl7flow person weights\", \"version\": 1"));
  EXPECT_EQ(run("persons train state").exit, 64) << "it is there already";
  EXPECT_EQ(run("persons train state --overwrite").exit, 0);
  Outcome const used =
      run("convert people.hl7 --out two --identify-state learned --identify-weights weights.json");
  ASSERT_EQ(used.exit, 0) << used.err;
  Outcome const explained = run("persons explain learned --record HOSP:7a --other HOSP:7b");
  EXPECT_EQ(explained.exit, 0) << explained.out;
  EXPECT_FALSE(has(explained.out, "-20.00")) << "the usual prior";
}

TEST_F(PersonsTrain, AStateRemembersItsWeights) {
  write("people.hl7", people(300));
  ASSERT_EQ(run("convert people.hl7 --out one --identify-state state").exit, 0);
  ASSERT_EQ(run("persons train state --out weights.json").exit, 0);
  Outcome const other =
      run("convert people.hl7 --out two --identify-state state --identify-weights weights.json");
  EXPECT_EQ(other.exit, 64);
  EXPECT_TRUE(has(other.err, "other options (weights)")) << other.err;
  ASSERT_EQ(run("convert people.hl7 --out three --identify-state new --identify-weights "
                "weights.json")
                .exit,
            0);
  EXPECT_EQ(run("convert people.hl7 --out four --identify-state new").exit, 64);
  EXPECT_EQ(run("convert people.hl7 --out four --identify-state new --overwrite --identify-weights "
                "weights.json")
                .exit,
            0);
  EXPECT_EQ(run("persons export new --out golden").exit, 0) << "they stand in the state";
}

TEST_F(PersonsTrain, MistakesAreSaid) {
  write("people.hl7", people(20));
  ASSERT_EQ(run("convert people.hl7 --out one --identify-state state").exit, 0);
  Outcome const few = run("persons train state");
  EXPECT_EQ(few.exit, 64);
  EXPECT_TRUE(has(few.err, "too little to learn from")) << few.err;
  EXPECT_FALSE(exists("weights.json"));
  EXPECT_EQ(run("persons train nowhere").exit, 66);
  write("weights.json", "{}");
  std::string const use = "convert people.hl7 --out two --identify-weights ";
  Outcome const bad = run(use + "weights.json");
  EXPECT_EQ(bad.exit, 78);
  EXPECT_TRUE(has(bad.err, "weights.json: no weights of persons")) << bad.err;
  EXPECT_EQ(run(use + "none.json").exit, 66);
}

}  // namespace
}  // namespace hl7flow::testing
