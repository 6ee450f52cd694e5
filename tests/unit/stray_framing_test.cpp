#include <gtest/gtest.h>

#include "tests/property/indexed.h"

namespace hl7flow {
namespace {

// Captures that were edited by hand end so: the VT of a frame whose message is gone.
TEST(StrayFraming, ALineOfFramingCharactersIsNoTextOfTheFieldBefore) {
  std::string const message = "MSH|^~\\&|A\rPID|1||x\r";
  auto const last = test::index_text(message + "\v\r\r\n");
  ASSERT_EQ(last.messages.size(), 1u);
  EXPECT_EQ(last.messages[0].raw, message);
  EXPECT_EQ(last.messages[0].joined_lines, 0u);
  EXPECT_EQ(last.messages[0].fields[1][3], "x");
  EXPECT_EQ(last.extra_bytes[0], 4u) << "it is framing";
  auto const inside = test::index_text(message + "\v \rPV1|1\r");
  ASSERT_EQ(inside.messages.size(), 1u);
  EXPECT_EQ(inside.messages[0].fields[1][3], "x");
  EXPECT_EQ(inside.messages[0].segments.size(), 3u);
}

}  // namespace
}  // namespace hl7flow
