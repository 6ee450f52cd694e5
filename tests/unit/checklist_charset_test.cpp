// The encoding checklist, lines 18 to 20: character sets by MSH-18, and delimiters that are none.

#include <hl7flow/parsers/charset.h>

#include "tests/property/indexed.h"
#include "tests/unit/checklist.h"
#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::header;
using test::value_at;

/// A message whose PID-5 is `name`, in bytes of the set that MSH-18 declares.
std::string message(std::string_view msh_18, std::string_view name) {
  return header("2.5.1", msh_18) + "PID|1||42||" + std::string(name) + "^G\r";
}

TEST(Checklist, L18_AnEmptyFirstRepetitionIsAscii) {
  EXPECT_EQ(charset_of_message("~ISO IR87", '~'), Charset::iso_2022_jp);
  EXPECT_EQ(charset_of_message("", '~'), Charset::utf8);
  EXPECT_EQ(charset_of_message("~", '~'), Charset::utf8);
  EXPECT_EQ(charset_of_message("ASCII~8859/2", '~'), Charset::iso_8859_2);
  // Until an escape sequence of ISO 2022 says otherwise, bytes are ASCII.
  std::string const text = message("~ISO IR87", "Yamada \x1b$B;3ED\x1b(B");
  EXPECT_EQ(value_at(text, "PID-5.1"), "Yamada \u5c71\u7530");
  EXPECT_EQ(value_at(text, "PID-5.2"), "G");
  EXPECT_EQ(value_at(message("~ISO IR87", "Smith"), "PID-5.1"), "Smith");
}

TEST(Checklist, L19_TrailBytesMayEqualDelimiters) {
  struct {
    const char* msh_18;
    const char* bytes;  // each with a trail byte that is a delimiter of HL7
    const char* text;
  } const cases[] = {
      {"BIG-5", "\xa5\x5c", "\u529f"},                       // a backslash
      {"BIG-5", "\xa4\x7c", "\u5f0b"},                       // |
      {"BIG-5", "\xa4\x5e", "\u4e5e"},                       // ^
      {"BIG-5", "\xa4\x7e\xa5\x5c", "\u624d\u529f"},         // ~
      {"GB 18030-2000", "\x81\x5c", "\u4e57"},               //
      {"GB 18030-2000", "\x82\x7c", "\u5008"},               //
      {"GB18030-2000", "\x81\x5e\x81\x7e", "\u4e5b\u4e8a"},  // an alias
      {"SHIFT-JIS", "\x83\x5c", "\u30bd"},                   //
      {"SHIFT-JIS", "\x83\x7c\x83\x5e", "\u30dd\u30bf"},     //
      {"~ISO IR87", "\x1b$B0|0^\x1b(B", "\u6deb\u7def"},     // double bytes that are delimiters
  };
  for (auto const& [msh_18, bytes, text] : cases) {
    std::string const whole = message(msh_18, bytes);
    EXPECT_EQ(value_at(whole, "PID-5.1"), text) << msh_18;
    EXPECT_EQ(value_at(whole, "PID-5.2"), "G") << msh_18;
    EXPECT_EQ(value_at(whole, "PID-6"), "") << msh_18;
  }
}

TEST(Checklist, L19_InTablesAndBatchesToo) {
  std::string const big5 = message("BIG-5", "\xa5\x5c\xa4\x7c");
  std::string const plain = message("", "Smith");
  auto const outcome = test::run_text(plain + big5 + plain);
  EXPECT_EQ(outcome.column("patients", "family_name"),
            (std::vector<std::string>{"Smith", "\u529f\u5f0b", "Smith"}));
  EXPECT_EQ(outcome.column("patients", "given_name"), (std::vector<std::string>{"G", "G", "G"}));
  EXPECT_EQ(outcome.column("messages", "charset"),
            (std::vector<std::string>{"utf-8", "big5", "utf-8"}));
  EXPECT_EQ(outcome.account.unknown_escapes, 0u);
}

TEST(Checklist, L20_AliasesOfMsh18) {
  for (const char* const name :
       {"UTF-8", "UTF8", "utf-8", "UNICODE UTF-8", "UNICODE  UTF-8", "ASCII", "ISO IR6", ""})
    EXPECT_EQ(charset_from_name(name), Charset::utf8) << name;
  for (const char* const name : {"ISO IR87", "ISOIR87", "iso ir87", "ISO-IR87"})
    EXPECT_EQ(charset_from_name(name), Charset::iso_2022_jp) << name;
  EXPECT_EQ(charset_from_name("GB18030-2000"), Charset::gb_18030);
  EXPECT_EQ(charset_from_name("8859/1"), Charset::windows_1252);
  EXPECT_EQ(charset_of_message("UTF-8~UNICODE", '~'), Charset::utf8);
  EXPECT_EQ(charset_from_name("ISO IR 999"), Charset::unknown);
  EXPECT_EQ(value_at(message("UTF-8", "\xc3\xa9"), "PID-5.1"), "\u00e9");
}

TEST(Checklist, L20_ChineseCns11643IsNotThai) {
  EXPECT_EQ(charset_from_name("CNS 11643-1992"), Charset::euc_tw);
  EXPECT_EQ(value_at(message("CNS 11643-1992", "\xc4\xe3"), "PID-5.1"), "\u4e2d");
}

TEST(Checklist, L20_TheBytesOutvoteADeclarationThatTheyContradict) {
  EXPECT_EQ(value_at(message("8859/1", "M\xc3\xbcller"), "PID-5.1"), "M\u00fcller");
  EXPECT_EQ(value_at(message("UNICODE UTF-8", "M\xfcller"), "PID-5.1"), "M\u00fcller");
  EXPECT_EQ(value_at(message("", "M\xfcller"), "PID-5.1"), "M\u00fcller");
  Er7Options declared;
  declared.charset.source = CharsetPolicy::Source::declared;
  EXPECT_EQ(value_at(message("8859/1", "M\xc3\xbcller"), "PID-5.1", declared), "M\u00c3\u00bcller");
  Er7Options strict;
  strict.charset.on_error = CharsetPolicy::OnError::error;
  EXPECT_EQ(value_at(message("ISO IR 999", "x"), "PID-5.1", strict), "(error)");
}

}  // namespace
}  // namespace hl7flow
