#include <hl7flow/parsers/structured_numeric.h>

#include <gtest/gtest.h>

namespace hl7flow {
namespace {

using enum StructuredNumeric::Comparator;
using Separator = StructuredNumeric::Separator;

StructuredNumeric read(std::string_view text) {
  return read_structured_numeric({text, {}}).value();
}
Error error_of(std::string_view text) { return read_structured_numeric({text, {}}).error(); }
constexpr Error bad(std::uint32_t offset) { return {ErrorCode::bad_structured_numeric, offset}; }

TEST(StructuredNumeric, DefaultComparatorIsEqual) {
  auto const value = read("^9.50");
  EXPECT_EQ(value.comparator, equal);
  EXPECT_EQ(value.number_1, 9.5);
  EXPECT_EQ(value.separator, Separator::none);
  EXPECT_FALSE(value.number_2);
  EXPECT_EQ(value.text_1.raw(), "9.50");
}

TEST(StructuredNumeric, Comparators) {
  EXPECT_EQ(read("=^1").comparator, equal);
  EXPECT_EQ(read(">^100").comparator, greater);
  EXPECT_EQ(read("<^0.01").comparator, less);
  EXPECT_EQ(read(">=^1").comparator, greater_or_equal);
  EXPECT_EQ(read("<=^1").comparator, less_or_equal);
  EXPECT_EQ(read("<>^1").comparator, not_equal);
  EXPECT_EQ(read(" > ^1").comparator, greater);
}

TEST(StructuredNumeric, Separators) {
  auto const range = read("^100^-^200");
  EXPECT_EQ(range.separator, Separator::range);
  EXPECT_EQ(range.number_1, 100);
  EXPECT_EQ(range.number_2, 200);
  EXPECT_EQ(read("^1^:^128").separator, Separator::ratio);
  EXPECT_EQ(read("^1^:^128").number_2, 128);
  EXPECT_EQ(read("^1.5^/^2.5").separator, Separator::fraction);
  EXPECT_EQ(read(">^9^.^9").separator, Separator::point);
  EXPECT_EQ(read("^-5^-^-2").number_2, -2);
}

TEST(StructuredNumeric, PlusIsACategory) {
  auto const two_plus = read("^2^+");
  EXPECT_EQ(two_plus.separator, Separator::plus);
  EXPECT_EQ(two_plus.number_1, 2);
  EXPECT_FALSE(two_plus.number_2);
  EXPECT_EQ(read("^2^+^").separator, Separator::plus);
  EXPECT_EQ(read("^2^+^3").number_2, 3);
}

TEST(StructuredNumeric, TrailingSeparatorsAndFurtherRepetitionsDoNotCount) {
  EXPECT_EQ(read("^9^^").separator, Separator::none);
  EXPECT_EQ(read("^9^^^^").number_1, 9);
  EXPECT_EQ(read("^9~^10").number_1, 9);
}

TEST(StructuredNumeric, OtherDelimiters) {
  Delimiters const delimiters{'|', '@', '~', '\\', '&', '\0'};
  auto const value = read_structured_numeric({"<@3", delimiters});
  ASSERT_TRUE(value);
  EXPECT_EQ(value->comparator, less);
  EXPECT_EQ(value->number_1, 3);
}

TEST(StructuredNumeric, WhatIsNone) {
  EXPECT_EQ(error_of(""), bad(0));
  EXPECT_EQ(error_of("="), bad(1));
  EXPECT_EQ(error_of("^"), bad(1));
  EXPECT_EQ(error_of("=~^5"), bad(1));
  EXPECT_EQ(error_of("120"), bad(0));
  EXPECT_EQ(error_of(">100"), bad(0));
  EXPECT_EQ(error_of("+^9^-^9"), bad(0));
  EXPECT_EQ(error_of("\"^9^/^9"), bad(0));
  EXPECT_EQ(error_of("^test"), bad(1));
  EXPECT_EQ(error_of("^1.2x"), bad(4));
  EXPECT_EQ(error_of("^1^to^2"), bad(3));
  EXPECT_EQ(error_of("^1^*^2"), bad(3));
  EXPECT_EQ(error_of("^1^-"), bad(4));
  EXPECT_EQ(error_of("^1^-^"), bad(5));
  EXPECT_EQ(error_of("^1^-^x"), bad(5));
  EXPECT_EQ(error_of("^1^^2"), bad(3));
  EXPECT_EQ(error_of("^1" + std::string(400, '0')), (Error{ErrorCode::value_out_of_range, 1}));
}

}  // namespace
}  // namespace hl7flow
