#include <hl7flow/parsers/charset.h>

#include <array>
#include <random>
#include <thread>

#include <gtest/gtest.h>

namespace hl7flow {
namespace {

using namespace std::string_view_literals;
using OnError = CharsetPolicy::OnError;
using Source = CharsetPolicy::Source;

struct Decoded {
  std::string text;
  std::size_t replaced = 0;
  Error error;
};

Decoded decode(std::string_view bytes, Charset charset, OnError on_error = OnError::replace) {
  Buffer<char> out;
  auto const result = to_utf8(bytes, charset, on_error, out);
  return {{out.data(), out.size()}, result ? *result : 0, result ? Error{} : result.error()};
}

std::string text(std::string_view bytes, Charset charset) {
  Decoded const decoded = decode(bytes, charset);
  EXPECT_EQ(decoded.replaced, 0u);
  EXPECT_EQ(decoded.error.code, ErrorCode::none);
  return decoded.text;
}

Charset choose(std::string_view bytes, std::string_view msh_18, CharsetPolicy policy = {}) {
  return choose_charset(bytes, msh_18, '~', policy).value_or(Charset::unknown);
}

constexpr Charset all_charsets[] = {
    Charset::utf8,        Charset::windows_1252, Charset::iso_8859_2,  Charset::iso_8859_3,
    Charset::iso_8859_4,  Charset::iso_8859_5,   Charset::iso_8859_6,  Charset::iso_8859_7,
    Charset::iso_8859_8,  Charset::iso_8859_9,   Charset::iso_8859_15, Charset::jis_x_0201,
    Charset::iso_2022_jp, Charset::shift_jis,    Charset::euc_jp,      Charset::gb_18030,
    Charset::euc_kr,      Charset::euc_tw,       Charset::big5,        Charset::utf_16,
    Charset::utf_32};

TEST(CharsetName, ReadsEveryNameOfTable0211AndItsWithdrawnOnes) {
  struct {
    std::string_view name;
    Charset charset;
  } const table[] = {
      {"", Charset::utf8},
      {"ASCII", Charset::utf8},
      {"ISO IR6", Charset::utf8},
      {"8859/1", Charset::windows_1252},
      {"8859/2", Charset::iso_8859_2},
      {"8859/3", Charset::iso_8859_3},
      {"8859/4", Charset::iso_8859_4},
      {"8859/5", Charset::iso_8859_5},
      {"8859/6", Charset::iso_8859_6},
      {"8859/7", Charset::iso_8859_7},
      {"8859/8", Charset::iso_8859_8},
      {"8859/9", Charset::iso_8859_9},
      {"8859/15", Charset::iso_8859_15},
      {"ISO IR14", Charset::jis_x_0201},
      {"ISO IR87", Charset::iso_2022_jp},
      {"ISO IR159", Charset::iso_2022_jp},
      {"JAS2020", Charset::iso_2022_jp},
      {"JIS X 0202", Charset::iso_2022_jp},
      {"GB 18030-2000", Charset::gb_18030},
      {"KS X 1001", Charset::euc_kr},
      {"CNS 11643-1992", Charset::euc_tw},
      {"BIG-5", Charset::big5},
      {"UNICODE", Charset::utf8},
      {"UNICODE UTF-8", Charset::utf8},
      {"UNICODE UTF-16", Charset::utf_16},
      {"UNICODE UTF-32", Charset::utf_32},
  };
  for (auto const& [name, charset] : table) EXPECT_EQ(charset_from_name(name), charset) << name;
}

TEST(CharsetName, ReadsWhatSendersWriteInstead) {
  EXPECT_EQ(charset_from_name("UTF-8"), Charset::utf8);
  EXPECT_EQ(charset_from_name("utf8"), Charset::utf8);
  EXPECT_EQ(charset_from_name("ISOIR87"), Charset::iso_2022_jp);
  EXPECT_EQ(charset_from_name("ISO_IR 87"), Charset::iso_2022_jp);
  EXPECT_EQ(charset_from_name("iso ir 14"), Charset::jis_x_0201);
  EXPECT_EQ(charset_from_name("GB18030-2000"), Charset::gb_18030);
  EXPECT_EQ(charset_from_name("ISO-8859-1"), Charset::windows_1252);
  EXPECT_EQ(charset_from_name("ISO 8859-15"), Charset::iso_8859_15);
  EXPECT_EQ(charset_from_name("ISO_IR 100"), Charset::windows_1252);
  EXPECT_EQ(charset_from_name("Shift_JIS"), Charset::shift_jis);
  EXPECT_EQ(charset_from_name("EUC-JP"), Charset::euc_jp);
}

TEST(CharsetName, IsUnknownForAnythingElse) {
  EXPECT_EQ(charset_from_name("ISO IR 999"), Charset::unknown);
  EXPECT_EQ(charset_from_name("8859/10"), Charset::unknown);
  EXPECT_EQ(charset_from_name("UTF-8!"), Charset::unknown);
  EXPECT_EQ(charset_from_name(std::string(1000, 'A')), Charset::unknown);
  EXPECT_EQ(charset_from_name("unknown"), Charset::unknown);
}

TEST(CharsetName, OfEverySetReadsBack) {
  for (Charset const charset : all_charsets)
    EXPECT_EQ(charset_from_name(name(charset)), charset) << name(charset);
}

TEST(CharsetOfMessage, TakesTheFirstRepetitionThatNamesMoreThanAscii) {
  EXPECT_EQ(charset_of_message("", '~'), Charset::utf8);
  EXPECT_EQ(charset_of_message("~ISO IR87", '~'), Charset::iso_2022_jp);
  EXPECT_EQ(charset_of_message("ISO IR6~ISO IR87~ISO IR159", '~'), Charset::iso_2022_jp);
  EXPECT_EQ(charset_of_message("ISO IR14~ISO IR87", '~'), Charset::iso_2022_jp);
  EXPECT_EQ(charset_of_message("ISO IR14~ISO IR13", '~'), Charset::jis_x_0201);
  EXPECT_EQ(charset_of_message("UTF-8~UNICODE", '~'), Charset::utf8);
  EXPECT_EQ(charset_of_message("UNICODE UTF-8~ISO IR87", '~'), Charset::utf8);
  EXPECT_EQ(charset_of_message("8859/1~8859/5", '~'), Charset::windows_1252);
  EXPECT_EQ(charset_of_message("ASCII@8859/2", '@'), Charset::iso_8859_2);
}

TEST(CharsetOfMessage, IgnoresUnknownAlternatesOnly) {
  EXPECT_EQ(charset_of_message("ISO IR 999", '~'), Charset::unknown);
  EXPECT_EQ(charset_of_message("ISO IR 999~UTF-8", '~'), Charset::unknown);
  EXPECT_EQ(charset_of_message("ASCII~ISO IR 999", '~'), Charset::utf8);
  EXPECT_EQ(charset_of_message("UTF-8~8859/1", '\0'), Charset::unknown);
}

TEST(Charset, NeedsTranscodingWhereOtherBytesLookLikeAscii) {
  for (Charset const charset : all_charsets) {
    bool const expected = charset == Charset::iso_2022_jp || charset == Charset::shift_jis ||
                          charset == Charset::gb_18030 || charset == Charset::euc_kr ||
                          charset == Charset::big5 || charset == Charset::utf_16 ||
                          charset == Charset::utf_32;
    EXPECT_EQ(needs_transcoding_before_scan(charset), expected) << name(charset);
  }
}

TEST(Charset, KnowsWhatReadsAsUtf8) {
  EXPECT_TRUE(reads_as_utf8("M\xC3\xBCller", Charset::utf8));
  EXPECT_FALSE(reads_as_utf8("M\xFCller", Charset::utf8));
  EXPECT_TRUE(reads_as_utf8("Muller", Charset::shift_jis));
  EXPECT_FALSE(reads_as_utf8("M\xC3\xBCller", Charset::windows_1252));
  EXPECT_FALSE(reads_as_utf8("\x1B$B;3\x1B(B", Charset::iso_2022_jp));
  EXPECT_FALSE(reads_as_utf8("M\0S\0"sv, Charset::utf_16));
}

TEST(Utf8, ValidityFollowsRfc3629) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("\xC3\xBC\xE5\xB1\xB1\xF0\xA0\xAE\xB7"));
  for (std::string_view const bad :
       {"\x80"sv, "\xC3"sv, "\xC0\xAF"sv, "\xE0\x80\xAF"sv, "\xED\xA0\x80"sv, "\xF4\x90\x80\x80"sv,
        "\xF0\x80\x80\xAF"sv, "\xFF"sv, "\xE5\xB1"sv})
    EXPECT_FALSE(is_utf8(bad));
  EXPECT_TRUE(is_ascii(std::string(100, 'a')));
  for (std::size_t at = 0; at < 70; ++at) {
    std::string one(70, 'a');
    one[at] = '\x80';
    EXPECT_FALSE(is_ascii(one)) << at;
  }
}

TEST(ToUtf8, ReplacesEachBadByteOfUtf8) {
  Decoded const decoded = decode("a\xFF\xC3\xBC\xE5\xB1|b\xED\xA0\x80", Charset::utf8);
  EXPECT_EQ(decoded.text, "a\uFFFD\u00FC\uFFFD\uFFFD|b\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decoded.replaced, 6u);
}

TEST(ToUtf8, AppendsAndSaysWhereBytesDoNotDecode) {
  Buffer<char> out;
  out.append("x", 1);
  ASSERT_TRUE(to_utf8("\xE9", Charset::windows_1252, OnError::error, out));
  EXPECT_EQ(std::string(out.data(), out.size()), "x\u00E9");
  struct {
    std::string_view bytes;
    Charset charset;
    std::uint32_t offset;
  } const cases[] = {
      {"abc\xFF", Charset::utf8, 3},
      {"ab\xAE\xA1", Charset::iso_8859_7, 2},
      {"a\x83\x5C\xFF", Charset::shift_jis, 3},
      {"\x1B$B;3/!", Charset::iso_2022_jp, 5},
      {"a\0\0\xDC"sv, Charset::utf_16, 2},
      {"a\xA0", Charset::jis_x_0201, 1},
      {"a\0\0\0\0\0\x11\0"sv, Charset::utf_32, 4},
  };
  for (auto const& [bytes, charset, offset] : cases)
    EXPECT_EQ(decode(bytes, charset, OnError::error).error, (Error{ErrorCode::bad_charset, offset}))
        << name(charset);
}

TEST(ToUtf8, Windows1252StandsForLatin1AndItsControls) {
  EXPECT_EQ(text("\x80\xE9\x93", Charset::windows_1252), "\u20AC\u00E9\u201C");
  EXPECT_EQ(text("\x81\x8D\x8F\x90\x9D", Charset::windows_1252),
            "\xC2\x81\xC2\x8D\xC2\x8F\xC2\x90\xC2\x9D");
}

TEST(ToUtf8, DecodesTheIso8859Family) {
  EXPECT_EQ(text("\xB1", Charset::iso_8859_2), "\u0105");
  EXPECT_EQ(text("\xA1", Charset::iso_8859_3), "\u0126");
  EXPECT_EQ(text("\xA2", Charset::iso_8859_4), "\u0138");
  EXPECT_EQ(text("\xB6", Charset::iso_8859_5), "\u0416");
  EXPECT_EQ(text("\xC7", Charset::iso_8859_6), "\u0627");
  EXPECT_EQ(text("\xE1", Charset::iso_8859_7), "\u03B1");
  EXPECT_EQ(text("\xE0", Charset::iso_8859_8), "\u05D0");
  EXPECT_EQ(text("\xFD", Charset::iso_8859_9), "\u0131");
  EXPECT_EQ(text("\xA4", Charset::iso_8859_15), "\u20AC");
}

TEST(ToUtf8, JisX0201KeepsTheDelimitersOfHl7) {
  EXPECT_EQ(text("A\\~\xD4\xCF\xC0\xDE", Charset::jis_x_0201), "A\\~\uFF94\uFF8F\uFF80\uFF9E");
}

TEST(ToUtf8, TrailBytesMayEqualDelimiters) {
  EXPECT_EQ(text("|\x83\x5C^\x83\x7C~\x83\x7E|\x81\x4F\x81\x5E\xB1", Charset::shift_jis),
            "|\u30BD^\u30DD~\u30DF|\uFF3E\uFF0F\uFF71");
  EXPECT_EQ(text("\xB3\x5C|\xA5\x5C^\xA1\x7C\xA1\x5E\xA1\x7E", Charset::big5),
            "\u8A31|\u529F^\uFE44\uFF09\uFE5A");
  EXPECT_EQ(text("\x88\x5C\x88\x7C\x88\x5E\x88\x7E|\xCD\xF5", Charset::gb_18030),
            "\u573D\u577E\u5741\u5780|\u738B");
}

TEST(ToUtf8, DecodesTheOtherEastAsianSets) {
  EXPECT_EQ(text("\x95\x34\xB2\x35^", Charset::gb_18030), "\U00020BB7^");
  EXPECT_EQ(text("\xBB\xB3\xC5\xC4\x8E\xB1\x8F\xB0\xA1", Charset::euc_jp),
            "\u5C71\u7530\uFF71\u4E02");
  EXPECT_EQ(text("\xB1\xE8^\xC3\xB6\x8C\x63", Charset::euc_kr), "\uAE40^\uCCA0\uB620");
  EXPECT_EQ(text("\xC4\xE3|\x8E\xA2\xA1\xA1", Charset::euc_tw), "\u4E2D|\u4E42");
}

TEST(ToUtf8, LongRunsDecodeLikeShortOnes) {
  std::string bytes, expected;
  for (int i = 0; i < 1000; ++i) {
    bytes += "\x83\x5C";
    expected += "\u30BD";
  }
  EXPECT_EQ(text(bytes, Charset::shift_jis), expected);
}

TEST(ToUtf8, ABrokenCharacterTakesNoDelimiterWithIt) {
  for (Charset const charset : {Charset::euc_jp, Charset::euc_kr, Charset::euc_tw, Charset::big5,
                                Charset::gb_18030, Charset::shift_jis}) {
    Decoded const cut = decode("A\xE9\r\xE9", charset);
    EXPECT_EQ(cut.text, "A\uFFFD\r\uFFFD") << name(charset);
    EXPECT_EQ(cut.replaced, 2u) << name(charset);
  }
  EXPECT_EQ(decode("\xB0|\xB0^", Charset::euc_jp).text, "\uFFFD|\uFFFD^");
  EXPECT_EQ(decode("\xFC\x7C", Charset::shift_jis).text, "\uFFFD|");
}

TEST(ToUtf8, Iso2022DoubleBytesMayEqualDelimiters) {
  // 0x307C 0x305E 0x307E 0x305C 0x3026 hold | ^ ~ \ & as second bytes.
  EXPECT_EQ(text("PID|\x1B$B0|0^0~0\\0&\x1B(B^x", Charset::iso_2022_jp),
            "PID|\u6DEB\u7DEF\u852D\u79FB\u611B^x");
}

TEST(ToUtf8, Iso2022KnowsItsSets) {
  EXPECT_EQ(text("\x1B$@;3\x1B(J\\~", Charset::iso_2022_jp), "\u5C71\\~");
  EXPECT_EQ(text("\x1B$(D0!\x1B(B", Charset::iso_2022_jp), "\u4E02");
  EXPECT_EQ(text("\x1B$(B;3\x1B(B", Charset::iso_2022_jp), "\u5C71");
  EXPECT_EQ(text("\x1B(IL\x1B(B", Charset::iso_2022_jp), "\uFF8C");
  EXPECT_EQ(text("\xD4\xCF", Charset::iso_2022_jp), "\uFF94\uFF8F");
  EXPECT_EQ(text("\x1B$AVP\x1B(B", Charset::iso_2022_jp), "\u4E2D");
  EXPECT_EQ(text("\x1B$(C1h\x1B(B\x1B$)C\xB1\xE8", Charset::iso_2022_jp), "\uAE40\uAE40");
  EXPECT_EQ(text("\x1B-A\xE9\x1B-L\xB6", Charset::iso_2022_jp), "\u00E9\u0416");
}

TEST(ToUtf8, Iso2022StateEndsWithTheSegment) {
  EXPECT_EQ(text("\x1B$B;3\rPID|1\x1B$B;3\nNK1|", Charset::iso_2022_jp),
            "\u5C71\rPID|1\u5C71\nNK1|");
  EXPECT_EQ(text("\x1B-A\xE9\r\xD4", Charset::iso_2022_jp), "\u00E9\r\uFF94");
}

TEST(ToUtf8, Iso2022SurvivesDamage) {
  Decoded const cut = decode("\x1B$B;\rPID|\x1BZ|\x80", Charset::iso_2022_jp);
  EXPECT_EQ(cut.text, "\uFFFD\rPID|\uFFFDZ|\uFFFD");
  EXPECT_EQ(cut.replaced, 3u);
  EXPECT_EQ(decode("\x1B$B; 3\x1B", Charset::iso_2022_jp).text, "\uFFFD \uFFFD\uFFFD");
}

TEST(ToUtf8, WideTextInEitherByteOrder) {
  EXPECT_EQ(text("M\0S\0H\0"sv, Charset::utf_16), "MSH");
  EXPECT_EQ(text("\0M\0S\0H"sv, Charset::utf_16), "MSH");
  EXPECT_EQ(text("\xFF\xFEq\x5C\x42\xD8\xB7\xDF"sv, Charset::utf_16), "\u5C71\U00020BB7");
  EXPECT_EQ(text("\xFE\xFF\x5C\x71"sv, Charset::utf_16), "\u5C71");
  EXPECT_EQ(text("\xFF\xFE\0\0M\0\0\0"sv, Charset::utf_32), "M");
  EXPECT_EQ(text("\0\0\0M\0\x02\x0B\xB7"sv, Charset::utf_32), "M\U00020BB7");
  EXPECT_EQ(decode("M\0S"sv, Charset::utf_16).text, "M\uFFFD");
}

TEST(ChooseCharset, BelievesTheBytesBeforeMsh18) {
  EXPECT_EQ(choose("M\xC3\xBCller", "8859/1"), Charset::utf8);
  EXPECT_EQ(choose("M\xFCller", "8859/1"), Charset::windows_1252);
  EXPECT_EQ(choose("M\xFCller", ""), Charset::windows_1252);
  EXPECT_EQ(choose("M\xFCller", "UNICODE UTF-8"), Charset::windows_1252);
  EXPECT_EQ(choose("M\xFCller", "ISO IR 999"), Charset::windows_1252);
  EXPECT_EQ(choose("Muller", "ISO IR 999"), Charset::utf8);
  EXPECT_EQ(choose("Muller", "8859/5"), Charset::iso_8859_5);
  EXPECT_EQ(choose("\xE5\xB1\xB1", "ISO IR87"), Charset::utf8);
  EXPECT_EQ(choose("\x1B$B;3\x1B(B", ""), Charset::iso_2022_jp);
  EXPECT_EQ(choose("\x1B(s3B bold", ""), Charset::utf8);
  EXPECT_EQ(choose("MSH", "UNICODE UTF-16"), Charset::utf8);
}

TEST(ChooseCharset, ACutCharacterDoesNotTurnUtf8IntoAnotherSet) {
  EXPECT_EQ(choose("M\xC3\xBCller \xE5\xB1\xB1 \xE5", ""), Charset::utf8);
  EXPECT_EQ(choose("\xFC\xE4 \xC3\xBC", ""), Charset::windows_1252);
}

TEST(ChooseCharset, PairsThatLookLikeUtf8DoNotOutvoteAnEastAsianSet) {
  EXPECT_EQ(choose("\xC7\xBF", "GB 18030-2000"), Charset::gb_18030);
  EXPECT_EQ(choose("\xE5\xB1\xB1\xE7\x94\xB0", "GB 18030-2000"), Charset::utf8);
  EXPECT_EQ(choose("\xCD\xF5", "GB 18030-2000"), Charset::gb_18030);
}

TEST(ChooseCharset, SniffsWideText) {
  EXPECT_EQ(choose("\xFF\xFEM\0"sv, ""), Charset::utf_16);
  EXPECT_EQ(choose("M\0S\0H\0"sv, ""), Charset::utf_16);
  EXPECT_EQ(choose("\0M\0S\0H"sv, ""), Charset::utf_16);
  EXPECT_EQ(choose("\xFF\xFE\0\0"sv, ""), Charset::utf_32);
  EXPECT_EQ(choose("M\0\0\0S\0\0\0"sv, ""), Charset::utf_32);
  EXPECT_EQ(choose("\0\0\0M"sv, ""), Charset::utf_32);
  EXPECT_EQ(choose("\0\0\0\0"sv, ""), Charset::utf8);
}

TEST(ChooseCharset, FollowsThePolicy) {
  CharsetPolicy declared;
  declared.source = Source::declared;
  EXPECT_EQ(choose("M\xC3\xBCller", "8859/1", declared), Charset::windows_1252);
  EXPECT_EQ(choose("M\xFCller", "", declared), Charset::utf8);
  declared.fallback = Charset::iso_8859_2;
  EXPECT_EQ(choose("M\xFCller", "ISO IR 999", declared), Charset::iso_8859_2);
  CharsetPolicy fixed;
  fixed.source = Source::fixed;
  fixed.fixed = Charset::euc_kr;
  EXPECT_EQ(choose("M\xC3\xBCller", "8859/1", fixed), Charset::euc_kr);
  CharsetPolicy fallback;
  fallback.fallback = Charset::shift_jis;
  EXPECT_EQ(choose("\x83\x5C", "", fallback), Charset::shift_jis);
}

TEST(ChooseCharset, RefusesUnknownNamesIfAsked) {
  CharsetPolicy policy;
  policy.on_error = OnError::error;
  std::string_view const message = "MSH|^~\\&|ISO IR 999";
  EXPECT_EQ(choose_charset(message, message.substr(9), '~', policy).error(),
            (Error{ErrorCode::unknown_charset, 9}));
  EXPECT_EQ(choose_charset(message, "elsewhere", '~', policy).error(),
            (Error{ErrorCode::unknown_charset, 0}));
  EXPECT_EQ(choose("M\xFCller", "UNICODE UTF-8", policy), Charset::utf8);
  EXPECT_EQ(choose("M\xFCller", "", policy), Charset::windows_1252);
}

TEST(ToUtf8, ThreadsShareNothing) {
  std::vector<std::thread> threads;
  std::array<std::size_t, 4> wrong{};
  for (std::size_t& mine : wrong) {
    threads.emplace_back([&mine] {
      for (int round = 0; round < 200; ++round) {
        mine += decode("\x83\x5C", Charset::shift_jis).text != "\u30BD";
        mine += decode("\x1B$B;3", Charset::iso_2022_jp).text != "\u5C71";
        mine += decode("\xB1", Charset::iso_8859_2).text != "\u0105";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, (std::array<std::size_t, 4>{}));
}

TEST(ToUtf8, RandomBytesAlwaysBecomeUtf8) {
  std::mt19937 random(18);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes(random() % 80, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? random() % 128 : random());
    for (Charset const charset : all_charsets) {
      Decoded const decoded = decode(bytes, charset);
      ASSERT_EQ(decoded.error.code, ErrorCode::none);
      ASSERT_TRUE(is_utf8(decoded.text)) << name(charset);
      Decoded const strict = decode(bytes, charset, OnError::error);
      ASSERT_EQ(strict.error.code != ErrorCode::none, decoded.replaced > 0) << name(charset);
      ASSERT_LE(strict.error.offset, bytes.size());
    }
  }
}

TEST(CharsetOffset, IsThatOfTheCharacterInTheBytes) {
  EXPECT_EQ(offset_before_utf8("a\xfc|b", Charset::windows_1252, 3), 2u);
  EXPECT_EQ(offset_before_utf8("a\xfc|b", Charset::windows_1252, 1), 1u);
  EXPECT_EQ(offset_before_utf8("a\xfc|b", Charset::windows_1252, 2), 1u) << "within a character";
  EXPECT_EQ(offset_before_utf8("\x1b$B0l\x1b(B|b", Charset::iso_2022_jp, 3), 5u)
      << "with the shift before it";
  EXPECT_EQ(offset_before_utf8("abc", Charset::utf8, 2), 2u);
  EXPECT_EQ(offset_before_utf8("\xff|c", Charset::utf8, 3), 1u) << "behind U+FFFD";
  EXPECT_EQ(offset_before_utf8("\xff|", Charset::utf8, 99), 2u);
}

}  // namespace
}  // namespace hl7flow

/// The C library loads iconv's modules with dlopen() and closes them, under a lock of its own that
/// ThreadSanitizer does not see; it asks programs for such exceptions by this name.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:_dl_close_worker\n"; }
