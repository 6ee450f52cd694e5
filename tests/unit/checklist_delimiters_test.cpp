// The encoding checklist, lines 1 to 7: delimiters, and which value a field has.

#include <hl7flow/parsers/structured_numeric.h>
#include <hl7flow/parsers/truncation.h>

#include "tests/property/indexed.h"
#include "tests/unit/checklist.h"
#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::header;
using test::value_at;

constexpr Delimiters standard;

FieldView field(std::string_view text, const Delimiters& delimiters = standard) {
  return {text, delimiters};
}

TEST(Checklist, L01_TheFieldSeparatorIsMsh1AndCountsAsAField) {
  std::string const text = "MSH|^~\\&|LAB|HOSP||X|20240131||ORU^R01|c1\rPID|1||42\r";
  EXPECT_EQ(value_at(text, "MSH-1"), "|");
  EXPECT_EQ(value_at(text, "MSH-2"), "^~\\&");
  EXPECT_EQ(value_at(text, "MSH-3"), "LAB");
  EXPECT_EQ(value_at(text, "MSH-6"), "X");
  EXPECT_EQ(value_at(text, "MSH-9.2"), "R01");
  EXPECT_EQ(value_at(text, "MSH-10"), "c1");
  EXPECT_EQ(value_at(text, "MSH-11"), "");
  EXPECT_EQ(value_at(text, "PID-3"), "42");
  // The delimiters are never split, and have no components.
  EXPECT_EQ(value_at(text, "MSH-2.1"), "^~\\&");
  EXPECT_EQ(value_at(text, "MSH-2(2)"), "");
}

TEST(Checklist, L01_FileAndBatchHeadersCountLikewise) {
  for (std::string const name : {"FHS", "BHS"}) {
    // Looked at as a segment: by index, where envelopes are no messages, they have no view.
    TextBuffer block;
    block.append(name + "|^~\\&|LAB|HOSP\r");
    block.append(std::string(simd::padding, '\0'));
    Er7Index index;
    detail::scan_segments(block.data(), 0, name.size() + 16, {'|', '\r', '\n'}, index);
    index.segment_id.push_back(simd::pack(name[0], name[1], name[2]));
    SegmentView const segment(block.data(), index, 0, standard);
    EXPECT_EQ(segment.id(), name);
    EXPECT_EQ(segment.field(1).raw(), "|");
    EXPECT_EQ(segment.field(2).raw(), "^~\\&");
    EXPECT_EQ(segment.field(3).raw(), "LAB");
    EXPECT_EQ(segment.field_count(), 4u);
  }
}

TEST(Checklist, L02_EveryHeaderDeclaresItsOwnDelimiters) {
  auto const indexed = test::index_text(
      "FHS$%*!?$file\r"
      "BHS|^~\\&|batch\r"
      "MSH|^~\\&|A|a^b\rPID|1||x^y&z~w\r"
      "MSH@$*%!@A@a$b\rPID@1@@x$y!z*w\r"
      "MSH#^~\\&#A#a^b\r"
      "BTS|3\r"
      "FTS$1\r");
  ASSERT_EQ(indexed.messages.size(), 3u);
  EXPECT_EQ(indexed.messages[0].delimiters, (Delimiters{'|', '^', '~', '\\', '&', '\0'}));
  EXPECT_EQ(indexed.messages[1].delimiters, (Delimiters{'@', '$', '*', '%', '!', '\0'}));
  EXPECT_EQ(indexed.messages[2].delimiters, (Delimiters{'#', '^', '~', '\\', '&', '\0'}));
  EXPECT_EQ(indexed.messages[0].fields[1][3], "x^y&z~w");
  EXPECT_EQ(indexed.messages[1].fields[1][3], "x$y!z*w");
  EXPECT_EQ(indexed.messages[2].fields[0][4], "a^b");
  std::string const other = "MSH@$*%!@A@a$b\rPID@1@@x$y!z*w%F%\r";
  EXPECT_EQ(value_at(other, "PID-3.2.2"), "z");
  EXPECT_EQ(value_at(other, "PID-3.2"), "y!z");
  EXPECT_EQ(test::text_at(other, "PID-3(2)"), "w@");
}

TEST(Checklist, L03_OneToFiveDelimitersMayBeDeclared) {
  struct {
    std::string_view declared;
    Delimiters delimiters;
  } const cases[] = {
      {"^", {'|', '^', '\0', '\0', '\0', '\0'}},   {"^~", {'|', '^', '~', '\0', '\0', '\0'}},
      {"^~\\", {'|', '^', '~', '\\', '\0', '\0'}}, {"^~\\&", {'|', '^', '~', '\\', '&', '\0'}},
      {"^~\\&#", {'|', '^', '~', '\\', '&', '#'}},
  };
  for (auto const& [declared, delimiters] : cases) {
    Er7Parser parser;
    std::string const text = "MSH|" + std::string(declared) + "|A\rPID|1||a^b&c~d\\F\\\r";
    auto const message = parser.parse(text);
    ASSERT_TRUE(message) << declared;
    EXPECT_EQ(message->delimiters(), delimiters) << declared;
    EXPECT_EQ(message->segment(0).field(2).raw(), declared);
  }
  // What is not declared separates nothing and escapes nothing.
  std::string const two = "MSH|^~|A\rPID|1||a^b&c~d\\F\\\r";
  EXPECT_EQ(value_at(two, "PID-3.2"), "b&c");
  EXPECT_EQ(value_at(two, "PID-3.2.1"), "b&c");
  EXPECT_EQ(test::text_at(two, "PID-3(2)"), "d\\F\\");
  // "^~&", without an escape character in its place, declares & as the escape character.
  EXPECT_EQ(value_at("MSH|^~&|A\rPID|1||a^b&c\r", "PID-3.2"), "b&c");
}

TEST(Checklist, L03_MoreThanFiveNoneOrRepeatedOnesAreRefused) {
  for (std::string_view const declared : {"", "^~\\&#$", "&&&&", "^~^&", "^A\\&", "^~ &"}) {
    Er7Parser parser;
    auto const message = parser.parse("MSH|" + std::string(declared) + "|A\rPID|1\r");
    ASSERT_FALSE(message) << declared;
    EXPECT_EQ(message.error().code, ErrorCode::bad_delimiters) << declared;
  }
}

TEST(Checklist, L04_TheTruncationCharacterEndsAValueFromVersion27) {
  using schema::Version;
  Delimiters const declared{'|', '^', '~', '\\', '&', '#'};
  EXPECT_TRUE(is_truncated(field("cut here#", declared), Version::v2_7));
  EXPECT_TRUE(is_truncated(field("cut#", declared), Version::v2_8));
  EXPECT_FALSE(is_truncated(field("cut#", declared), Version::v2_6)) << "data before 2.7";
  EXPECT_FALSE(is_truncated(field("# 7", declared), Version::v2_7)) << "data unless last";
  EXPECT_FALSE(is_truncated(field("cut\\P\\", declared), Version::v2_7)) << "a # that is data";
  EXPECT_FALSE(is_truncated(field("cut#"), Version::v2_7)) << "not declared";
  EXPECT_FALSE(is_truncated(field("", declared), Version::v2_7));
  // It is no separator, whatever the version, and it is unescaped only where it is declared.
  for (std::string const version : {"2.3", "2.7"}) {
    std::string const text = "MSH|^~\\&#|A|||||||1|P|" + version + "\rPID|1||a#b^c#d\\P\\\r";
    EXPECT_EQ(value_at(text, "PID-3.1"), "a#b");
    EXPECT_EQ(test::text_at(text, "PID-3.2"), "c#d#");
  }
  EXPECT_EQ(test::text_at(header() + "PID|1||a\\P\\\r", "PID-3"), "a\\P\\");
}

TEST(Checklist, L05_TwoQuotationMarksMeanDelete) {
  EXPECT_TRUE(field("\"\"").is_delete());
  EXPECT_TRUE(field("\"\"").has_text()) << "it is information";
  EXPECT_FALSE(field("").is_delete());
  EXPECT_FALSE(field("").has_text());
  EXPECT_FALSE(field("\"a\"").is_delete());
  EXPECT_TRUE(field("1^\"\"").component(2).is_delete()) << "in a component too";
  EXPECT_FALSE(field("1^\"\"").is_delete());
  // In tables it is an empty text, of length 0, and nothing sent is a null.
  auto const outcome = test::run_text(header() + "PID|1||\"\"||\"\"^Jane||\"\"|\r" + header() +
                                      "PID|1||4||\r" + header() + "PID|1\r");
  EXPECT_EQ(outcome.column("patients", "family_name"),
            (std::vector<std::string>{"", "NULL", "NULL"}));
  EXPECT_EQ(outcome.column("patients", "patient_id"), (std::vector<std::string>{"", "4", "NULL"}));
  EXPECT_EQ(outcome.column("patients", "birth_date"),
            (std::vector<std::string>{"NULL", "NULL", "NULL"}));
  EXPECT_EQ(outcome.account.untyped_values, 0u) << "a delete is not a value that fails its type";
}

TEST(Checklist, L06_AValueOfLessDepthIsItsOwnFirstPart) {
  for (std::string_view const text : {"A", "A^", "A&", "A&^", "A~", "A^B", "A&B", "A~B"}) {
    EXPECT_EQ(field(text).repetition(1).component(1).subcomponent(1).raw(), "A") << text;
    EXPECT_EQ(value_at(header() + "PID|1||" + std::string(text) + "\r", "PID-3.1.1"), "A") << text;
  }
  EXPECT_EQ(field("A").component(2).raw(), "");
  EXPECT_EQ(field("A").subcomponent(2).raw(), "");
  EXPECT_EQ(field("A").repetition(2).raw(), "");
  // In tables as well, typed columns included: TS had a second component, and NM has none.
  auto const outcome =
      test::run_text(header() + "PID|1||A^||B&||19800131^D\rOBR|1\rOBX|1|NM|c||98^\r" + header() +
                     "PID|1||A||B||19800131\rOBR|1\rOBX|1|NM|c||98\r");
  EXPECT_EQ(outcome.column("patients", "patient_id"), (std::vector<std::string>{"A", "A"}));
  EXPECT_EQ(outcome.column("patients", "family_name"), (std::vector<std::string>{"B", "B"}));
  EXPECT_EQ(outcome.column("patients", "birth_date"), (std::vector<std::string>{"3682", "3682"}));
  EXPECT_EQ(outcome.column("observations", "value_number"),
            (std::vector<std::string>{"98.000000", "98.000000"}));
  EXPECT_EQ(outcome.account.untyped_values, 0u);
}

TEST(Checklist, L06_WhatIsBehindTheFirstPartOfANumberIsNotDropped) {
  auto const outcome = test::run_text(header() + "OBR|1\rOBX|1|NM|c||98^mg\r");
  EXPECT_EQ(outcome.column("observations", "value_number"), std::vector<std::string>{"NULL"});
  EXPECT_EQ(outcome.column("observations", "value_number_text"), std::vector<std::string>{"98^mg"});
  EXPECT_EQ(outcome.account.untyped_values, 1u);
}

TEST(Checklist, L07_TrailingSeparatorsChangeNothing) {
  std::string const bare = header() + "PID|1||42^^^HOSP\rOBR|1\rOBX|1|SN|c||>^5\r";
  std::string const trailing = header() + "PID|1||42^^^HOSP&&^^~|||\rOBR|1||\rOBX|1|SN|c||>^5^^|\r";
  for (const char* const path : {"PID-3.1", "PID-3.4.1", "PID-3.5", "PID-4", "PID-9", "OBX-5.2"})
    EXPECT_EQ(value_at(bare, path), value_at(trailing, path)) << path;
  EXPECT_EQ(test::run_text(bare).column("observations", "value_low"),
            test::run_text(trailing).column("observations", "value_low"));
  auto const number = read_structured_numeric(field(">^5^^"));
  ASSERT_TRUE(number);
  EXPECT_EQ(number->number_1, 5);
}

TEST(Checklist, L07_ExceptInAdd) {
  // The standard's own example, HL7 v2.9.1 2.10.2.1.
  std::string const text = header() + "NTE|1|2|C|34\rADD|5|678|\rADD|90\r";
  Er7Parser parser;
  auto const message = parser.parse(text);
  ASSERT_TRUE(message);
  ASSERT_EQ(message->segment_count(), 2u);
  EXPECT_EQ(message->segment(1).raw(), "NTE|1|2|C|345|678|90");
}

}  // namespace
}  // namespace hl7flow
