// The encoding checklist, lines 21 to 26: data types as real messages have them.

#include <hl7flow/parsers/base64.h>
#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/number.h>
#include <hl7flow/parsers/schema/schema.h>
#include <hl7flow/parsers/structured_numeric.h>
#include <hl7flow/parsers/types/encapsulated.h>

#include "tests/unit/checklist.h"
#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::header;

FieldView field(std::string_view text) { return {text, Delimiters{}}; }

std::string results(const std::string& segments) { return header() + "OBR|1\r" + segments; }

TEST(Checklist, L21_TimesHaveAnyPrecisionAndPerhapsAZone) {
  struct {
    const char* text;
    Precision precision;
    bool zoned;
  } const cases[] = {
      {"2024", Precision::year, false},
      {"202401", Precision::month, false},
      {"20240131", Precision::day, false},
      {"2024013110", Precision::hour, false},
      {"202401311000", Precision::minute, false},
      {"20240131100000", Precision::second, false},
      {"20240131100000.1234", Precision::fraction, false},
      {"2024+0100", Precision::year, true},
      {"202401311000-0500", Precision::minute, true},
      {"20240131100000.5+0000", Precision::fraction, true},
  };
  for (auto const& [text, precision, zoned] : cases) {
    auto const time = parse_datetime(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(time->precision, precision) << text;
    EXPECT_EQ(time->zone_minutes.has_value(), zoned) << text;
  }
  for (const char* const text : {"2024-01-31T10:00", "99/99/9999", "20240131100000123", "202",
                                 "20240131240000", "20240131100060"})
    EXPECT_FALSE(parse_datetime(text)) << text;
}

TEST(Checklist, L21_TheZoneOfMsh7IsTheDefault) {
  auto const observed = [](const std::string& msh_7, const std::string& obx_14) {
    auto const outcome =
        test::run_text("MSH|^~\\&|A|B|C|D|" + msh_7 + "||ORU^R01|1|P|2.5\rOBR|1\rOBX|1|ST|c||v" +
                       std::string(9, '|') + obx_14 + "\r");
    return outcome.column("observations", "observed_at").at(0);
  };
  std::string const ten_utc = "1706695200000000";  // 2024-01-31 10:00 UTC
  EXPECT_EQ(observed("20240131100000", "20240131100000"), ten_utc);
  EXPECT_EQ(observed("20240131110000+0100", "20240131110000"), ten_utc);
  EXPECT_EQ(observed("20240131110000+0100", "20240131100000+0000"), ten_utc);
  EXPECT_EQ(observed("20240131+0100", "202401310500-0500"), ten_utc);
}

TEST(Checklist, L22_TheComparatorOfAnSnIsEqualByDefault) {
  auto const plain = read_structured_numeric(field("^100"));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->comparator, StructuredNumeric::Comparator::equal);
  auto const range = read_structured_numeric(field("^100^-^200"));
  ASSERT_TRUE(range);
  EXPECT_EQ(range->comparator, StructuredNumeric::Comparator::equal);
  EXPECT_EQ(range->separator, StructuredNumeric::Separator::range) << "both ends included";
  EXPECT_EQ(range->number_1, 100);
  EXPECT_EQ(range->number_2, 200);
  EXPECT_EQ(read_structured_numeric(field("^1^:^128"))->separator,
            StructuredNumeric::Separator::ratio);
  EXPECT_EQ(read_structured_numeric(field("^2^+"))->separator, StructuredNumeric::Separator::plus);
  auto const outcome =
      test::run_text(results("OBX|1|SN|c||^100^-^200\rOBX|2|SN|c||>^5\rOBX|3|SN|c||^1^:^128\r"));
  EXPECT_EQ(outcome.column("observations", "value_low"),
            (std::vector<std::string>{"100.000000", "5.000000", "1.000000"}));
  EXPECT_EQ(outcome.column("observations", "value_high"),
            (std::vector<std::string>{"200.000000", "NULL", "128.000000"}));
  EXPECT_EQ(outcome.column("observations", "value_comparator"),
            (std::vector<std::string>{"NULL", ">", "NULL"}));
}

TEST(Checklist, L23_NumbersHaveNoExponentAndKeepTheirText) {
  EXPECT_FALSE(parse_double("1e5"));
  EXPECT_FALSE(parse_double("1E-3"));
  EXPECT_FALSE(parse_double("<10"));
  EXPECT_TRUE(parse_double("-012.50"));
  auto const decimal = parse_decimal("1.00");
  ASSERT_TRUE(decimal);
  EXPECT_EQ(decimal->unscaled, 100);
  EXPECT_EQ(decimal->scale, 2) << "how precisely it was measured";
  auto const outcome = test::run_text(
      results("OBX|1|NM|c||1.00\rOBX|2|NM|c||1e5\rOBX|3|NM|c||<10\rOBX|4|NM|c||+7\r"));
  EXPECT_EQ(outcome.column("observations", "value_number"),
            (std::vector<std::string>{"1.000000", "NULL", "NULL", "7.000000"}));
  EXPECT_EQ(outcome.column("observations", "value"),
            (std::vector<std::string>{"1.00", "1e5", "<10", "+7"}));
  EXPECT_EQ(outcome.column("observations", "value_number_text"),
            (std::vector<std::string>{"NULL", "1e5", "<10", "NULL"}));
  EXPECT_EQ(outcome.account.untyped_values, 2u);
}

TEST(Checklist, L24_Obx2TypesObx5) {
  auto const outcome =
      test::run_text(results("OBX|1|NM|a||5.4\r"
                             "OBX|2|CWE^^HL70125|b||260385009^Negative^SCT\r"
                             "OBX|3||c||no type\r"
                             "OBX|4|CE|d||1^One^L~2^Two^L\r"
                             "OBX|5|DT|e||20240131\r"
                             "OBX|6|foo|f||5.4\r"
                             "OBX|7|NM|g||1~2\r"));
  EXPECT_EQ(outcome.column("observations", "value_type"),
            (std::vector<std::string>{"NM", "CWE", "NULL", "CE", "DT", "foo", "NM"}));
  EXPECT_EQ(
      outcome.column("observations", "value_number"),
      (std::vector<std::string>{"5.400000", "NULL", "NULL", "NULL", "NULL", "NULL", "1.000000"}));
  EXPECT_EQ(outcome.column("observations", "value_code"),
            (std::vector<std::string>{"NULL", "260385009", "NULL", "1", "NULL", "NULL", "NULL"}));
  EXPECT_EQ(outcome.column("observations", "value"),
            (std::vector<std::string>{"5.4", "260385009^Negative^SCT", "no type", "1^One^L~2^Two^L",
                                      "20240131", "5.4", "1~2"}))
      << "all repetitions, whatever the type";
}

TEST(Checklist, L25_EncapsulatedDataIsSplitThenUnescapedThenDecoded) {
  // "%PDF|1", whose Base64 holds no delimiter, broken into lines as senders break it.
  std::string const text = results("OBX|1|ED|c||LAB^AP^PDF^Base64^JVBE\\.br\\Rnwx\\X0D0A\\\r");
  Er7Parser parser;
  auto const message = parser.parse(text);
  ASSERT_TRUE(message);
  auto const ed = types::read_ed(message->segment(2).field(5));
  EXPECT_EQ(ed.encoding, types::Ed::Encoding::base64);
  Buffer<char> scratch, bytes;
  auto const unescaped = unescape(ed.data.raw(), message->delimiters(), message->entry().charset,
                                  EscapePolicy::decode, scratch);
  ASSERT_TRUE(unescaped);
  ASSERT_TRUE(decode_base64(*unescaped, bytes));
  EXPECT_EQ(std::string(bytes.data(), bytes.size()), "%PDF|1");
}

TEST(Checklist, L25_AMimePackageIsText) {
  Buffer<char> scratch;
  auto const ed = types::read_ed(
      field("^multipart^-hl7-cda-level-one^A^MIME-Version: 1.0\\X0D0A\\Content-Type: x"));
  EXPECT_TRUE(ed.is_mime_package());
  EXPECT_EQ(ed.encoding, types::Ed::Encoding::none);
  auto const text =
      unescape(ed.data.raw(), Delimiters{}, Charset::utf8, EscapePolicy::decode, scratch);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "MIME-Version: 1.0\nContent-Type: x");
}

TEST(Checklist, L26_AMissingStructureComesFromTheEventMap) {
  using schema::Version;
  struct {
    Version version;
    const char* code;
    const char* trigger;
    const char* structure;
  } const cases[] = {
      {Version::v2_5_1, "ADT", "A04", "ADT_A01"}, {Version::v2_5_1, "ADT", "A08", "ADT_A01"},
      {Version::v2_5_1, "ADT", "A31", "ADT_A05"}, {Version::v2_5_1, "ADT", "A40", "ADT_A39"},
      {Version::v2_3, "ADT", "A08", "ADT_A01"},   {Version::v2_5_1, "SIU", "S14", "SIU_S12"},
      {Version::v2_5_1, "ORU", "R01", "ORU_R01"}, {Version::v2_7, "ORM", "O01", "ORM_O01"},
  };
  for (auto const& [version, code, trigger, structure] : cases) {
    auto const* const found = schema::find_structure(version, code, trigger, "");
    ASSERT_NE(found, nullptr) << code << trigger;
    EXPECT_EQ(found->name(), structure) << code << trigger;
  }
  EXPECT_EQ(schema::find_structure(Version::v2_5_1, "ZZZ", "Z99", ""), nullptr);
}

TEST(Checklist, L26_RowsDoNotDependOnIt) {
  auto const rows = [](const std::string& type, const std::string& version) {
    return test::run_text("MSH|^~\\&|A|B|C|D|20240131||" + type + "|1|P|" + version +
                          "\rPID|1||42\rORC|RE|1\rOBR|1|1||A\rOBX|1|ST|a||v\rORC|RE|2\rOBR|2|2||B"
                          "\rOBX|1|ST|b||w\r")
        .column("observations", "placer_order_number");
  };
  std::vector<std::string> const expected = {"1", "2"};
  EXPECT_EQ(rows("ORU^R01^ORU_R01", "2.5.1"), expected);
  EXPECT_EQ(rows("ORU^R01", "2.5.1"), expected);
  EXPECT_EQ(rows("ORU", ""), expected) << "unknown types and versions never fail";
  EXPECT_EQ(rows("ZZZ^Z99^ZZZ_Z99", "9.9"), expected);
}

}  // namespace
}  // namespace hl7flow
