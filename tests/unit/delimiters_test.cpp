#include <gtest/gtest.h>

#include <hl7flow/parsers/er7.h>

namespace hl7flow {
namespace {

TEST(Delimiters, ADoubledBackslashIsOneThatAnExportHasEscaped) {
  constexpr Delimiters standard{'|', '^', '~', '\\', '&', '\0'};
  EXPECT_EQ(read_delimiters("MSH|^~\\\\&|A"), standard);
  EXPECT_EQ(read_delimiters("MSH|^~\\\\&#|A").value().truncation, '#');
  EXPECT_EQ(read_delimiters("MSH|^~\\\\|A").value().subcomponent, '\0');
  EXPECT_FALSE(read_delimiters("MSH|^~\\\\\\&|A")) << "three are nobody's habit";
  EXPECT_FALSE(read_delimiters("MSH|^~!!&|A")) << "nothing escapes any other character";
  Er7Parser parser;
  auto const message = parser.parse("MSH|^~\\\\&|A|B\rPID|1||x^y&z~w\r");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->segment(0).field(2).raw(), "^~\\\\&");
  EXPECT_EQ(message->segment(0).field(4).raw(), "B");
  EXPECT_EQ(message->segment(1).field(3).component(2).subcomponent(2).raw(), "z");
}

}  // namespace
}  // namespace hl7flow
