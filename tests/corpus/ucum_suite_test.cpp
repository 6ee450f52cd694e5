// UCUM against its own functional tests and its own table of units.

#include <hl7flow/adapters/codes/ucum_essence.h>
#include <hl7flow/parsers/ucum/unit_table.h>

#include <fstream>
#include <iterator>

#include "tests/corpus/corpus.h"
#include "tests/corpus/ucum_suite.h"

namespace hl7flow {
namespace {

class UcumCorpus : public test::CorpusTest {
 protected:
  static std::string essence() {
    std::ifstream file(test::corpus_folder() + "/term-ucum/files/ucum-essence.xml",
                       std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_F(UcumCorpus, AllFunctionalTestsPass) {
  auto const definitions = adapters::read_ucum_essence(essence());
  ASSERT_TRUE(definitions) << definitions.error().text;
  auto const table = ucum::UnitTable::make(*definitions);
  ASSERT_TRUE(table) << table.error().text;
  EXPECT_GT(table->size(), 300u);
  for (const char* const file : {"UcumFunctionalTests.xml", "UcumFunctionalTests.2.xml"}) {
    auto const suite = test::UcumSuiteRunner(*table).run(
        test::corpus_folder() + "/term-ucum-tests/files/src/test/resources/" + file);
    EXPECT_GT(suite.validations, 500u);
    EXPECT_GT(suite.conversions, 20u);
    for (std::string const& failure : suite.failures) ADD_FAILURE() << file << " " << failure;
  }
}

TEST_F(UcumCorpus, OurUnitsAgreeWithTheTableOfTheirOwner) {
  auto const definitions = adapters::read_ucum_essence(essence());
  ASSERT_TRUE(definitions) << definitions.error().text;
  auto const table = ucum::UnitTable::make(*definitions);
  ASSERT_TRUE(table) << table.error().text;
  auto const& ours = ucum::builtin_units();
  ASSERT_GT(ours.size(), 150u);
  std::size_t compared = 0;
  for (ucum::Definition const& one : *definitions) {
    const ucum::Unit* const mine = ours.find_atom(one.code);
    const ucum::Unit* const theirs = table->find_atom(one.code);
    if (one.kind == ucum::Definition::Kind::prefix || mine == nullptr) continue;
    ++compared;
    EXPECT_EQ(mine->dimension, theirs->dimension) << one.code;
    EXPECT_EQ(mine->scale, theirs->scale) << one.code;
    EXPECT_EQ(mine->arbitrary[0] != 0, theirs->arbitrary[0] != 0) << one.code;
    EXPECT_NEAR(mine->magnitude / theirs->magnitude, 1, 1e-9)
        << one.code << ": " << mine->magnitude << " against " << theirs->magnitude;
  }
  EXPECT_EQ(compared, ours.size()) << "a unit of ours is none of UCUM's";
}

}  // namespace
}  // namespace hl7flow
