#include "tests/unit/release_store.h"

// LIVD sheets and a site's own tables.
namespace hl7flow {
namespace {

using adapters::load_livd;
using adapters::load_site_csv;

using Names = std::vector<std::string>;

constexpr std::string_view header =
    "Manufacturer,Model,Vendor Analyte Name,Vendor Specimen Description,Test Performed LOINC Code,"
    "Test Performed LOINC Long Name,Vendor Analyte Code,Publication Version ID\n";

class SiteLoader : public test::ReleaseStoreTest {};

TEST_F(SiteLoader, LivdByAnalyteCodeOrName) {
  write("livd.csv", std::string(header) +
                        "Acme,Box 1,Sugar,\"serum\nor plasma\",2345-7,Sugar in serum,GLU,20240101\n"
                        "Acme,Box 2,Sugar,serum,2345-7,Sugar in serum,GLU,20240301\n"
                        "Acme,Box 1,Salt,,4544-3,Salt,,20240101\n"
                        "Acme,Box 1,Pepper,,,,,20240101\n"
                        "Zeta,Box 2,Salt,,718-7,Salt of Zeta,,20240101\n");
  load(load_livd);
  build();
  EXPECT_EQ(rows(0), "5/5/0/0");
  EXPECT_EQ(store.code(ask("GLU", "LIVD Acme", "LOINC").target), "2345-7");
  EXPECT_EQ(store.code(ask("GLU", "box 1", "LOINC").target), "2345-7") << "the model's name";
  EXPECT_EQ(store.find_system("Box 2"), codes::no_system) << "two makers have one";
  EXPECT_EQ(store.code(ask("Salt", "LIVD Acme", "LOINC").target), "4544-3");
  EXPECT_EQ(store.code(ask("Salt", "LIVD Zeta", "LOINC").target), "718-7");
  EXPECT_EQ(ask("Pepper", "LIVD Acme", "LOINC").miss, codes::Miss::unmatched);
  EXPECT_EQ(display("LIVD Acme", "GLU"), "Sugar");
  EXPECT_EQ(display("LOINC", "2345-7"), "Sugar in serum");
  EXPECT_EQ(store.text(store.maps()[0].version), "20240301");
}

TEST_F(SiteLoader, LivdKeepsAllTermsOfAnAnalyteWithTheirConditions) {
  write("livd.csv",
        std::string(header) +
            "Acme,Box 1,Sugar,serum,2345-7,,GLU,1\nAcme,Box 1,Sugar,urine,4544-3,,GLU,1\n");
  load(load_livd);
  build();
  EXPECT_EQ(targets("LIVD Acme", "GLU"), (Names{"2345-7/equivalent/0/0", "4544-3/equivalent/0/0"}));
  auto const found = store.targets_of(number("LIVD Acme", "GLU"));
  EXPECT_EQ(store.text(found[1].rule), "model = Box 1; specimen = urine");
  EXPECT_EQ(ask("GLU", "LIVD Acme", "LOINC").miss, codes::Miss::ambiguous);
}

TEST_F(SiteLoader, LivdOfModelsAlone) {
  write("livd.csv", "Model,Test Performed LOINC Code\nHome test,2345-7\n");
  load(load_livd);
  build();
  EXPECT_EQ(store.code(ask("Home test", "LIVD", "LOINC").target), "2345-7");
}

TEST_F(SiteLoader, LivdRefusals) {
  EXPECT_TRUE(refusal(load_livd).starts_with("not_found: there is no *.csv of a LIVD sheet"));
  write("livd.csv", "a,b\n1,2\n");
  EXPECT_NE(refusal(load_livd).find("has no columns of a LIVD sheet"), std::string::npos);
  write("livd.csv", std::string(header) + "Acme,Box,Sugar,serum,2345-8,x,GLU,1\n");
  EXPECT_NE(refusal(load_livd).find("the LOINC code is no LOINC number"), std::string::npos);
  write("livd.csv", std::string(header) + "Acme,Box,Sugar,serum,2345-7,x,GLU,1\nAcme,Box");
  EXPECT_NE(refusal(load_livd).find("is cut off"), std::string::npos);
  write("livd.csv", std::string(header) + "Acme,Box,\"Sugar");
  EXPECT_NE(refusal(load_livd).find("is cut off"), std::string::npos);
  write("livd.csv", std::string(header) + "Acm\xe9,Box,Sugar,serum,2345-7,x,GLU,1\n");
  EXPECT_NE(refusal(load_livd).find("is no text in UTF-8"), std::string::npos);
}

TEST_F(SiteLoader, CsvOfAFolder) {
  write("a/maps.csv",
        "source_system,source_code,target_system,target_code,equivalence\n"
        "LAB,K,LOINC,2345-7,\nLAB,L,LOINC,4544-3,nonsense\n");
  write("codes.csv", "system,code,display\nLAB,K,Made-up sugar\n");
  load(load_site_csv);
  build();
  EXPECT_EQ(rows(0), "2/1/0/1");
  EXPECT_EQ(builder.reports()[0].file, "a/maps.csv");
  EXPECT_EQ(builder.reports()[1].kind, "codes");
  EXPECT_EQ(store.code(ask("K", "LAB", "LOINC").target), "2345-7");
  EXPECT_EQ(display("LAB", "K"), "Made-up sugar");
  EXPECT_EQ(store.text(store.maps()[0].name), "a/maps.csv") << "wherever the folder lies";
}

TEST_F(SiteLoader, CsvRefusals) {
  EXPECT_TRUE(refusal(load_site_csv).starts_with("not_found: there is no *.csv in "));
  write("codes.csv", "system,code,display\nLAB,K,Made-up sugar\nLAB,L");
  EXPECT_NE(refusal(load_site_csv).find("codes.csv is cut off"), std::string::npos);
  write("codes.csv", "x,y\n1,2\n");
  EXPECT_NE(refusal(load_site_csv).find("codes.csv has no row of column names"), std::string::npos);
  write("codes.csv", "system,code,display\n");
  EXPECT_NE(refusal(load_site_csv).find("has no row that could be used"), std::string::npos);
}

}  // namespace
}  // namespace hl7flow
