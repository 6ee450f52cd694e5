// The encoding checklist, lines 11 to 17: escape sequences, read from whole messages.

#include "tests/unit/checklist.h"
#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::header;
using test::text_at;

/// The text of a note that has `raw` as its comment.
std::string note(const std::string& raw, std::string_view charset = "",
                 EscapePolicy policy = EscapePolicy::decode, EscapeCounts* counts = nullptr) {
  return text_at(header("2.5.1", charset) + "NTE|1||" + raw + "|after\r", "NTE-3", policy, counts);
}

TEST(Checklist, L11_UnescapedOnceAfterSplitting) {
  std::string const text = header() + "PID|1||a\\F\\b\\S\\c\\T\\d\\R\\e^second&part\r";
  EXPECT_EQ(text_at(text, "PID-3.1"), "a|b^c&d~e");
  EXPECT_EQ(text_at(text, "PID-3.2.2"), "part");
  EXPECT_EQ(text_at(text, "PID-3(2)"), "") << "an escaped separator separates nothing";
  EXPECT_EQ(note("\\E\\T\\E\\"), "\\T\\") << "what an escape yields is not read again";
}

TEST(Checklist, L11_WithTheDeclaredEscapeCharacter) {
  std::string const text = "MSH|^~!&|A\rPID|1||a!F!b^C:\\F\\dir\r";
  EXPECT_EQ(text_at(text, "PID-3.1"), "a|b");
  EXPECT_EQ(text_at(text, "PID-3.2"), "C:\\F\\dir");
  EXPECT_EQ(text_at("MSH|^~|A\rPID|1||a\\F\\b\r", "PID-3"), "a\\F\\b") << "none declared";
}

TEST(Checklist, L12_AnEscapedEscapeCharacterIsText) {
  EXPECT_EQ(note("\\E\\F\\E\\"), "\\F\\");
  EXPECT_EQ(note("a\\E\\b"), "a\\b");
  EXPECT_EQ(note("\\E\\\\F\\"), "\\|");
}

TEST(Checklist, L13_HexadecimalBytesJoinInTheMessagesEncoding) {
  EXPECT_EQ(note("\\XC3A9\\", "UNICODE UTF-8"), "\u00e9");
  EXPECT_EQ(note("\\XC3\\\\XA9\\", "UNICODE UTF-8"), "\u00e9");
  EXPECT_EQ(note("\\XC3A9\\", "8859/1"), "\u00c3\u00a9");
  EXPECT_EQ(note("\\XE9\\", "8859/1"), "\u00e9");
  EXPECT_EQ(note("\\X8ABF\\", "KS X 1001"), note("\\X8A\\\\XBF\\", "KS X 1001"));
  EXPECT_EQ(note("\\XB0A1\\", "KS X 1001"), "\uac00");
}

TEST(Checklist, L14_LineBreaksOfEverySpelling) {
  for (const char* const raw :
       {"a\\X000d\\b", "a\\X0D0A\\b", "a\\X0D\\b", "a\\X0A\\b", "a\\X0d0a\\b", "a\\.br\\b"})
    EXPECT_EQ(note(raw), "a\nb") << raw;
}

TEST(Checklist, L15_WhatIsNoSequenceFollowsThePolicy) {
  struct {
    const char* raw;
    std::uint32_t unknown;
  } const cases[] = {
      {"a\\MIME\\b", 1}, {"50 \\ 50", 1}, {"a\\F", 1},        {"\\\\server\\x", 2},
      {"\\Q\\", 1},      {"\\XF\\", 1},   {"C:\\temp\\x", 1},
  };
  for (auto const& [raw, unknown] : cases) {
    EscapeCounts counts;
    EXPECT_EQ(note(raw, "", EscapePolicy::decode, &counts), raw);
    EXPECT_EQ(counts.unknown, unknown) << raw;
    EXPECT_EQ(note(raw, "", EscapePolicy::keep), raw);
    EXPECT_EQ(note(raw, "", EscapePolicy::error), "(bad_escape)") << raw;
  }
  EXPECT_EQ(note("a\\F\\b", "", EscapePolicy::keep), "a\\F\\b");
  EXPECT_EQ(note("a\\F\\b", "", EscapePolicy::error), "a|b");
}

TEST(Checklist, L15_ThePolicyIsAnOptionOfTabulate) {
  std::string const text = header() + "PID|1||7||a\\MIME\\b\\T\\^x\r";
  auto const names = [&](const std::string& policy) {
    return test::run_text(text, test::tabulated({}, {{"escapes", policy}}))
        .column("patients", "family_name");
  };
  EXPECT_EQ(names("decode"), std::vector<std::string>{"a\\MIME\\b&"});
  EXPECT_EQ(names("keep"), std::vector<std::string>{"a\\MIME\\b\\T\\"});
  EXPECT_EQ(names("error"), std::vector<std::string>{}) << "the message is rejected";
}

TEST(Checklist, L16_FormattingCommands) {
  EXPECT_EQ(note("a\\.sp3\\b"), "a\n\n\nb");
  EXPECT_EQ(note("a\\.sp\\b"), "a\nb");
  EXPECT_EQ(note("a\\.sp+2\\b"), "a\n\nb");
  EXPECT_EQ(note("\\.in+4\\\\.ti-4\\a"), "a");
  EXPECT_EQ(note("\\.in4\\a\\.fi\\b\\.nf\\\\.ce\\c"), "ab\nc");
  EXPECT_EQ(note("a\\.sk2\\b"), "a  b");
  EXPECT_EQ(note("\\H\\a\\N\\b"), "ab");
  for (const char* const raw :
       {"\\.sp3\\", "\\.in+4\\", "\\.ti-4\\", "\\.br\\", "\\.sk1\\", "\\.ce\\", "\\.fi\\"})
    EXPECT_NE(note(raw, "", EscapePolicy::error), "(bad_escape)") << raw;
}

TEST(Checklist, L16_TheOldLineBreakIsTheNewOne) {
  EXPECT_EQ(note("a^\\.sp\\b"), "a\nb");
  EXPECT_EQ(note("a\\.br\\b"), "a\nb");
}

TEST(Checklist, L17_SwitchesOfTheCharacterSet) {
  EXPECT_EQ(note("a\\M2442\\;3\\C2842\\b"), "a\u5c71b");
  EXPECT_EQ(note("\\M242844\\0!"), "\u4e02");
  EXPECT_EQ(note("\\C284A\\a"), "a");
  EXPECT_EQ(note("\\C2D41\\\\XE9\\\\C2842\\"), "\u00e9");
  EXPECT_EQ(note("\\C2D4C\\\\XB6\\"), "\u0416");
  EXPECT_EQ(note("\\C2949\\\\XD4\\"), "\uff94");
  EXPECT_EQ(note("\\C9999\\", "", EscapePolicy::error), "(bad_escape)");
}

TEST(Checklist, L17_ASwitchEndsWithItsValue) {
  std::string const text = header() + "PID|1||\\M2442\\;3^;3\r";
  EXPECT_EQ(text_at(text, "PID-3.1"), "\u5c71");
  EXPECT_EQ(text_at(text, "PID-3.2"), ";3");
}

}  // namespace
}  // namespace hl7flow
