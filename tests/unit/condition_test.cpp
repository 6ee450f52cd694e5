#include <hl7flow/pipeline/condition.h>

#include <gtest/gtest.h>

namespace hl7flow {
namespace {

bool ask(std::string_view condition) {
  static Er7Parser parser;
  auto const message = parser.parse(
      "MSH|^~\\&|LAB||||||ORU^R01|1|P|2.5\rPID|1||7||Doe||\"\"|F\r"
      "OBX|1|NM|A~B||5\rOBX|2|ST|C||x\r");
  auto const parsed = parse_condition(condition, {});
  EXPECT_TRUE(message.has_value() && parsed.has_value()) << condition;
  return holds(*parsed, *message);
}

TEST(Condition, ComparesWithAnyOfItsValues) {
  EXPECT_TRUE(ask("PID-8=F"));
  EXPECT_FALSE(ask("PID-8=M"));
  EXPECT_TRUE(ask("PID-8 in M, F"));
  EXPECT_TRUE(ask("PID-8 in (M, F)")) << "as SQL has it";
  EXPECT_FALSE(ask("PID-8 not in (F)"));
  EXPECT_FALSE(ask("PID-8=(F)")) << "only a list has brackets";
  EXPECT_FALSE(ask("PID-8 not in M,F"));
  EXPECT_TRUE(ask("PID-8 != M"));
  EXPECT_TRUE(ask("MSH-9.1 = ORU"));
  EXPECT_TRUE(ask("PID-7=\"\""));
}

TEST(Condition, AsksForText) {
  EXPECT_TRUE(ask("PID-5"));
  EXPECT_FALSE(ask("PID-30"));
  EXPECT_FALSE(ask("ZZZ-1"));
  EXPECT_TRUE(ask("PID-30="));
  EXPECT_FALSE(ask("PID-5="));
  EXPECT_TRUE(ask("PID-5!="));
  EXPECT_FALSE(ask("PID-30 !="));
}

TEST(Condition, AsksAllPlacesOfAStar) {
  EXPECT_FALSE(ask("OBX-2=ST"));
  EXPECT_TRUE(ask("OBX(2)-2=ST"));
  EXPECT_TRUE(ask("OBX(*)-2=ST"));
  EXPECT_FALSE(ask("OBX(*)-2=CE"));
  EXPECT_TRUE(ask("OBX(*)-2 not in CE"));
  EXPECT_FALSE(ask("OBX(*)-2 not in ST"));
  EXPECT_TRUE(ask("OBX-3(*)=B"));
  EXPECT_TRUE(ask("OBX(*)-3(*) in C, D"));
  EXPECT_FALSE(ask("OBX-3=B"));
}

TEST(Condition, SaysWhatDoesNotParse) {
  auto const wrong = parse_condition("PIDX=F", {});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::bad_config);
  EXPECT_EQ(wrong.error().text, "the path does not parse at character 4: PIDX");
  EXPECT_FALSE(parse_condition("=F", {}));
}

}  // namespace
}  // namespace hl7flow
