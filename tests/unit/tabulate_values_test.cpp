// What becomes of single values: types, their text where a type does not hold it, deletion,
// repetitions, escapes; and of the messages that are rejected.

#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::Outcome;
using test::Row;
using Values = std::vector<std::string>;

const std::string header = "MSH|^~\\&|A|B|C|D|20240131||ORU^R01|1|P|2.5\r";

Outcome observed(const std::string& segments) {
  return test::run_text(header + "PID|1||42\rOBR|1|P|F|X\r" + segments);
}
Row observation(const std::string& type, const std::string& value) {
  auto const outcome = observed("OBX|1|" + type + "|c||" + value + "\r");
  return outcome.rows.at("observations").at(0);
}
std::string get(const Row& row, const std::string& column) {
  return row.contains(column) ? row.at(column) : "NULL";
}

TEST(TabulateValues, Numbers) {
  Row const number = observation("NM", "98.60");
  EXPECT_EQ(get(number, "value"), "98.60") << "the digits as sent";
  EXPECT_EQ(get(number, "value_number"), "98.600000");
  EXPECT_EQ(get(number, "value_number_text"), "NULL");
  for (const char* const text : {"<5", "1,000", "POS", "1e3"}) {
    Row const odd = observation("NM", text);
    EXPECT_EQ(get(odd, "value"), text);
    EXPECT_EQ(get(odd, "value_number"), "NULL") << text;
    EXPECT_EQ(get(odd, "value_number_text"), text);
  }
  Row const repeated = observation("NM", "5~6");
  EXPECT_EQ(get(repeated, "value_number"), "5.000000") << "the first repetition, as any path reads";
  EXPECT_EQ(get(repeated, "value"), "5~6") << "all of them";
  EXPECT_EQ(get(observation("NM", "98^"), "value_number"), "98.000000") << "an empty component";
  EXPECT_EQ(get(observation("ST", "98.6"), "value_number"), "NULL") << "only where OBX-2 says so";
  EXPECT_EQ(observed("OBX|1|NM|c||<5\rOBX|2|NM|c||6\r").account.untyped_values, 1u);
}

TEST(TabulateValues, Text) {
  EXPECT_EQ(get(observation("ST", "plain"), "value"), "plain");
  EXPECT_EQ(get(observation("TX", "one~two~~four"), "value"), "one~two~~four")
      << "all repetitions as sent";
  EXPECT_EQ(get(observation("FT", "a\\.br\\b \\T\\ c"), "value"), "a\nb & c");
  EXPECT_EQ(get(observation("", "x^y"), "value"), "x^y") << "without a type";
  std::string const text(100'000, 'x');
  EXPECT_EQ(get(observation("TX", text), "value"), text);
}

TEST(TabulateValues, Codes) {
  for (const char* const type : {"CE", "CWE", "CNE", "CF"}) {
    Row const coded = observation(type, "260373001^Detected^SCT^D^x^L");
    EXPECT_EQ(get(coded, "value"), "260373001^Detected^SCT^D^x^L");
    EXPECT_EQ(get(coded, "value_code"), "260373001") << type;
    EXPECT_EQ(get(coded, "value_code_name"), "Detected");
    EXPECT_EQ(get(coded, "value_code_system"), "SCT");
  }
  Row const plain = observation("IS", "M");
  EXPECT_EQ(get(plain, "value_code"), "M");
  EXPECT_EQ(get(plain, "value_code_name"), "NULL");
  EXPECT_EQ(get(observation("ST", "a^b"), "value_code"), "NULL");
}

TEST(TabulateValues, StructuredNumbers) {
  Row const above = observation("SN", ">^100");
  EXPECT_EQ(get(above, "value_comparator"), ">");
  EXPECT_EQ(get(above, "value_low"), "100.000000");
  EXPECT_EQ(get(above, "value_separator"), "NULL");
  EXPECT_EQ(get(above, "value_high"), "NULL");
  Row const ratio = observation("SN", "^1^:^128");
  EXPECT_EQ(get(ratio, "value_comparator"), "NULL");
  EXPECT_EQ(get(ratio, "value_separator"), ":");
  EXPECT_EQ(get(ratio, "value_high"), "128.000000");
  EXPECT_EQ(get(observation("SN", "^neg"), "value_low_text"), "neg");
}

TEST(TabulateValues, Times) {
  EXPECT_EQ(get(observation("DT", "20240229"), "value_time"), "1709164800000000");
  EXPECT_EQ(get(observation("DT", "20240229"), "value_time_text"), "20240229")
      << "a day says less than a time";
  EXPECT_EQ(get(observation("TS", "202402290830-0500"), "value_time"), "1709213400000000");
  EXPECT_EQ(get(observation("TS", "202402290830-0500"), "value_time_text"), "NULL");
  EXPECT_EQ(get(observation("DTM", "20240229083015.25"), "value_time"), "1709195415250000");
  Row const impossible = observation("DTM", "20230229");
  EXPECT_EQ(get(impossible, "value_time"), "NULL");
  EXPECT_EQ(get(impossible, "value_time_text"), "20230229");
  EXPECT_EQ(get(observation("TM", "0830"), "value_time"), "NULL") << "a time of no day";
  EXPECT_EQ(get(observation("TM", "0830"), "value"), "0830");
}

TEST(TabulateValues, EmbeddedDocumentsAreLeftOut) {
  EXPECT_EQ(get(observation("ED", "^AP^PDF^Base64^QUJD"), "value"), "NULL");
  EXPECT_EQ(get(observation("ED", "^AP^PDF^Base64^QUJD"), "value_type"), "ED");
  EXPECT_EQ(get(observation("RP", "http://x^Y"), "value"), "NULL");
}

TEST(TabulateValues, DatesOfBirth) {
  auto const outcome =
      test::run_text(header + "PID|1||1||||19840229\rPID|2||2||||1984\rPID|3||3||||198402290830\r" +
                     "PID|4||4||||unknown\rPID|5||5||||\"\"\rPID|6||6\r");
  EXPECT_EQ(outcome.column("patients", "birth_date"),
            (Values{"5172", "5113", "5172", "NULL", "NULL", "NULL"}));
  EXPECT_EQ(outcome.column("patients", "birth_date_text").at(1), "1984");
  EXPECT_EQ(outcome.column("patients", "birth_date_text").at(2), "NULL");
  EXPECT_EQ(outcome.column("patients", "birth_date_text").at(3), "unknown");
  EXPECT_EQ(outcome.column("patients", "birth_date_text").at(5), "NULL");
  EXPECT_EQ(outcome.account.untyped_values, 1u) << "a deletion is no fault";
}

TEST(TabulateValues, DeletionIsAnEmptyTextAndAbsenceIsNull) {
  auto const outcome = test::run_text(
      header + "PID|1||1||\"\"^Jo||\"\"\rPID|2||2||^Jo||\rPID|3||3||\"\"\"^Jo\rPID|4||4\r");
  EXPECT_EQ(outcome.column("patients", "family_name"), (Values{"", "NULL", "\"\"\"", "NULL"}));
  EXPECT_EQ(outcome.column("patients", "birth_date"), (Values{"NULL", "NULL", "NULL", "NULL"}));
  EXPECT_EQ(outcome.column("patients", "birth_date_text"), (Values{"", "NULL", "NULL", "NULL"}));
}

TEST(TabulateValues, TheFirstPathWithTextCounts) {
  auto const outcome =
      test::run_text(header +
                     "PID|1||a^^^H^XX~b^^^H^PI~c^^^H^MR\rPID|2||a^^^H^XX~b^^^H^PI\r"
                     "PID|3||a^^^H^XX~b\rPID|4|old^^^O\rPID|5\r");
  EXPECT_EQ(outcome.column("patients", "patient_id"), (Values{"c", "b", "a", "old", "NULL"}));
  EXPECT_EQ(outcome.column("patients", "assigning_authority"),
            (Values{"H", "H", "H", "O", "NULL"}));
}

TEST(TabulateValues, FirstRepetitionComponentAndSubcomponent) {
  auto const outcome =
      test::run_text(header + "PID|1||1||Doe&van&Doe^Jo&x~Smith^Al||||||1 Elm&Elm&1^^A~2 Oak^^B\r");
  EXPECT_EQ(outcome.column("patients", "family_name"), Values{"Doe"});
  EXPECT_EQ(outcome.column("patients", "given_name"), Values{"Jo&x"})
      << "a component that is not asked for its parts comes whole";
  EXPECT_EQ(outcome.column("patients", "street"), Values{"1 Elm"});
  EXPECT_EQ(outcome.column("patients", "city"), Values{"A"});
}

TEST(TabulateValues, EachMessageHasItsOwnDelimiters) {
  auto const outcome = test::run_text(header + "PID|1||1||Doe^Jo\r" +
                                      "MSH#$%!*#A#B#C#D#20240131##ADT$A08#1#P#2.5\r"
                                      "PID#1##2%3##D|o^e*x$J!T!o\r" +
                                      header + "PID|1||4||Roe\r");
  EXPECT_EQ(outcome.column("patients", "family_name"), (Values{"Doe", "D|o^e", "Roe"}));
  EXPECT_EQ(outcome.column("patients", "given_name"), (Values{"Jo", "J*o", "NULL"}));
  EXPECT_EQ(outcome.column("patients", "patient_id"), (Values{"1", "2", "4"}));
}

TEST(TabulateValues, CharacterSetsBecomeUtf8) {
  auto const outcome = test::run_text(
      "MSH|^~\\&|A|B|C|D|20240131||ADT^A08|1|P|2.5||||||8859/1\rPID|1||1||M\xfcller\r" + header +
      "PID|1||2||M\xc3\xbcller\r");
  EXPECT_EQ(outcome.column("patients", "family_name"), (Values{"M\xc3\xbcller", "M\xc3\xbcller"}));
  EXPECT_EQ(outcome.column("messages", "declared_charset"), (Values{"8859/1", "NULL"}));
}

TEST(TabulateValues, EscapesInLongAndShortTexts) {
  auto const outcome = test::run_text(
      header +
      "PID|1||1||O\\T\\M||||||\\F\\ long street name that does not lie in the view \\S\\\r");
  EXPECT_EQ(outcome.column("patients", "family_name"), Values{"O&M"});
  EXPECT_EQ(outcome.column("patients", "street"),
            Values{"| long street name that does not lie in the view ^"});
}

TEST(TabulateRejects, BytesPlaceCodeAndReason) {
  std::string const good = header + "PID|1||1\r";
  std::string const headless = "PID|1||2\rPV1|1\r\r";
  std::string const bad = "MSH|^^\\&|A\rPID|1||3\r";
  auto const outcome = test::run_text(headless + good + bad + good);
  EXPECT_EQ(outcome.rows.at("messages").size(), 2u);
  auto const& rejects = outcome.rows.at("rejects");
  ASSERT_EQ(rejects.size(), 2u);
  EXPECT_EQ(rejects[0].at("code"), "no_header");
  EXPECT_EQ(rejects[0].at("reason"), std::string(describe(ErrorCode::no_header)));
  EXPECT_EQ(rejects[0].at("raw"), headless.substr(0, headless.size() - 1));
  EXPECT_EQ(rejects[0].at("offset"), "0");
  EXPECT_EQ(rejects[1].at("code"), "bad_delimiters");
  EXPECT_EQ(rejects[1].at("raw"), bad);
  EXPECT_EQ(rejects[1].at("offset"), std::to_string(headless.size() + good.size()));
  EXPECT_EQ(rejects[1].at("size"), std::to_string(bad.size()));
  EXPECT_EQ(rejects[1].at("position"), "5");
  EXPECT_EQ(rejects[1].at("input"), "text");
  EXPECT_EQ(rejects[1].at("message_id").size(), outcome.column("messages", "message_id")[0].size());
  EXPECT_EQ(outcome.account.rejects,
            (std::map<std::string, std::uint64_t>{{"bad_delimiters", 1}, {"no_header", 1}}));
}

TEST(TabulateRejects, AMessageOfAStageHasNoOtherRows) {
  auto const stages = test::StageList{{"parse", test::settings({})},
                                      {"filter", test::settings({{"where", "PID-3.1=1"}})},
                                      {"tabulate", test::settings({})}};
  auto const outcome = test::run_text(header + "PID|1||1\r" + header + "PID|1||2\r", stages);
  EXPECT_EQ(outcome.column("patients", "patient_id"), Values{"1"});
  EXPECT_FALSE(outcome.rows.contains("rejects")) << "filtered messages are not rejected";
  EXPECT_EQ(outcome.account.filtered, 1u);
}

}  // namespace
}  // namespace hl7flow
