// Lists of patients in every format: the same people, whatever they are written in.

#include <algorithm>
#include <fstream>

#include "tests/e2e/match_lists.h"

namespace hl7flow::testing {
namespace {

class MatchFormats : public MatchLists {
 protected:
  void SetUp() override {
    MatchLists::SetUp();
    std::string csv =
        "record_id,given_name,family_name,birth_date,sex,street,city,postal_code,"
        "phone,social_security_number\n";
    std::string ndjson, hl7;
    for (int k = 0; k < 40; ++k)
      for (const char* const which : {"a", "b"}) {
        Person one = person(k);
        if (*which == 'b' && k % 2 == 1) one.city += "x";
        std::string const id = one.number + which, phone = std::to_string(5550100 + k),
                          number = std::to_string(120450000 + k * 7919), zip = "0" + number,
                          sex = k % 3 == 0 ? "F" : "M";
        // A few fields are missing.
        std::string const street = k % 5 == 0 ? "" : std::to_string(k) + " O'Hara & Sons St";
        csv += id + "," + one.given + "," + one.family + "," + one.born + "," + sex + "," + street +
               "," + one.city + "," + zip + "," + phone + "," + number + "\n";
        ndjson += "{\"record_id\": \"" + id + "\", \"family_name\": \"" + one.family +
                  "\", \"given_name\": \"" + one.given + "\", \"birth_date\": \"" + one.born +
                  "\", \"sex\": \"" + sex + "\", " +
                  (street.empty() ? "\"street\": null, " : "\"street\": \"" + street + "\", ") +
                  "\"city\": \"" + one.city + "\", \"postal_code\": \"" + zip +
                  "\", \"phone\": " + phone + ", \"social_security_number\": " + number +
                  ", \"tags\": [\"x\"]}\n";
        std::string born = one.born;
        std::erase(born, '-');
        std::string escaped = street;
        if (std::size_t const at = escaped.find('&'); at != std::string::npos)
          escaped.replace(at, 1, "\\T\\");
        std::string const sent =
            k % 2 == 0 ? phone : "^PRN^PH^^1^" + phone.substr(0, 3) + "^" + phone.substr(3);
        hl7 += "MSH|^~\\&|A|B|C|D|20260101||ADT^A08|" + id + "|P|2.5\rPID|1||" + id + "^^^^MR||" +
               one.family + "^" + one.given + "||" + born + "|" + sex + "|||" + escaped + "^^" +
               one.city + "^^" + zip + "||" + sent + "||||||" + number + "\r";
      }
    write("people.csv", csv);
    write("people.ndjson", ndjson);
    write("people.hl7", hl7);
  }
  /// The persons and their evidence, as files.
  std::string result(const std::string& file, const std::string& more = "") const {
    Outcome const done = run("match dedupe " + file + " --overwrite --out matched " + more);
    EXPECT_EQ(done.exit, 0) << done.err;
    return read("matched/person_links.csv") + read("matched/pairs.csv") +
           read("matched/persons.csv");
  }
  std::string complaint(const std::string& file, int exit = 78) const {
    Outcome const done = run("match dedupe " + file);
    EXPECT_EQ(done.exit, exit) << done.err;
    return done.err;
  }
};

/// Threads read pieces of a file at the same time.
TEST_F(MatchFormats, PiecesOfAFileAreTheFile) {
  std::string const csv = read("people.csv");
  std::string const expected = result("people.csv", "-j 1");
  for (const char* const threads : {"-j 2", "-j 7"})
    EXPECT_EQ(result("people.csv", threads), expected);
  // Rows without a name are named by their number, blank lines are none.
  std::string unnamed;
  for (std::size_t begin = 0; begin < csv.size();) {
    std::size_t const end = csv.find('\n', begin);
    std::size_t const comma = csv.find(',', begin);
    unnamed += csv.substr(comma + 1, end - comma - 1) + "\r\n\r\n";
    begin = end + 1;
  }
  unnamed.resize(unnamed.size() - 4);
  write("unnamed.csv", unnamed);
  std::string const rows = result("unnamed.csv", "-j 1");
  EXPECT_TRUE(has(rows, "1:80,1:79,1,alike,1:79,\n")) << rows.substr(0, 2000);
  EXPECT_EQ(result("unnamed.csv", "-j 3"), rows);
  write("bad.csv", csv + "lonely\n");
  std::string const complaint_of_one = run("match dedupe bad.csv -j 1").err;
  EXPECT_TRUE(has(complaint_of_one, "line 82: 1 fields")) << complaint_of_one;
  EXPECT_EQ(run("match dedupe bad.csv -j 3").err, complaint_of_one);
}

/// Semicolons, tabs and bars separate, if they do so more often than commas.
TEST_F(MatchFormats, CsvIsWrittenInManyWays) {
  std::string const csv = read("people.csv"), expected = result("people.csv");
  for (char const separator : {';', '\t', '|'}) {
    std::string other = csv;
    std::replace(other.begin(), other.end(), ',', separator);
    write("other.csv", other);
    EXPECT_EQ(result("other.csv", "-j 3"), expected) << separator;
  }
}

TEST_F(MatchFormats, WhatMayBeAMistakeIsSaid) {
  write("nameless.csv", "id,who,dob,phone\n1,abel,1930-01-01,5551\n2,abel,1930-01-01,5551\n");
  EXPECT_TRUE(has(run("match dedupe nameless.csv").err,
                  "nameless.csv has no column that is known to be a name"));
  EXPECT_FALSE(has(run("match dedupe people.csv").err, "known to be a name"));
  write("header.csv", "id,given,family\n");
  EXPECT_TRUE(has(run("match link people.csv header.csv").err, "header.csv holds no records"));
  write("packed.csv", "\x1f\x8b\x08,1\n");
  EXPECT_TRUE(has(complaint("packed.csv"), "packed.csv is compressed"));
  write("wide.csv", std::string("\xff\xfei\0d\0\n\0", 8));
  EXPECT_TRUE(has(complaint("wide.csv"), "wide.csv is UTF-16"));
}

TEST_F(MatchFormats, IdsThatRepeatAreSaid) {
  write("twice.csv", "id,first_name,last_name\n1,anna,berg\n2,otto,wolf\n1,jan,lang\n");
  Outcome const done = run("match dedupe twice.csv");
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(
      has(done.out + done.err, "1 record of twice.csv with an id (id) that an earlier one has"))
      << done.out << done.err;
  EXPECT_FALSE(has(run("match dedupe people.csv").err, "an earlier one"));
}

TEST_F(MatchFormats, AllGiveTheSame) {
  std::string const expected = result("people.csv");
  EXPECT_TRUE(has(expected, "7b,7a,1,alike,7a,\n")) << expected.substr(0, 1000);
  EXPECT_EQ(result("people.ndjson"), expected);
  // A message has all columns of PID; those that nobody fills are neither for nor against.
  EXPECT_EQ(result("people.hl7", "--without name_suffix,other_designation,state,email"), expected);
}

TEST_F(MatchFormats, AreThoseOfConvert) {
  ASSERT_EQ(run("convert people.hl7 --only patients --format parquet --out parquet").exit, 0);
  ASSERT_EQ(run("convert people.hl7 --only patients --format ndjson --out ndjson").exit, 0);
  ASSERT_EQ(run("convert people.hl7 --only patients --format csv --out csv").exit, 0);
  std::string const expected = result("csv/patients/part-00000.csv", "--id patient_id");
  EXPECT_TRUE(has(expected, "7b,7a,1,alike,7a,\n"));
  EXPECT_EQ(result("parquet/patients/part-00000.parquet", "--id patient_id"), expected);
  EXPECT_EQ(result("people.hl7"), expected);
  std::string const links = read("matched/person_links.csv");
  // What is null everywhere is no key there, so no column.
  result("ndjson/patients/part-00000.ndjson", "--id patient_id");
  EXPECT_EQ(read("matched/person_links.csv"), links);
}

TEST_F(MatchFormats, AreNamedWhereTheEndingDoesNot) {
  std::string const expected = result("people.ndjson");
  std::filesystem::copy(folder_ / "people.ndjson", folder_ / "people.txt");
  EXPECT_EQ(result("people.txt", "--input-format ndjson"), expected);
  EXPECT_EQ(run("match dedupe people.txt --input-format xml").exit, 64);
}

TEST_F(MatchFormats, BadNdjsonIsSaid) {
  write("bad.ndjson", "{\"surname\": \"abel\"}\n\n{\"surname\": \"brandt\"\n");
  EXPECT_TRUE(has(complaint("bad.ndjson"), "bad.ndjson, line 3 is not JSON"));
  EXPECT_FALSE(has(complaint("bad.ndjson"), "brandt")) << "no values in errors";
  write("bad.ndjson", "{\"surname\": \"abel\"}\n[1]\n");
  EXPECT_TRUE(has(complaint("bad.ndjson"), "line 2 is no JSON object"));
  write("bad.ndjson", "{\"surname\": \"abel\"}\n{\"surname\": [\"brandt\"]}\n");
  EXPECT_TRUE(has(complaint("bad.ndjson"), "line 2 has a list or an object in column \"surname\""));
  write("bad.ndjson", "\n");
  EXPECT_TRUE(has(complaint("bad.ndjson"), "is empty"));
  write("bad.ndjson", "{\"shoe\": 1}\n{\"shoe\": 2}\n");
  EXPECT_TRUE(has(complaint("bad.ndjson"), "no column that says something of a person"));
  for (const char* const ending : {".csv", ".ndjson", ".parquet"}) {
    std::string const none = std::string("none") + ending;
    EXPECT_TRUE(has(complaint(none, 66), "cannot read " + none + ": No such file or directory"));
    std::filesystem::create_directory(folder_ / none);
    EXPECT_TRUE(has(complaint(none, 66), "cannot read " + none + ": Is a directory"));
  }
  EXPECT_TRUE(has(complaint("none.hl7", 66), "none.hl7"));
}

TEST_F(MatchFormats, APatientWithoutNewsIsOneRecord) {
  std::string const head = "MSH|^~\\&|A|B|C|D|20260101||ADT^A08|1|P|2.5\r";
  std::string text;
  for (const char* const pid :
       {"PID|1||7^^^NORTH^MR||abel^anna||19300101|F\r",
        "PID|1||7^^^NORTH^MR||abel^anna||19300101|F\r",
        "PID|1||7^^^NORTH^MR||abel^anne||19300101|F\r",
        "PID|1||7^^^SOUTH^MR||zorn^max||19500101|M\r", "", "PID|1||||huber^ida||19600101|F\r"})
    text += head + pid;
  write("day.hl7", text);
  Outcome const done = run("match dedupe day.hl7 --out matched");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(has(done.err, "4 records")) << done.err;
  EXPECT_TRUE(has(done.err, "day.hl7: 1 messages without a patient (PID)")) << done.err;
  EXPECT_TRUE(has(done.err, "day.hl7: 1 patients of messages are as others said already"))
      << done.err;
  // A link has two.
  write(
      "link.hl7",
      head +
          "PID|1||7^^^NORTH^MR||abel^anna||19300101|F\rPID|2||8^^^NORTH^MR||Abel^A||19300101|F\r");
  EXPECT_TRUE(has(run("match dedupe link.hl7").err, "2 records"));
  std::string const links = read("matched/person_links.csv");
  for (const char* const id : {"7@NORTH,", "7@NORTH#2,", "7@SOUTH,", "1:4,"})
    EXPECT_TRUE(has(links, id)) << id << links;
  write("text.hl7", "surname,dob\nabel,1980\n");
  EXPECT_TRUE(has(complaint("text.hl7", 65), "text.hl7 holds no HL7 message"));
}

}  // namespace
}  // namespace hl7flow::testing
