// The stage map_codes: which fields it looks at, what it finds, what it counts, and that a store
// can be replaced while it runs.

#include <filesystem>
#include <fstream>

#include <hl7flow/parsers/codes/code_csv.h>
#include <hl7flow/parsers/escape.h>
#include <hl7flow/pipeline/catalogue.h>

#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::Outcome;
using Values = std::vector<std::string>;

/// A store of our own in a file, so that tests do not depend on the starter's content.
class MapCodes : public ::testing::Test {
 protected:
  MapCodes() {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("map_codes_" +
               std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder_);
  }
  ~MapCodes() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// Writes a store aside and renames it, as `codes build` does.
  void write_store(const std::string& more = "") {
    codes::StoreBuilder builder;
    codes::load_known_systems(builder);
    for (std::string const& csv :
         {std::string("system,code,display,status\n"
                      "LOINC,2345-7,Glucose in serum or plasma,\n"
                      "LOINC,718-7,Hemoglobin,deprecated\n"
                      "ICD-10-CM,E11.9,Type 2 diabetes,\n"),
          "source_system,source_code,target_system,target_code,equivalence\n"
          "L,GLU,LOINC,2345-7,wider\nICD-9-CM,250.00,ICD-10-CM,E11.9,\n" +
              more}) {
      auto const report = codes::load_csv(builder, csv, "test.csv");
      ASSERT_TRUE(report) << report.error().text;
      ASSERT_EQ(report->rows_bad, 0u) << report->first_problem;
    }
    auto const bytes = builder.build("test", "1");
    ASSERT_TRUE(bytes);
    std::ofstream(path("new"), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes->data()),
               static_cast<std::streamsize>(bytes->size()));
    std::filesystem::rename(path("new"), path("codes.store"));
  }

  Outcome run(const std::string& text, const std::vector<std::string>& settings = {},
              std::size_t batch_size = 1u << 20) {
    test::SettingList mapping{{"store", path("codes.store")}};
    for (std::size_t k = 0; k + 1 < settings.size(); k += 2)
      mapping.push_back({settings[k], settings[k + 1]});
    return test::run_text(std::make_unique<test::TextSource>(text, batch_size),
                          {{"parse", test::settings({})},
                           {"map_codes", test::settings(mapping)},
                           {"tabulate", test::settings({{"mapped", "true"}})}});
  }

  std::filesystem::path folder_;
};

const std::string header = "MSH|^~\\&|LAB|MAIN|B|C|20240131||ORU^R01|1|P|2.5\rPID|1||1\rOBR|1||1|";

TEST_F(MapCodes, StandardCodesStandBesideSentOnes) {
  write_store();
  auto const outcome = run(header +
                           "PANEL^^L\r"
                           "OBX|1|NM|2345-7^Glukose^LN||5\r"
                           "OBX|2|NM|GLU^Glucose^L||5\r"
                           "OBX|3|NM|GLU^^L^2345-7^^LN||5\r"
                           "OBX|4|NM|XYZ^^L||5\r"
                           "OBX|5|NM|2345-8^^LN||5\r"
                           "OBX|6|NM|GLU^^99ZZZ||5\r"
                           "OBX|7|NM|718-7^^LN||5\r"
                           "OBX|8|NM|^only text||5\r"
                           "OBX|9|NM|||5\r");
  EXPECT_EQ(outcome.column("observations", "code_mapping"),
            (Values{"exact", "map", "exact", "unknown_code", "bad_check_digit", "unknown_system",
                    "retired", "no_code", "NULL"}));
  EXPECT_EQ(outcome.column("observations", "standard_code"),
            (Values{"2345-7", "2345-7", "2345-7", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL"}));
  EXPECT_EQ(outcome.column("observations", "standard_name")[1], "Glucose in serum or plasma");
  EXPECT_EQ(outcome.column("observations", "standard_system")[1], "LOINC");
  EXPECT_EQ(outcome.column("observations", "code_equivalence")[1], "wider");
  EXPECT_EQ(outcome.column("observations", "code_map")[1], "test.csv");
  EXPECT_EQ(outcome.column("observations", "code_map")[0], "NULL");
  EXPECT_EQ(outcome.column("observations", "code")[1], "GLU") << "what was sent stays";
  EXPECT_EQ(outcome.column("orders", "code_mapping"), (Values{"unknown_code"}));
}

TEST_F(MapCodes, CountsBySenderSystemAndOutcome) {
  write_store();
  auto const outcome =
      run(header + "GLU^^L\rOBX|1|NM|GLU^^L||5\rOBX|2|NM|NA^^L||5\rOBX|3|NM|2345-7^^LN\r");
  EXPECT_EQ(outcome.account.codes,
            (std::map<std::string, std::uint64_t>{{"LAB|MAIN\tL\tmap", 2},
                                                  {"LAB|MAIN\tL\tunknown_code", 1},
                                                  {"LAB|MAIN\tLOINC\texact", 1}}));
}

TEST_F(MapCodes, SystemsFromAnotherFieldAndOlderCodes) {
  write_store();
  auto const outcome =
      run("MSH|^~\\&|A|B|C|D|20240131||ADT^A01|1|P|2.3\rPID|1||1\r"
          "DG1|1|I9C|25000\rDG1|2||25000^^I9C\rDG1|3||e119^^I10C\r");
  EXPECT_EQ(outcome.column("diagnoses", "code_mapping"), (Values{"map", "map", "alias"}));
  EXPECT_EQ(outcome.column("diagnoses", "standard_code"), (Values{"E11.9", "E11.9", "E11.9"}));
}

TEST_F(MapCodes, OnlyCodedValuesOfObservations) {
  write_store();
  auto const outcome =
      run(header + "X^^L\rOBX|1|CE|GLU^^L||2345-7^^LN\rOBX|2|ST|GLU^^L||2345-7^^LN\r");
  EXPECT_EQ(outcome.column("observations", "value_mapping"), (Values{"exact", "NULL"}));
}

TEST_F(MapCodes, EveryRepetitionCountsAndTheFirstIsShown) {
  write_store();
  auto const outcome =
      run("MSH|^~\\&|A|B|C|D|20240131||DFT^P03|1|P|2.5\rPID|1||1\r"
          "FT1|1|||20240131||CG|X^^L||||||||||||25000^^I9C~E11.9^^I10C~Q^^I10C\r");
  EXPECT_EQ(outcome.column("charges", "diagnosis_standard_code"), (Values{"E11.9"}));
  EXPECT_EQ(outcome.account.codes.at("A|B\tICD-10-CM\texact"), 1u);
  EXPECT_EQ(outcome.account.codes.at("A|B\tICD-9-CM\tmap"), 1u);
  EXPECT_EQ(outcome.account.codes.at("A|B\tICD-10-CM\tbad_form"), 1u);
}

TEST_F(MapCodes, UnitsInUcumAndValuesInBaseUnits) {
  write_store();
  auto const outcome = run(header +
                           "X^^L\r"
                           "OBX|1|NM|GLU^^L||110|mg/dL\r"
                           "OBX|2|NM|GLU^^L||7.5|K/uL\r"
                           "OBX|3|NM|GLU^^L||98.6|deg F\r"
                           "OBX|4|NM|GLU^^L||5|flurbs\r"
                           "OBX|5|ST|GLU^^L||high|mg/dL\r"
                           "OBX|6|NM|GLU^^L||5\r"
                           "OBX|7|NM|GLU^^L||high|mm\\T\\Hg\r"
                           "OBX|8|NM|GLU^^L||2|K/uL^^UCUM\r");
  EXPECT_EQ(outcome.column("observations", "unit_ucum"),
            (Values{"mg/dL", "10*3/uL", "[degF]", "NULL", "mg/dL", "NULL", "NULL", "K/uL"}));
  EXPECT_EQ(outcome.column("observations", "unit_mapping"),
            (Values{"exact", "local_spelling", "local_spelling", "unknown_unit", "exact", "NULL",
                    "unknown_unit", "exact"}));
  EXPECT_EQ(outcome.column("observations", "unit_canonical"),
            (Values{"m-3.g", "m-3", "K", "NULL", "m-3.g", "NULL", "NULL", "m-3.K"}));
  auto const values = outcome.column("observations", "value_canonical");
  std::vector<double> const expected = {1100, 7.5e12, 310.15, -1, -1, -1, -1, 2e9};
  for (std::size_t k = 0; k < expected.size(); ++k) {
    if (expected[k] < 0)
      EXPECT_EQ(values[k], "NULL") << k;
    else
      EXPECT_NEAR(std::stod(values[k]) / expected[k], 1, 1e-12) << k;
  }
}

TEST_F(MapCodes, EscapedCodesAreDecodedFirst) {
  write_store("L,A&B,LOINC,2345-7,\n");
  auto const outcome = run(header + "X^^L\rOBX|1|NM|A\\T\\B^^L||5\r");
  EXPECT_EQ(outcome.column("observations", "standard_code"), (Values{"2345-7"}));
}

TEST_F(MapCodes, OtherDelimitersMeanOtherCodes) {
  write_store();
  auto const outcome =
      run(header + "X^^L\rOBX|1|NM|GLU^^L||5\r" +
          "MSH|*~\\&|LAB|MAIN|B|C|20240131||ORU*R01|2|P|2.5\rPID|1||1\rOBR|1||1|X\r"
          "OBX|1|NM|GLU^^L||5\rOBX|2|NM|GLU**L||5\r");
  EXPECT_EQ(outcome.column("observations", "code_mapping"),
            (Values{"map", "unknown_system", "map"}));
}

TEST_F(MapCodes, SeveralTargetsByPolicy) {
  write_store("L,TWO,LOINC,2345-7,\nL,TWO,LOINC,718-7,\n");
  std::string const text = header + "X^^L\rOBX|1|NM|TWO^^L||5\r";
  EXPECT_EQ(run(text).column("observations", "code_mapping"), (Values{"ambiguous"}));
  EXPECT_EQ(run(text, {"several", "first"}).column("observations", "standard_code"),
            (Values{"2345-7"}));
}

TEST_F(MapCodes, TheSameAnswersForEveryBatchSize) {
  write_store();
  std::string text;
  for (int k = 0; k < 300; ++k)
    text += header + "P" + std::to_string(k % 7) + "^^L\rOBX|1|NM|GLU^^" +
            (k % 3 == 0 ? "L" : "LN") + "||5\rOBX|2|NM|2345-7^" + std::to_string(k) + "^LN\r";
  auto const whole = run(text);
  for (std::size_t const size : {300u, 5000u, 40000u}) {
    auto const cut = run(text, {}, size);
    EXPECT_EQ(cut.rows, whole.rows) << size;
    EXPECT_EQ(cut.account.codes, whole.account.codes) << size;
  }
}

TEST_F(MapCodes, ANewStoreIsTakenBetweenTwoBatches) {
  write_store();
  auto stage = make_stage("map_codes", {{"store", path("codes.store")}});
  ASSERT_TRUE(stage) << stage.error().text;
  auto parse = make_stage("parse");
  ASSERT_TRUE(parse);
  std::vector<std::string> notices;
  auto const outcome = [&] {
    Batch batch;
    batch.text.append(header + "X^^L\rOBX|1|NM|NEW^^L||5\r");
    batch.raw_size = batch.text.size();
    EXPECT_TRUE((*parse)->process(batch));
    EXPECT_TRUE((*stage)->process(batch));
    notices.insert(notices.end(), batch.notices.begin(), batch.notices.end());
    return batch.coded.all().back().answer.how;
  };
  EXPECT_EQ(outcome(), codes::How::none);
  write_store("L,NEW,LOINC,2345-7,\n");
  int batches = 0;
  while (outcome() == codes::How::none && batches < 1000) ++batches;
  EXPECT_LT(batches, 1000) << "the new store was never taken";
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_NE(notices[0].find("took the new store"), std::string::npos) << notices[0];
  // A file that is no store is left alone.
  std::ofstream(path("new")) << "nonsense";
  std::filesystem::rename(path("new"), path("codes.store"));
  for (int k = 0; k < 200; ++k) ASSERT_EQ(outcome(), codes::How::map);
  EXPECT_EQ(notices.size(), 2u) << "a bad file is told once";
}

TEST_F(MapCodes, RefusesWhatItCannotUse) {
  write_store();
  auto const refusal = [&](const test::SettingList& settings) {
    auto const made = test::make<Stage>("map_codes", test::settings(settings));
    return made ? std::string() : std::string(name(made.error().code));
  };
  EXPECT_EQ(refusal({{"store", path("codes.store")}}), "");
  EXPECT_EQ(refusal({{"store", path("missing.store")}}), "not_found");
  std::ofstream(path("text.store")) << "no store at all, but long enough to be looked at";
  EXPECT_EQ(refusal({{"store", path("text.store")}}), "bad_store");
  EXPECT_EQ(refusal({{"several", "some"}}), "bad_option");
  EXPECT_EQ(refusal({{"store", path("codes.store")}, {"maps", path("a.csv")}}), "bad_option");
  EXPECT_EQ(refusal({{"store", "none"}, {"maps", path("missing.csv")}}), "not_found");
  std::ofstream(path("bad.csv"))
      << "source_system,source_code,target_system,target_code\nL,A,LOINC\n";
  EXPECT_EQ(refusal({{"store", "none"}, {"maps", path("bad.csv")}}), "bad_store");
}

/// The field as it is written after mapping.
TEST_F(MapCodes, MessagesGetTheStandardCodeByPolicy) {
  write_store("L,A&B,LOINC,2345-7,\n");
  auto const written = [&](const std::string& value, const std::string& triplet) {
    auto parse = make_stage("parse");
    auto stage = make_stage("map_codes", {{"store", path("codes.store")}, {"triplet", triplet}});
    EXPECT_TRUE(parse && stage);
    Batch batch;
    batch.text.append(header + "X^^Q\rOBX|1|NM|" + value + "||5\r");
    batch.raw_size = batch.text.size();
    EXPECT_TRUE((*parse)->process(batch));
    EXPECT_TRUE((*stage)->process(batch));
    std::string_view const text = batch.written_form(0);
    EXPECT_TRUE(text.starts_with(header)) << "the rest stays";
    std::size_t const at = text.find("OBX|1|NM|") + 9;
    return std::string(text.substr(at, text.find("||5\r") - at));
  };
  std::string const glucose = "2345-7^Glucose in serum or plasma^LN";
  EXPECT_EQ(written("GLU^Glu^L", "keep"), "GLU^Glu^L");
  EXPECT_EQ(written("GLU^Glu^L", "alternate"), "GLU^Glu^L^" + glucose);
  EXPECT_EQ(written("GLU^Glu^L", "primary"), glucose + "^GLU^Glu^L");
  EXPECT_EQ(written("GLU^Glu^L^G2^^Q", "alternate"), "GLU^Glu^L^G2^^Q^^^^" + glucose);
  EXPECT_EQ(written("GLU^Glu^L^G2^^Q", "primary"), glucose + "^G2^^Q^^^^GLU^Glu^L");
  EXPECT_EQ(written("GLU^Glu^L^2345-7^x^LN^1^2^words", "alternate"),
            "GLU^Glu^L^2345-7^x^LN^1^2^words");
  EXPECT_EQ(written("GLU^Glu^L^2345-7^x^LN^1^2^words", "primary"),
            "2345-7^x^LN^GLU^Glu^L^2^1^words");
  EXPECT_EQ(written("GLU^^L^a^^Q^^^^b^^Q", "primary"), "GLU^^L^a^^Q^^^^b^^Q") << "nothing is lost";
  EXPECT_EQ(written("2345-7^mine^LN", "primary"), "2345-7^mine^LN");
  EXPECT_EQ(written("XYZ^^L", "primary"), "XYZ^^L");
}

TEST(AppendEscaped, IsReadBackAsItWas) {
  Delimiters const usual;
  std::string const text = "a|b^c&d~e\\f\ng";
  std::string out;
  append_escaped(text, usual, out);
  EXPECT_EQ(out, "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\.br\\g");
  Buffer<char> scratch;
  auto const back = unescape(out, usual, Charset::utf8, EscapePolicy::error, scratch);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, text);
}

TEST_F(MapCodes, FieldsOfOnesOwn) {
  write_store();
  auto const root =
      parse_toml("store = \"" + path("codes.store") +
                     "\"\n[[fields]]\npath = \"ZOB-2\"\nto = [\"LOINC\"]\nwhen = \"ZOB-1=Y\"\n",
                 "my.toml");
  ASSERT_TRUE(root);
  auto const tables = parse_toml(
      "[[table]]\nname = \"z\"\nper = \"ZOB\"\n"
      "columns = [{ name = \"loinc\", path = \"ZOB-2\", mapped = \"code\" }]\n",
      "tables.toml");
  ASSERT_TRUE(tables);
  ConfigNode tabulating = test::settings({{"defaults", "false"}});
  tabulating.entries.emplace_back("tables", *tables->find("table"));
  auto const outcome = test::run_text(
      header + "X^^L\rZOB|Y|GLU^^L\rZOB|N|GLU^^L\r",
      {{"parse", test::settings({})}, {"map_codes", *root}, {"tabulate", tabulating}});
  EXPECT_EQ(outcome.column("z", "loinc"), (Values{"2345-7", "NULL"}));
}

}  // namespace
}  // namespace hl7flow
