#include <gtest/gtest.h>

#include <hl7flow/parsers/codes/code_csv.h>
#include <hl7flow/parsers/codes/suggester.h>

namespace hl7flow::codes {
namespace {

class SuggesterTest : public ::testing::Test {
 protected:
  SuggesterTest() {
    StoreBuilder builder;
    load_starter(builder);
    bytes_ = *builder.build("test", "");
    store_ = *CodeStore::view(bytes_);
  }
  std::string best(std::string_view name, std::string_view unit = {}, std::string_view order = {}) {
    static Suggester const suggester(store_, store_.find_system("LOINC"));
    auto const found = suggester.suggest({{}, name, unit, order}, 5);
    return found.empty() ? "" : std::string(store_.code(found[0].subject));
  }

  std::vector<std::byte> bytes_;
  CodeStore store_;
};

TEST_F(SuggesterTest, WordsAreWrittenOutAndSorted) {
  EXPECT_EQ(normal_words("HGB, Blood (the)"), (std::vector<std::string>{"blood", "hemoglobin"}));
  EXPECT_EQ(normal_words("Lymphs %"), (std::vector<std::string>{"lymphocytes", "share"}));
  EXPECT_TRUE(normal_words(" - ").empty());
}

TEST_F(SuggesterTest, LocalNamesFindTheirCodes) {
  EXPECT_EQ(best("SODIUM, SERUM"), "2951-2");
  EXPECT_EQ(best("SGPT"), "1742-6");
  EXPECT_EQ(best("Creatinin"), "2160-0") << "a cut-off word";
  EXPECT_EQ(best("Potasium Ser/Plas"), "2823-3") << "a misspelt one";
  EXPECT_EQ(best("Platelet count", "10*3/uL"), "777-3");
  EXPECT_EQ(best("Neutrophils", "%"), "770-8");
  EXPECT_EQ(best("Neutrophils", "10*3/uL"), "751-8");
  EXPECT_EQ(best("Glucose", "mg/dL", "Urinalysis"), "5792-7") << "the order tells the specimen";
  EXPECT_EQ(best("Glucose", "mg/dL"), "2345-7");
  EXPECT_EQ(best("zzzzqqq"), "");
}

TEST_F(SuggesterTest, ScoresAreSharesAndInOrder) {
  Suggester const suggester(store_, store_.find_system("LOINC"));
  auto const found = suggester.suggest({{}, "Hemoglobin", "g/dL", {}}, 5);
  ASSERT_GE(found.size(), 2u);
  for (std::size_t k = 0; k < found.size(); ++k) {
    EXPECT_GE(found[k].score, 0);
    EXPECT_LE(found[k].score, 1);
    if (k > 0) {
      EXPECT_LE(found[k].score, found[k - 1].score);
    }
  }
  EXPECT_NE(found[0].why.find("hemoglobin"), std::string::npos);
}

}  // namespace
}  // namespace hl7flow::codes
