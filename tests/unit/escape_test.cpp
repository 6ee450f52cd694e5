#include <hl7flow/parsers/escape.h>

#include <random>

#include <gtest/gtest.h>

namespace hl7flow {
namespace {

constexpr Delimiters standard;
constexpr Delimiters with_truncation{'|', '^', '~', '\\', '&', '#'};

struct Decoded {
  std::string text;
  EscapeCounts counts;
  Error error;
};

Decoded decode(std::string_view raw, const Delimiters& delimiters = standard,
               Charset charset = Charset::utf8, EscapePolicy policy = EscapePolicy::decode) {
  Buffer<char> scratch;
  EscapeCounts counts;
  auto const result = unescape(raw, delimiters, charset, policy, scratch, &counts);
  if (!result) return {"", counts, result.error()};
  return {std::string(*result), counts, {}};
}

/// The text of what holds no surprise.
std::string text(std::string_view raw, const Delimiters& delimiters = standard,
                 Charset charset = Charset::utf8) {
  Decoded const strict = decode(raw, delimiters, charset, EscapePolicy::error);
  EXPECT_EQ(strict.error, Error{}) << raw;
  Decoded const decoded = decode(raw, delimiters, charset);
  EXPECT_EQ(decoded.counts.unknown + decoded.counts.undecodable, 0u) << raw;
  EXPECT_EQ(decoded.text, strict.text);
  return decoded.text;
}

/// What is no sequence stays as sent, is counted, and is an error at `offset` if asked.
void expect_unknown(std::string_view raw, std::uint32_t count = 1, std::uint32_t offset = 0,
                    const Delimiters& delimiters = standard) {
  Decoded const decoded = decode(raw, delimiters);
  EXPECT_EQ(decoded.text, raw);
  EXPECT_EQ(decoded.counts.unknown, count) << raw;
  EXPECT_EQ(decode(raw, delimiters, Charset::utf8, EscapePolicy::error).error,
            (Error{ErrorCode::bad_escape, offset}))
      << raw;
}

TEST(Unescape, CopiesNothingWithoutAnEscapeCharacter) {
  Buffer<char> scratch;
  std::string_view const raw = "GLUCOSE^A&B";
  auto const result = unescape(raw, standard, Charset::utf8, EscapePolicy::decode, scratch);
  EXPECT_EQ(result->data(), raw.data());
  EXPECT_EQ(result->size(), raw.size());
  EXPECT_EQ(scratch.capacity(), 0u);
  EXPECT_EQ(text(""), "");
}

TEST(Unescape, DecodesDelimiters) {
  EXPECT_EQ(text("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f"), "a|b^c&d~e\\f");
  Delimiters const other{'@', '$', '%', '!', '*', '\0'};
  EXPECT_EQ(text("!F!!S!!T!!R!!E!\\F\\", other), "@$*%!\\F\\");
}

TEST(Unescape, NeverReadsItsOwnOutput) {
  EXPECT_EQ(text("\\E\\F\\E\\"), "\\F\\");
  EXPECT_EQ(text("\\E\\\\E\\"), "\\\\");
  EXPECT_EQ(text("\\X5C\\F\\X5C\\"), "\\F\\");
}

TEST(Unescape, TruncationCharacterOnlyIfDeclared) {
  EXPECT_EQ(text("12\\P\\", with_truncation), "12#");
  expect_unknown("\\P\\");
}

TEST(Unescape, SubcomponentSeparatorNeedNotBeDeclared) {
  EXPECT_EQ(text("a\\T\\b", Delimiters{'|', '^', '~', '\\', '\0', '\0'}), "a&b");
}

TEST(Unescape, WithoutADeclaredEscapeCharacterNothingIsEscaped) {
  Delimiters const none{'|', '^', '~', '\0', '&', '\0'};
  EXPECT_EQ(text("a\\F\\b", none), "a\\F\\b");
  EXPECT_EQ(text(std::string_view("a\0F\0b", 5), none), std::string("a\0F\0b", 5));
}

TEST(Unescape, DropsHighlighting) { EXPECT_EQ(text("\\H\\bold\\N\\ plain"), "bold plain"); }

TEST(Unescape, HexadecimalIsOfTheMessagesCharacterSet) {
  EXPECT_EQ(text("M\\XC3BC\\ller"), "M\u00FCller");
  EXPECT_EQ(text("M\\Xc3bc\\ller"), "M\u00FCller");
  EXPECT_EQ(text("M\\XFC\\ller", standard, Charset::windows_1252), "M\u00FCller");
  EXPECT_EQ(text("\\X835C\\", standard, Charset::shift_jis), "\u30BD");
  EXPECT_EQ(text("\\X1B2442\\\\X3B33\\", standard, Charset::iso_2022_jp), "\u5C71");
  EXPECT_EQ(text("\\XC3BC\\", standard, Charset::utf_16), "\u00FC");
}

TEST(Unescape, JoinsAdjacentHexadecimalOnly) {
  EXPECT_EQ(text("\\XC3\\\\XBC\\"), "\u00FC");
  Decoded const apart = decode("\\XC3\\ \\XBC\\");
  EXPECT_EQ(apart.text, "\uFFFD \uFFFD");
  EXPECT_EQ(apart.counts.undecodable, 2u);
  EXPECT_EQ(decode("ab\\XC3\\ ", standard, Charset::utf8, EscapePolicy::error).error,
            (Error{ErrorCode::bad_charset, 2}));
}

TEST(Unescape, HexadecimalLineBreaksOfAnySpelling) {
  for (std::string_view const raw : {"a\\X0D\\b", "a\\X0A\\b", "a\\X0D0A\\b", "a\\X000d\\b",
                                     "a\\X000D\\b", "a\\X0D\\\\X0A\\b", "a\\.br\\b"})
    EXPECT_EQ(text(raw), "a\nb") << raw;
  EXPECT_EQ(text("a\\X0D0D\\b\\X0A0A\\c"), "a\n\nb\n\nc");
  EXPECT_EQ(text("\\X00\\"), std::string(1, '\0'));
}

TEST(Unescape, HexadecimalMustBePairs) {
  for (std::string_view const raw : {"\\X\\", "\\XA\\", "\\XABC\\", "\\XGG\\", "\\XA.\\"})
    expect_unknown(raw);
}

TEST(Unescape, FormattingBecomesPlainText) {
  EXPECT_EQ(text("a\\.sp\\b\\.sp2\\c\\.sp+3\\d\\.sp0\\e"), "a\nb\n\nc\n\n\nde");
  EXPECT_EQ(text("a\\.sk\\b\\.sk3\\c"), "a b   c");
  EXPECT_EQ(text("\\.in+4\\\\.ti-4\\\\.in2\\a\\.fi\\b\\.nf\\c"), "abc");
  EXPECT_EQ(text("\\.ce\\Title\\.br\\Body\\.ce\\End"), "Title\nBody\nEnd");
}

TEST(Unescape, OldLineBreakTakesItsComponentSeparator) {
  EXPECT_EQ(text("a^\\.sp\\b"), "a\nb");
  EXPECT_EQ(text("a^\\.sp2\\b"), "a^\n\nb");
  EXPECT_EQ(text("a\\S\\\\.sp\\b"), "a^\nb");
}

TEST(Unescape, FormattingThatIsNone) {
  for (std::string_view const raw :
       {"\\.\\", "\\.xx\\", "\\.brr\\", "\\.sp-1\\", "\\.sp+\\", "\\.sp1x\\", "\\.sp999\\",
        "\\.sk12345678901234567890\\", "\\.fi1\\", "\\.b\\"})
    expect_unknown(raw);
  EXPECT_EQ(text("\\.sk200\\").size(), format_count_max);
}

TEST(Unescape, UnknownAndLoneEscapesStay) {
  expect_unknown("\\MIME\\");
  expect_unknown("\\Q\\");
  expect_unknown("a\\", 1, 1);
  expect_unknown("\\", 1, 0);
  expect_unknown("\\\\", 2, 0);
  expect_unknown("\\\\server\\share\\x y", 3, 0);
  expect_unknown("50\\F", 1, 2);
  expect_unknown("\\\"\\", 2, 0);
  expect_unknown("\\FF\\");
  expect_unknown("\\f\\");
}

TEST(Unescape, ALoneEscapeHidesNoSequenceBehindIt) {
  Decoded const lone = decode("a\\ b\\F\\c");
  EXPECT_EQ(lone.text, "a\\ b|c");
  EXPECT_EQ(lone.counts.unknown, 1u);
  EXPECT_EQ(decode("\\Q\\T\\T\\").text, "\\Q\\T&");
}

TEST(Unescape, LocalSequencesStayAndAreLegal) {
  EXPECT_EQ(text("a\\Z01 x\\b\\F\\"), "a\\Z01 x\\b|");
}

TEST(Unescape, PolicyKeepLeavesEverything) {
  EXPECT_EQ(decode("\\F\\\\X\\", standard, Charset::utf8, EscapePolicy::keep).text, "\\F\\\\X\\");
  Buffer<char> out;
  EXPECT_TRUE(append_unescaped("\\F\\", standard, Charset::utf8, EscapePolicy::keep, out));
  EXPECT_EQ(std::string(out.data(), out.size()), "\\F\\");
}

TEST(Unescape, AddsUpWhatItCounts) {
  Buffer<char> scratch;
  EscapeCounts counts{1, 1};
  for (std::string_view const raw : {"a\\", "\\XFF\\ \\Q\\", "plain"})
    EXPECT_TRUE(unescape(raw, standard, Charset::utf8, EscapePolicy::decode, scratch, &counts));
  EXPECT_EQ(counts.unknown, 3u);
  EXPECT_EQ(counts.undecodable, 2u);
}

TEST(Unescape, AppendsToWhatIsThere) {
  Buffer<char> out;
  out.append("x", 1);
  EXPECT_TRUE(
      append_unescaped("\\.ce\\a\\X0D\\", standard, Charset::utf8, EscapePolicy::decode, out));
  EXPECT_TRUE(append_unescaped("b", standard, Charset::utf8, EscapePolicy::decode, out));
  EXPECT_EQ(std::string(out.data(), out.size()), "xa\nb");
}

TEST(Unescape, SwitchesToSingleByteSets) {
  struct {
    std::string_view raw, text;
  } const cases[] = {
      {"\\C2D41\\\\XE9\\", "\u00E9"}, {"\\C2D42\\\\XB1\\", "\u0105"},
      {"\\C2D43\\\\XA1\\", "\u0126"}, {"\\C2D44\\\\XA2\\", "\u0138"},
      {"\\C2D4C\\\\XB6\\", "\u0416"}, {"\\C2D47\\\\XC7\\", "\u0627"},
      {"\\C2D46\\\\XE1\\", "\u03B1"}, {"\\C2D48\\\\XE0\\", "\u05D0"},
      {"\\C2D4D\\\\XFD\\", "\u0131"}, {"\\C2949\\\\XD4\\", "\uFF94"},
      {"\\C284A\\A\\C2842\\B", "AB"}, {"\\c2842\\", "\\c2842\\"},
  };
  for (auto const& [raw, expected] : cases) EXPECT_EQ(decode(raw).text, expected) << raw;
}

TEST(Unescape, SwitchedTextIsTakenBackToItsBytes) {
  // 0xB1 reached us as windows-1252 and is an a with ogonek in ISO 8859-2.
  EXPECT_EQ(text("\u00B1\\C2D42\\z\u00B1\\C2842\\\u00B1", standard, Charset::windows_1252),
            "\u00B1z\u0105\u00B1");
  EXPECT_EQ(text("\\C2D42\\\u0105\u00E9", standard, Charset::utf8), "\u0105\u00E9");
}

TEST(Unescape, SwitchesToDoubleByteSets) {
  EXPECT_EQ(text("a\\M2442\\;3ED\\C2842\\b"), "a\u5C71\u7530b");
  EXPECT_EQ(text("\\M2442\\\\X3B33\\"), "\u5C71");
  EXPECT_EQ(text("\\M242844\\0!"), "\u4E02");
  EXPECT_EQ(text("\\M2442\\0\\F\\0\\E\\\\C2842\\\\F\\"), "\u6DEB\u79FB|");
  EXPECT_EQ(text("\\M2442\\\u5C71", standard, Charset::iso_2022_jp), "\u5C71");
  EXPECT_EQ(text("\\M2442\\\u00BB\u00B3", standard, Charset::windows_1252), "\u5C71");
  EXPECT_EQ(decode("\\M2442\\;").counts.undecodable, 1u);
}

TEST(Unescape, SwitchesThatAreNone) {
  for (std::string_view const raw : {"\\C\\", "\\C28\\", "\\C2899\\", "\\M2842\\", "\\C2442\\",
                                     "\\M24428\\", "\\M244242\\", "\\C284228422842\\"})
    expect_unknown(raw);
}

TEST(Escape, WritesWhatCannotStandInAValue) {
  Buffer<char> out;
  EXPECT_EQ(escape("a|^&~\\#\r\n\v\x1C\tz", with_truncation, out), 0u);
  EXPECT_EQ(std::string(out.data(), out.size()),
            "a\\F\\\\S\\\\T\\\\R\\\\E\\\\P\\\\X0D\\\\X0A\\\\X0B\\\\X1C\\\tz");
  out.clear();
  EXPECT_EQ(escape("50#", standard, out), 0u);
  EXPECT_EQ(std::string(out.data(), out.size()), "50#");
}

TEST(Escape, WithoutAnEscapeCharacterBlanksKeepTheStructure) {
  Buffer<char> out;
  EXPECT_EQ(escape("a|b\rc&\\", Delimiters{'|', '^', '~', '\0', '\0', '\0'}, out), 2u);
  EXPECT_EQ(std::string(out.data(), out.size()), "a b c&\\");
}

TEST(Unescape, RandomTextNeitherFailsNorGrowsWithoutBound) {
  std::string_view const letters = "\\\\\\\\XCMZFSTREPHN.brspkceint0123456789ABCDEF24 ^|;\xC3\xBC";
  std::mt19937 random(26);
  for (int round = 0; round < 30000; ++round) {
    std::string raw(random() % 40, ' ');
    for (char& c : raw) c = letters[random() % letters.size()];
    auto const charset = static_cast<Charset>(random() % static_cast<unsigned>(Charset::unknown));
    Decoded const decoded = decode(raw, with_truncation, charset);
    ASSERT_EQ(decoded.error.code, ErrorCode::none);
    ASSERT_LE(decoded.text.size(), raw.size() * 40 + 8);
    Decoded const strict = decode(raw, with_truncation, charset, EscapePolicy::error);
    bool const surprise = decoded.counts.unknown + decoded.counts.undecodable > 0;
    ASSERT_EQ(strict.error.code != ErrorCode::none, surprise) << raw;
    if (!surprise) {
      ASSERT_EQ(strict.text, decoded.text);
    }
  }
}

}  // namespace
}  // namespace hl7flow
