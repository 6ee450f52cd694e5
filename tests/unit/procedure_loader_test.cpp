#include "tests/unit/release_store.h"

// HCPCS and CPT.
namespace hl7flow {
namespace {

using adapters::load_cpt;
using adapters::load_hcpcs;
using codes::NameKind;

using Names = std::vector<std::string>;

/// A line of a contractor record; columns from 1.
std::string record(std::initializer_list<std::pair<std::size_t, std::string_view>> fields,
                   std::size_t width = 320) {
  std::string line(width, ' ');
  for (auto const& [column, text] : fields) line.replace(column - 1, text.size(), text);
  return line + '\n';
}

std::string record_of(std::string_view code, std::string_view title, std::string_view last_day = "",
                      std::string_view instead = "") {
  return record({{1, code},
                 {6, "001003"},
                 {12, title},
                 {92, "short"},
                 {205, instead},
                 {269, "20010101"},
                 {277, "20010101"},
                 {285, last_day}});
}

class ProcedureLoader : public test::ReleaseStoreTest {};

TEST_F(ProcedureLoader, HcpcsRecords) {
  write("HCPC2024_recordlayout.txt", "not this one\n");
  write("HCPC2024_JAN_ANWEB.txt",
        record_of("A0001", "Made-up ride in a") +
            record({{1, "A0001"}, {6, "002004"}, {12, "green car"}}, 91) +
            record_of("A0002", "Made-up old ride", "20231231", "A0001") +
            record_of("A0003", "Made-up old ride", "20231231", "A0001A0005") +
            record_of("A0004", "Made-up ride with a note", "", "A0001") +
            record_of("99213", "belongs to others") +
            record({{4, "G7"}, {6, "001007"}, {12, "Made-up modifier"}, {277, "20010101"}}));
  load(load_hcpcs);
  build();
  EXPECT_EQ(rows(0), "7/6/1/0");
  EXPECT_EQ(store.text(store.systems()[store.find_system("HCPCS")].version), "2024");
  EXPECT_EQ(display("HCPCS", "A0001"), "Made-up ride in a green car");
  EXPECT_EQ(names("HCPCS", "A0001", NameKind::short_name), Names{"short"});
  EXPECT_EQ(concept_of("HCPCS", "A0001").valid_from, 20010101u);
  EXPECT_EQ(concept_of("HCPCS", "A0001").valid_to, 0u);
  EXPECT_EQ(concept_of("HCPCS", "A0002").valid_to, 20231231u);
  EXPECT_EQ(display("HCPCS", "G7"), "Made-up modifier");
  EXPECT_EQ(number("HCPCS", "99213"), codes::no_concept);
  EXPECT_EQ(ask("A0002", "HCPCS", "HCPCS", 20231231).how, codes::How::exact);
  EXPECT_EQ(store.code(ask("A0002", "HCPCS", "HCPCS", 20240101).target), "A0001");
  EXPECT_EQ(ask("A0003", "HCPCS", "HCPCS", 20240101).miss, codes::Miss::ambiguous);
  EXPECT_EQ(targets("HCPCS", "A0004"), Names{});
}

TEST_F(ProcedureLoader, HcpcsColumnsCountCharacters) {
  write("HCPC2024_ANWEB.txt",
        record({{1, "A0001"}, {6, "001003"}, {12, "Caf\xe9"}, {92, "short"}, {277, "20010101"}}));
  load(load_hcpcs);
  build();
  EXPECT_EQ(display("HCPCS", "A0001"), "Caf\xc3\xa9");
  EXPECT_EQ(names("HCPCS", "A0001", NameKind::short_name), Names{"short"});
}

TEST_F(ProcedureLoader, HcpcsOfSeveralQuarters) {
  write("HCPC2023_OCT_ANWEB.txt", record_of("A0001", "Old title"));
  write("HCPC2024_APR_ANWEB.txt", record_of("A0001", "New title"));
  write("HCPC2024_JAN_ANWEB.txt", record_of("A0001", "Newer title"));
  load(load_hcpcs);
  build();
  EXPECT_EQ(display("HCPCS", "A0001"), "New title");
}

TEST_F(ProcedureLoader, HcpcsTable) {
  write("HCPC2015_CONTR_ANWEB_v2.csv",
        "HCPC;LONG_DESCRIPTION;SHORT_DESCRIPTION;XREF1;ADD_DATE;ACT_EFF_DT;TERM_DT\n"
        "A0001;\"Made-up ride; green\";Ride;;20010101;20010101;\n"
        "A0002;Old ride;Old;A0001;20010101;20010101;20101231\n");
  load(load_hcpcs);
  build();
  EXPECT_EQ(display("HCPCS", "A0001"), "Made-up ride; green");
  EXPECT_EQ(store.code(ask("A0002", "HCPCS", "HCPCS", 20150101).target), "A0001");
}

TEST_F(ProcedureLoader, HcpcsRefusals) {
  EXPECT_TRUE(refusal(load_hcpcs).starts_with("not_found: there is no HCPC*ANWEB*.txt"));
  std::string const text = record_of("A0001", "Made-up ride") + record_of("A0002", "Other");
  write("HCPC2024_ANWEB.txt", text.substr(0, text.size() - 60));
  EXPECT_NE(refusal(load_hcpcs).find("is cut off"), std::string::npos);
  write("HCPC2024_ANWEB.txt", "");
  EXPECT_NE(refusal(load_hcpcs).find("has no columns HCPC"), std::string::npos);
  write("HCPC2024_ANWEB.txt", "HCPC,LONG DESCRIPTION\nMade-up ride,A0001\n");
  EXPECT_NE(refusal(load_hcpcs).find("no code of HCPCS level II"), std::string::npos);
  write("HCPC2024_ANWEB.txt", text + record({{1, "A0009"}, {6, "002004"}, {12, "stray"}}));
  load(load_hcpcs);
  EXPECT_EQ(rows(0), "3/2/0/1");
}

TEST_F(ProcedureLoader, CptOfLinesBehindANotice) {
  write("LONGULT.txt",
        "Made-up notice of copyright\r\n\r\nAll rights to nobody.\r\n"
        "00001\tMade-up look at a patient\r\n0001F\tMade-up count\r\n");
  write("SHORTU.txt", "00001 MADE-UP LOOK\n00002 ONLY SHORT\n");
  load(load_cpt);
  build();
  EXPECT_EQ(rows(0), "4/2/2/0");
  EXPECT_EQ(display("CPT", "00001"), "Made-up look at a patient");
  EXPECT_EQ(names("CPT", "00001", NameKind::short_name), Names{"MADE-UP LOOK"});
  EXPECT_EQ(display("CPT", "00002"), "ONLY SHORT");
  EXPECT_EQ(display("CPT", "0001F"), "Made-up count");
}

TEST_F(ProcedureLoader, CptTables) {
  write("cpt2024.csv", "code,description\n00001,\"Made-up look, long\"\n");
  load(load_cpt);
  write("b/Consolidated_Code_List.txt",
        "Made-up notice\nConcept Id\tCPT Code\tLong\tMedium\tShort\n1\t00002\tMade-up\tM\tS\n");
  load(load_cpt, "b");
  build();
  EXPECT_EQ(display("CPT", "00001"), "Made-up look, long");
  EXPECT_EQ(display("CPT", "00002"), "Made-up");
  EXPECT_EQ(names("CPT", "00002", NameKind::short_name), Names{"S"});
  EXPECT_EQ(store.text(store.systems()[store.find_system("CPT")].version), "2024");
}

TEST_F(ProcedureLoader, CptRefusals) {
  EXPECT_TRUE(refusal(load_cpt).starts_with("not_found: there is no LONGULT.txt"));
  write("LONGULT.txt", "a notice and nothing else\n");
  EXPECT_NE(refusal(load_cpt).find("has no row that could be used"), std::string::npos);
  write("LONGULT.txt", "00001\tMade-up look\n0000");
  EXPECT_NE(refusal(load_cpt).find("is cut off"), std::string::npos);
  write("LONGULT.txt", "description,code\n00001,Made-up look\n");
  EXPECT_NE(refusal(load_cpt).find("no code of CPT"), std::string::npos);
}

}  // namespace
}  // namespace hl7flow
