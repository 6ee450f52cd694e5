#include "tests/e2e/program.h"

// The verb `codes`, as docs/tasks/map-codes.md shows it.
namespace hl7flow::testing {
namespace {

const char* const feed =
    "MSH|^~\\&|LAB|HOSP|||20240301||ORU^R01|c1|P|2.5.1\r"
    "PID|1||1^^^HOSP^MR\rOBR|1|||CHEM^Chemistry^99CHEM\r"
    "OBX|1|NM|SUGAR^Glucose^99CHEM||98|mg/dl|70-99||||F\r"
    "OBX|2|NM|SUGAR^Glucose^99CHEM||90|mg/dl|70-99||||F\r"
    "OBX|3|NM|SALT^Sodium^99CHEM||140|mmol/L|||||F\r"
    "OBX|4|NM|2345-7^Glucose^LN||98|mg/dL|||||F\r";

const char* const lab =
    "source_system,source_code,target_system,target_code,equivalence\n"
    "99CHEM,SUGAR,LOINC,2345-7,\n";

class CodesVerb : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("feed.hl7", feed);
    write("lab.csv", lab);
    ASSERT_EQ(run("codes build --starter --csv lab.csv --out codes.store").exit, 0);
  }
  static bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }
};

TEST_F(CodesVerb, BuildDoesNotReplaceSilently) {
  Outcome const again = run("codes build --starter --csv lab.csv --out codes.store");
  EXPECT_EQ(again.exit, 64);
  EXPECT_TRUE(has(again.err, "--overwrite")) << again.err;
  EXPECT_EQ(run("codes build --starter --out codes.store --overwrite").exit, 0);
  EXPECT_EQ(run("codes build --out other.store").exit, 64) << "of nothing";
  EXPECT_EQ(run("codes build --csv none.csv --out other.store").exit, 66);
  write("broken.csv", "a,b\n1,2\n");
  EXPECT_EQ(run("codes build --csv broken.csv --out other.store").exit, 65);
  EXPECT_FALSE(exists("other.store"));
}

TEST_F(CodesVerb, Answers) {
  Outcome const known = run("codes translate SUGAR --from 99CHEM --to LOINC --store codes.store");
  EXPECT_EQ(known.exit, 0);
  EXPECT_TRUE(has(known.out, "SUGAR\tmap\tLOINC\t2345-7\t")) << known.out;
  Outcome const unknown = run("codes translate SALT --from 99CHEM --to LOINC --store codes.store");
  EXPECT_EQ(unknown.exit, 1);
  EXPECT_TRUE(has(unknown.out, "unknown_code"));
  EXPECT_TRUE(has(run("codes lookup e119 --system I10").out, "E11.9"));
  Outcome const judged = run("codes validate 2345-7 2345-8 --system LOINC");
  EXPECT_EQ(judged.exit, 1);
  EXPECT_EQ(judged.out, "2345-7\tok\n2345-8\tbad_check_digit\n");
  EXPECT_TRUE(has(run("codes info --store codes.store").out, "map lab.csv: 99CHEM to LOINC"));
  Outcome const misspelt = run("codes translate SUGAR --from 99CHEM --to LOIN --store codes.store");
  EXPECT_EQ(misspelt.exit, 66);
  EXPECT_TRUE(has(misspelt.err, "did you mean \"LOINC\"?")) << misspelt.err;
}

TEST_F(CodesVerb, WorklistIsAMapWhenItIsFilledIn) {
  Outcome const list = run("codes suggest feed.hl7 --store codes.store");
  ASSERT_EQ(list.exit, 0) << list.err;
  EXPECT_TRUE(has(list.out, "SALT")) << list.out;
  EXPECT_FALSE(has(list.out, "SUGAR")) << "mapped already";
  EXPECT_FALSE(has(list.out, "140")) << "values are message content";
  EXPECT_TRUE(has(run("codes suggest feed.hl7 --store codes.store --values").out, "140"));
  write("decided.csv",
        "source_system,source_code,target_system,target_code\n99CHEM,SALT,LOINC,2951-2\n");
  ASSERT_EQ(run("codes build --starter --csv lab.csv --csv decided.csv --out new.store").exit, 0);
  EXPECT_EQ(run("codes translate SALT --from 99CHEM --to LOINC --store new.store").exit, 0);
  Outcome const changes = run("codes diff codes.store new.store feed.hl7");
  EXPECT_EQ(changes.exit, 1) << "there are some";
  EXPECT_TRUE(has(changes.out, "SALT")) << changes.out;
}

TEST_F(CodesVerb, ExportsAMapThatCanBeReadAgain) {
  Outcome const csv = run("codes export --store codes.store --map lab.csv --csv");
  ASSERT_EQ(csv.exit, 0) << csv.err;
  Outcome const json = run("codes export --store codes.store --map lab.csv");
  write("map.json", json.out);
  write("again.csv", csv.out);
  for (const char* const source : {"--csv again.csv", "--fhir map.json"}) {
    ASSERT_EQ(run(std::string("codes build --overwrite --out again.store ") + source).exit, 0)
        << source;
    EXPECT_TRUE(has(run("codes translate SUGAR --from 99CHEM --to LOINC --store again.store").out,
                    "2345-7"))
        << source;
  }
  Outcome const none = run("codes export --store codes.store --map lab");
  EXPECT_EQ(none.exit, 66);
  EXPECT_TRUE(has(none.err, "codes info")) << none.err;
}

TEST_F(CodesVerb, ConvertPutsTheStandardCodeBeside) {
  Outcome const done = run("convert feed.hl7 --out out --format csv --codes codes.store");
  ASSERT_EQ(done.exit, 0) << done.err;
  EXPECT_TRUE(has(done.out + done.err, "99CHEM")) << "the account has codes by system";
  std::string const rows = read("out/observations/part-00000.csv");
  EXPECT_TRUE(has(rows, "SUGAR")) << rows;
  EXPECT_TRUE(has(rows, "map")) << rows;
  EXPECT_EQ(run("convert feed.hl7 --out other --codes lab.csv").exit, 65) << "is no store";
}

}  // namespace
}  // namespace hl7flow::testing
