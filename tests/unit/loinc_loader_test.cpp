#include "tests/unit/release_store.h"

namespace hl7flow {
namespace {

using adapters::load_loinc;
using codes::CodeStatus;
using codes::NameKind;

using Names = std::vector<std::string>;

// Made-up terms; the numbers have right check digits.
constexpr std::string_view header =
    "\"LOINC_NUM\",\"COMPONENT\",\"PROPERTY\",\"TIME_ASPCT\",\"SYSTEM\",\"SCALE_TYP\","
    "\"METHOD_TYP\",\"CLASS\",\"VersionLastChanged\",\"STATUS\",\"RELATEDNAMES2\",\"SHORTNAME\","
    "\"ORDER_OBS\",\"LONG_COMMON_NAME\",\"EXAMPLE_UCUM_UNITS\",\"COMMON_TEST_RANK\","
    "\"DisplayName\"\n";
constexpr std::string_view sugar =
    "\"2345-7\",\"Sugar\",\"MCnc\",\"Pt\",\"Ser/Plas\",\"Qn\",\"\",\"CHEM\",\"2.9\",\"ACTIVE\","
    "\"Glu; Blood sugar ;; \",\"Sugar SerPl\",\"Both\",\"Sugar, \"\"sweet\"\", in serum\","
    "\"mg/dL;mmol/L\",\"4\",\"Sugar\"\n";
constexpr std::string_view old_sugar =
    "\"718-7\",\"Sugar\",\"MCnc\",\"Pt\",\"Bld\",\"Qn\",\"Old way\",\"CHEM\",\"2.10\","
    "\"DEPRECATED\",\"\",\"Sugar old\",\"Both\",\"Sugar by the old way\",\"\",\"0\",\"\"\n";
constexpr std::string_view trial =
    "\"4544-3\",\"Salt\",\"SCnc\",\"Pt\",\"Ser\",\"Qn\",\"\",\"CHEM\",\"2.10\",\"TRIAL\",\"\","
    "\"Salt\",\"Both\",\"Salt in serum\",\"\",\"\",\"\"\n";

std::string table() {
  return std::string(header) + std::string(sugar) + std::string(old_sugar) + std::string(trial);
}

class LoincLoader : public test::ReleaseStoreTest {};

TEST_F(LoincLoader, TermsWithTheirNames) {
  write("Loinc_x/LoincTable/Loinc.csv", table());
  load(load_loinc);
  build();
  EXPECT_EQ(rows(0), "3/3/0/0");
  EXPECT_EQ(store.text(store.systems()[store.find_system("LOINC")].version), "2.10");
  EXPECT_EQ(display("LOINC", "2345-7"), "Sugar, \"sweet\", in serum");
  EXPECT_EQ(concept_of("LOINC", "2345-7").rank, 4u);
  EXPECT_EQ(concept_of("LOINC", "718-7").rank, 0u);
  EXPECT_EQ(concept_of("LOINC", "2345-7").status, CodeStatus::active);
  EXPECT_EQ(concept_of("LOINC", "718-7").status, CodeStatus::deprecated);
  EXPECT_EQ(concept_of("LOINC", "4544-3").status, CodeStatus::trial);
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::related), (Names{"Glu", "Blood sugar"}));
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::unit), (Names{"mg/dL", "mmol/L"}));
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::component), Names{"Sugar"});
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::property), Names{"MCnc"});
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::time_aspect), Names{"Pt"});
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::specimen), Names{"Ser/Plas"});
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::scale), Names{"Qn"});
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::method), Names{});
  EXPECT_EQ(names("LOINC", "718-7", NameKind::method), Names{"Old way"});
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::short_name), Names{"Sugar SerPl"});
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::synonym), Names{"Sugar"});
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::concept_class), Names{"CHEM"});
  EXPECT_EQ(names("LOINC", "2345-7", NameKind::order_or_observation), Names{"Both"});
}

TEST_F(LoincLoader, SuccessorsOnlyWhereThereIsOne) {
  write("Loinc.csv", table() +
                         "\"8480-6\",\"A\",\"\",\"\",\"\",\"\",\"\",\"\",\"1.0\",\"DEPRECATED\","
                         "\"\",\"a\",\"\",\"a\",\"\",\"\",\"\"\n");
  write("MapTo.csv",
        "\"LOINC\",\"MAP_TO\",\"COMMENT\"\n\"718-7\",\"2345-7\",\"\"\n"
        "\"8480-6\",\"2345-7\",\"if sweet\"\n\"8480-6\",\"4544-3\",\"if salty\"\n");
  load(load_loinc);
  build();
  EXPECT_EQ(rows(1), "3/3/0/0");
  codes::Answer const one = ask("718-7", "LOINC", "LOINC");
  EXPECT_EQ(one.how, codes::How::successor);
  EXPECT_EQ(store.code(one.target), "2345-7");
  EXPECT_EQ(ask("8480-6", "LOINC", "LOINC").miss, codes::Miss::ambiguous);
}

TEST_F(LoincLoader, OneFileUnderAnyName) {
  write("terms.txt", table());
  load(load_loinc, "terms.txt");
  build();
  EXPECT_EQ(display("LOINC", "4544-3"), "Salt in serum");
}

TEST_F(LoincLoader, BadRowsAreCountedWithTheFirstOnesLine) {
  std::string text = table();
  text +=
      "\"2345-8\",\"Sugar\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"ACTIVE\",\"\",\"\",\"\","
      "\"secret\",\"\",\"\",\"\"\n";
  text += "2951-2,too few\n";
  write("Loinc.csv", text);
  load(load_loinc);
  EXPECT_EQ(rows(0), "5/3/0/2");
  EXPECT_EQ(builder.reports()[0].first_problem, "row 5: LOINC_NUM is no LOINC number");
}

TEST_F(LoincLoader, RefusesWhatIsNoRelease) {
  EXPECT_TRUE(refusal(load_loinc).starts_with("not_found: there is no Loinc.csv in "));
  write("Loinc.csv", "");
  EXPECT_NE(refusal(load_loinc).find("has no columns LOINC_NUM"), std::string::npos);
  write("Loinc.csv", header);
  EXPECT_NE(refusal(load_loinc).find("has no row that could be used"), std::string::npos);
  write("Loinc.csv", "a,b\n1,2\n");
  EXPECT_NE(refusal(load_loinc).find("has no columns LOINC_NUM"), std::string::npos);
  write("Loinc.csv", table() + "\xff\xfe\n");
  EXPECT_NE(refusal(load_loinc).find("is no text in UTF-8"), std::string::npos);
  std::string const text = table();
  write("Loinc.csv", text.substr(0, text.size() - 40));
  EXPECT_NE(refusal(load_loinc).find("is cut off in the middle of a row"), std::string::npos);
  // Columns under the wrong names.
  std::string shuffled = table();
  shuffled.replace(shuffled.find("LOINC_NUM"), 9, "COMPONEN2");
  shuffled.replace(shuffled.find("COMPONENT"), 9, "LOINC_NUM");
  shuffled.replace(shuffled.find("COMPONEN2"), 9, "COMPONENT");
  write("Loinc.csv", shuffled);
  EXPECT_NE(refusal(load_loinc).find("has no row that could be used; the first is row 2"),
            std::string::npos);
}

TEST_F(LoincLoader, RefusesAFileWithTooManyBadRows) {
  std::string text = table();
  for (int k = 0; k < 10; ++k) text += "broken\n";
  write("Loinc.csv", text);
  EXPECT_EQ(refusal(load_loinc), "loaded") << "ten are few, whatever their share";
  write("Loinc.csv", text + "broken\n");
  EXPECT_NE(refusal(load_loinc).find("has 11 bad rows of 14"), std::string::npos);
}

}  // namespace
}  // namespace hl7flow
