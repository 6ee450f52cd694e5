#include <hl7flow/parsers/number.h>

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace hl7flow {
namespace {

constexpr Error bad(std::uint32_t offset) { return {ErrorCode::bad_number, offset}; }
constexpr Error over(std::uint32_t offset) { return {ErrorCode::value_out_of_range, offset}; }

TEST(Number, PlainForms) {
  EXPECT_EQ(parse_double("0"), 0.0);
  EXPECT_EQ(parse_double("42"), 42.0);
  EXPECT_EQ(parse_double("+42"), 42.0);
  EXPECT_EQ(parse_double("-1.5"), -1.5);
  EXPECT_EQ(parse_double("0007.50"), 7.5);
  EXPECT_EQ(parse_double("1234567890123456789012"), 1234567890123456789012.0);
  EXPECT_TRUE(std::signbit(parse_double("-0.0").value()));
}

TEST(Number, AcceptedBeyondTheStandard) {
  EXPECT_EQ(parse_double(".5"), 0.5);
  EXPECT_EQ(parse_double("-.5"), -0.5);
  EXPECT_EQ(parse_double("5."), 5.0);
  EXPECT_EQ(parse_double("  12.5 "), 12.5);
}

TEST(Number, WhatIsNoNumber) {
  EXPECT_EQ(parse_double("").error(), bad(0));
  EXPECT_EQ(parse_double("  ").error(), bad(2));
  EXPECT_EQ(parse_double("-").error(), bad(1));
  EXPECT_EQ(parse_double(".").error(), bad(1));
  EXPECT_EQ(parse_double("+-1").error(), bad(1));
  EXPECT_EQ(parse_double("<99").error(), bad(0));
  EXPECT_EQ(parse_double("9 .99").error(), bad(2));
  EXPECT_EQ(parse_double("1.2.3").error(), bad(3));
  EXPECT_EQ(parse_double("1e5").error(), bad(1));
  EXPECT_EQ(parse_double("1,000").error(), bad(1));
  EXPECT_EQ(parse_double("0x10").error(), bad(1));
  EXPECT_EQ(parse_double("inf").error(), bad(0));
  EXPECT_EQ(parse_double("nan").error(), bad(0));
  EXPECT_EQ(parse_double("12 mg").error(), bad(3));
  EXPECT_EQ(parse_double("\"\"").error(), bad(0));
  EXPECT_EQ(parse_double("1\t").error(), bad(1));
}

TEST(Number, LimitsOfADouble) {
  EXPECT_EQ(parse_double("1" + std::string(400, '0')).error(), over(0));
  EXPECT_EQ(parse_double(" -1" + std::string(400, '0') + ".5").error(), over(2));
  EXPECT_EQ(parse_double("0." + std::string(400, '0') + "1"), 0.0);
  EXPECT_EQ(parse_double(std::string(400, '0') + "1"), 1.0);
  EXPECT_EQ(parse_double("1" + std::string(308, '0')), 1e308);
}

TEST(Number, DoublesMatchTheCLibrary) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200'000; ++round) {
    std::string text = random() % 2 == 0 ? "-" : "";
    std::size_t const digits = 1 + random() % 24;
    std::size_t const point = random() % (digits + 6);
    for (std::size_t k = 0; k < digits; ++k) {
      if (k == point) text += '.';
      text += static_cast<char>('0' + random() % 10);
    }
    ASSERT_EQ(parse_double(text), std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(Number, Integers) {
  EXPECT_EQ(parse_integer("9999"), 9999);
  EXPECT_EQ(parse_integer("+1"), 1);
  EXPECT_EQ(parse_integer(" -7 "), -7);
  EXPECT_EQ(parse_integer("12.00"), 12);
  EXPECT_EQ(parse_integer("12."), 12);
  EXPECT_EQ(parse_integer(".0"), 0);
  EXPECT_EQ(parse_integer("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse_integer("9223372036854775807.0000"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_integer("9223372036854775808").error(), over(0));
  EXPECT_EQ(parse_integer("-9223372036854775809").error(), over(1));
  EXPECT_EQ(parse_integer("18446744073709551616").error(), over(0));
  EXPECT_EQ(parse_integer("99999999999999999999999").error(), over(0));
  EXPECT_EQ(parse_integer("12.05").error(), bad(4));
  EXPECT_EQ(parse_integer(".5").error(), bad(1));
  EXPECT_EQ(parse_integer("A").error(), bad(0));
}

TEST(Number, IntegersMatchTheCLibrary) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 100'000; ++round) {
    auto const value = static_cast<std::int64_t>(random()) >> (random() % 64);
    ASSERT_EQ(parse_integer(std::to_string(value)), value);
  }
}

TEST(Number, DecimalsKeepWhatWasSent) {
  EXPECT_EQ(parse_decimal("1.00"), (Decimal{100, 2}));
  EXPECT_EQ(parse_decimal("-0.050"), (Decimal{-50, 3}));
  EXPECT_EQ(parse_decimal(".5"), (Decimal{5, 1}));
  EXPECT_EQ(parse_decimal("7."), (Decimal{7, 0}));
  EXPECT_EQ(parse_decimal("92233720368547758.07"), (Decimal{9223372036854775807, 2}));
  EXPECT_EQ(parse_decimal("92233720368547758.08").error(), over(0));
  EXPECT_EQ(parse_decimal("0.000000000000000001"), (Decimal{1, 18}));
  EXPECT_EQ(parse_decimal("0.0000000000000000001").error(), over(0));
  EXPECT_EQ(parse_decimal("1.0x").error(), bad(3));
}

}  // namespace
}  // namespace hl7flow
