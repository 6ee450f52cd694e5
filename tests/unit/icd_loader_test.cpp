#include "tests/unit/release_store.h"

namespace hl7flow {
namespace {

using adapters::load_gems;
using adapters::load_icd10cm;
using adapters::load_icd10pcs;
using adapters::load_icd9;
using codes::NameKind;

using Names = std::vector<std::string>;

std::string filled(std::string_view text, std::size_t width) {
  std::string out(text.substr(0, width));
  out.resize(width, ' ');
  return out;
}

/// A row of an order file.
std::string row(std::string_view code, bool billable, std::string_view short_title,
                std::string_view long_title) {
  return "00001 " + filled(code, 7) + ' ' + (billable ? '1' : '0') + ' ' + filled(short_title, 60) +
         ' ' + std::string(long_title) + "\r\n";
}

// Made-up titles under real codes.
std::string order() {
  return row("A00", false, "Green ache", "Green ache") +
         row("A000", true, "Green ache, left", "Green ache of the left side") +
         row("A001", false, "Green ache, right", "Green ache, right") +
         row("A0011XA", true, "Green ache, right, first", "Green ache, right, first visit") +
         row("B20", true, "Blue ache", "Blue ache");
}

constexpr std::string_view tabular = R"(<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2021</version>
<chapter><name>1</name><desc>All aches (A00-B99)</desc>
 <section id="A00-B09"><desc>Many aches (A00-B09)</desc></section>
 <section id="A00-A09"><desc>Green aches (A00-A09)</desc>
  <diag><name>A00</name><desc>Green ache</desc>
   <inclusionTerm><note>Verdant ache</note><note>Lime ache</note></inclusionTerm>
   <diag><name>A00.0</name><inclusionTerm><note>Left lime</note></inclusionTerm></diag>
   <diag><name>A00.9</name><desc>of another year</desc></diag>
  </diag></section>
 <section id="B20"><desc>Blue aches (B20)</desc><diag><name>B20</name></diag></section>
</chapter></ICD10CM.tabular>
)";

class IcdLoader : public test::ReleaseStoreTest {};

TEST_F(IcdLoader, OrderFileWithHeadersAndParents) {
  write("icd10cm_order_2024.txt", order());
  load(load_icd10cm);
  build();
  EXPECT_EQ(rows(0), "5/5/0/0");
  EXPECT_EQ(store.text(store.systems()[store.find_system("ICD-10-CM")].version), "2024");
  EXPECT_EQ(display("ICD-10-CM", "A00.0"), "Green ache of the left side");
  EXPECT_EQ(names("ICD-10-CM", "A00.0", NameKind::short_name), Names{"Green ache, left"});
  EXPECT_EQ(names("ICD-10-CM", "B20", NameKind::short_name), Names{});
  EXPECT_EQ(concept_of("ICD-10-CM", "A00").flags & codes::selectable, 0);
  EXPECT_NE(concept_of("ICD-10-CM", "A00.0").flags & codes::selectable, 0);
  EXPECT_EQ(parent("ICD-10-CM", "A00.0"), "A00");
  EXPECT_EQ(parent("ICD-10-CM", "A00.11XA"), "A00.1") << "the longest that is there";
  EXPECT_EQ(concept_of("ICD-10-CM", "A00").parent, codes::no_concept);
  EXPECT_EQ(concept_of("ICD-10-CM", "A00").valid_from, 0u) << "one file does not say since when";
  EXPECT_EQ(ask("a0011xa", "ICD-10-CM", "ICD-10-CM").how, codes::How::alias);
}

TEST_F(IcdLoader, ChaptersAndSectionsAreParentsOfCategories) {
  write("icd10cm-order-Jan-2021.txt", order());
  write("icd10cm_tabular_2021.xml", tabular);
  load(load_icd10cm);
  build();
  EXPECT_EQ(rows(1), "8/7/1/0");
  EXPECT_EQ(parent("ICD-10-CM", "A00"), "A00-A09");
  EXPECT_EQ(parent("ICD-10-CM", "A00-A09"), "A00-B09") << "sections lie side by side in the list";
  EXPECT_EQ(parent("ICD-10-CM", "A00-B09"), "A00-B99");
  EXPECT_EQ(parent("ICD-10-CM", "B20"), "B20-B20");
  EXPECT_EQ(parent("ICD-10-CM", "B20-B20"), "A00-B99");
  EXPECT_EQ(concept_of("ICD-10-CM", "A00-B99").parent, codes::no_concept);
  EXPECT_EQ(display("ICD-10-CM", "A00-B99"), "All aches");
  EXPECT_EQ(concept_of("ICD-10-CM", "B20-B20").flags & codes::selectable, 0);
  EXPECT_EQ(names("ICD-10-CM", "A00", NameKind::synonym), (Names{"Verdant ache", "Lime ache"}));
  EXPECT_EQ(names("ICD-10-CM", "A00.0", NameKind::synonym), Names{"Left lime"});
  EXPECT_EQ(number("ICD-10-CM", "A00.9"), codes::no_concept);
}

TEST_F(IcdLoader, SeveralYearsSayWhenCodesBeganAndEnded) {
  write("2021/icd10cm_order_2021.txt", order());
  write("2021a/icd10cm_order_April_2021.txt", order() + row("B21", true, "Red ache", "Red ache"));
  write("2022/icd10cm_order_2022.txt", row("A00", false, "Green ache", "Green ache, reworded") +
                                           row("A000", true, "l", "l") +
                                           row("B21", true, "Red ache", "Red ache"));
  load(load_icd10cm);
  build();
  EXPECT_EQ(display("ICD-10-CM", "A00"), "Green ache, reworded");
  EXPECT_EQ(names("ICD-10-CM", "A00.0", NameKind::short_name), Names{"Green ache, left"})
      << "once, not once a year";
  EXPECT_EQ(names("ICD-10-CM", "A00", NameKind::short_name), Names{"Green ache"});
  EXPECT_EQ(concept_of("ICD-10-CM", "B21").valid_from, 20210401u);
  EXPECT_EQ(concept_of("ICD-10-CM", "B21").valid_to, 0u);
  EXPECT_EQ(concept_of("ICD-10-CM", "B20").valid_from, 0u);
  EXPECT_EQ(concept_of("ICD-10-CM", "B20").valid_to, 20210930u);
  EXPECT_EQ(display("ICD-10-CM", "B20"), "Blue ache");
  EXPECT_EQ(store.text(store.systems()[store.find_system("ICD-10-CM")].version), "2022");
  EXPECT_EQ(ask("B20", "ICD-10-CM", "ICD-10-CM", 20210930).how, codes::How::exact);
  EXPECT_EQ(ask("B20", "ICD-10-CM", "ICD-10-CM", 20211001).miss, codes::Miss::not_valid_then);
  EXPECT_EQ(ask("B21", "ICD-10-CM", "ICD-10-CM", 20210331).miss, codes::Miss::not_valid_then);
}

TEST_F(IcdLoader, Procedures) {
  write("icd10pcs_order_2024.txt",
        row("001", false, "Mend, Bypass", "Mend, Bypass") +
            row("0016070", true, "Bypass, made up", "Bypass with a made-up thing"));
  load(load_icd10pcs);
  build();
  EXPECT_EQ(parent("ICD-10-PCS", "0016070"), "001");
  EXPECT_EQ(concept_of("ICD-10-PCS", "001").flags & codes::selectable, 0);
  write("icd10pcs_order_2024.txt", row("0016O70", true, "x", "x"));
  EXPECT_NE(refusal(load_icd10pcs).find("no code of the system"), std::string::npos);
}

TEST_F(IcdLoader, RefusesBrokenOrderFiles) {
  EXPECT_TRUE(refusal(load_icd10cm).starts_with("not_found: there is no icd10cm_order_YYYY.txt"));
  std::string const text = order();
  write("icd10cm_order_2024.txt", text.substr(0, text.size() - 30));
  EXPECT_NE(refusal(load_icd10cm).find("is cut off"), std::string::npos);
  write("icd10cm_order_2024.txt", "A000 Green ache\nA001 Other\n");
  EXPECT_NE(refusal(load_icd10cm).find("row 1: not in the columns of an order file"),
            std::string::npos);
  write("icd10cm_order_2024.txt", "");
  EXPECT_NE(refusal(load_icd10cm).find("has no row that could be used"), std::string::npos);
  write("icd10cm_order_2024.txt", std::string(300, '\0'));
  EXPECT_NE(refusal(load_icd10cm).find("is no text in UTF-8"), std::string::npos);
  write("icd10cm_order_2024.txt", text);
  write("icd10cm_tabular_2024.xml", tabular.substr(0, tabular.size() - 60));
  EXPECT_NE(refusal(load_icd10cm).find("is no complete XML"), std::string::npos);
  write("icd10cm_tabular_2024.xml", "<other/>");
  EXPECT_NE(refusal(load_icd10cm).find("its root is not ICD10CM.tabular"), std::string::npos);
}

TEST_F(IcdLoader, NinthRevisionInWindows1252) {
  write("CMS32_DESC_LONG_DX.txt",
        "38600 M\xe9ni\xe8re's made-up ache\r\nE907  Made-up bolt\r\nV9190 Made-up number\r\n");
  write("CMS32_DESC_SHORT_DX.txt", "38600 Meniere ache\nE907  Bolt\nV9191 Short only\n");
  write("CMS32_DESC_LONG_SG.txt", "8190 Made-up cut\n");
  load(load_icd9);
  build();
  EXPECT_EQ(display("ICD-9-CM", "386.00"), "M\xc3\xa9ni\xc3\xa8re's made-up ache");
  EXPECT_EQ(names("ICD-9-CM", "386.00", NameKind::short_name), Names{"Meniere ache"});
  EXPECT_EQ(display("ICD-9-CM", "E907"), "Made-up bolt");
  EXPECT_EQ(display("ICD-9-CM", "V91.91"), "Short only");
  EXPECT_EQ(display("ICD-9-PCS", "81.90"), "Made-up cut");
  EXPECT_EQ(store.text(store.systems()[store.find_system("ICD-9-CM")].version), "32");
  write("CMS32_DESC_LONG_DX.txt", "38600 M\x81\x8d\n");
  EXPECT_NE(refusal(load_icd9).find("is no text in UTF-8"), std::string::npos);
  write("CMS32_DESC_LONG_DX.txt", "39000 Long\n38600");
  EXPECT_NE(refusal(load_icd9).find("is cut off"), std::string::npos);
}

TEST_F(IcdLoader, MappingsWithScenariosAndChoiceLists) {
  write("2018_I9gem.txt",
        "0010  A000    00000\n"
        "80600 S14101A 10111\n80600 S12000A 10112\n80600 S14102A 10111\n80600 S14103A 10121\n"
        "80600 S12001A 10122\nE0000 NoDx    11000\n");
  write("2018_I10gem.txt", "A000    0010  00000\nT07     NoDx  11000\n");
  write("gem_i9pcs.txt", "0001  6A750Z4 10000\n8190  NoPCS   11000\n");
  load(load_gems);
  build();
  EXPECT_EQ(targets("ICD-9-CM", "001.0"), Names{"A00.0/equivalent/0/0"});
  EXPECT_EQ(targets("ICD-9-CM", "806.00"),
            (Names{"S14.101A/inexact/1/1", "S14.102A/inexact/1/1", "S12.000A/inexact/1/2",
                   "S14.103A/inexact/2/1", "S12.001A/inexact/2/2"}));
  EXPECT_EQ(targets("ICD-9-CM", "E000.0"), Names{"-/unmatched/0/0"});
  EXPECT_EQ(targets("ICD-10-CM", "T07"), Names{"-/unmatched/0/0"});
  EXPECT_EQ(targets("ICD-9-PCS", "00.01"), Names{"6A750Z4/inexact/0/0"});
  EXPECT_EQ(targets("ICD-9-PCS", "81.90"), Names{"-/unmatched/0/0"});
  EXPECT_EQ(store.code(ask("0010", "ICD-9-CM", "ICD-10-CM").target), "A00.0");
  EXPECT_EQ(ask("E0000", "ICD-9-CM", "ICD-10-CM").miss, codes::Miss::unmatched);
  EXPECT_EQ(rows(0), "7/7/0/0");
  EXPECT_EQ(store.text(store.maps()[0].version), "2018");
}

TEST_F(IcdLoader, RefusesBrokenMappings) {
  EXPECT_TRUE(refusal(load_gems).starts_with("not_found: there is no 2018_I9gem.txt"));
  write("2018_I9gem.txt", "0010  A000    00000\n0011  A00");
  EXPECT_NE(refusal(load_gems).find("is cut off"), std::string::npos);
  write("2018_I9gem.txt", "A000    0010  00000\n");
  EXPECT_NE(refusal(load_gems).find("the source is no code of its system"), std::string::npos)
      << "the other direction";
  write("2018_I9gem.txt", "0010  A000    10100\n");
  EXPECT_NE(refusal(load_gems).find("five flags"), std::string::npos)
      << "a combination without a choice list";
}

}  // namespace
}  // namespace hl7flow
