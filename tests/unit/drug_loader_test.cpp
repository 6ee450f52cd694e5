#include "tests/unit/release_store.h"

// RxNorm, NDC, CVX and MVX.
namespace hl7flow {
namespace {

using adapters::load_cvx;
using adapters::load_mvx;
using adapters::load_ndc;
using adapters::load_rxnorm;
using codes::CodeStatus;

class DrugLoader : public test::ReleaseStoreTest {
 protected:
  static std::string conso(std::string_view code, std::string_view vocabulary,
                           std::string_view type, std::string_view name,
                           std::string_view suppressed = "N") {
    std::string row(code);
    row.append("|ENG||||||A1||||").append(vocabulary).append("|").append(type).append("|");
    row.append(code).append("|").append(name).append("||").append(suppressed).append("|4096|\n");
    return row;
  }
  codes::Answer ask(std::string_view code, std::string_view system, std::string_view wanted) {
    codes::SystemId const id = store.find_system(wanted);
    return codes::Resolver(store).resolve({code, system, 0}, std::span(&id, 1));
  }
};

TEST_F(DrugLoader, RxNormNamesAndNdcs) {
  write("rrf/RXNCONSO.RRF", conso("111", "RXNORM", "SY", "made-up tablet, old word") +
                                conso("111", "RXNORM", "SCD", "made-up 5 MG Oral Tablet") +
                                conso("111", "GS", "CD", "other vocabulary") +
                                conso("222", "RXNORM", "IN", "made-up", "O"));
  write("rrf/RXNSAT.RRF",
        "111|||A1|CUI|111|||NDC|RXNORM|00002751001|N|4096|\n"
        "111|||A1|CUI|111|||RXN_STRENGTH|RXNORM|5 MG|N|4096|\n");
  write("rrf/RXNCUI.RRF", "333|V1|V2|1|111|\n444|V1|V2|1||\n555|V1|V2|2|555|\n");
  load(load_rxnorm);
  build();
  EXPECT_EQ(display("RXNORM", "111"), "made-up 5 MG Oral Tablet");
  ASSERT_EQ(store.names_of(number("RXNORM", "111")).size(), 1u);
  EXPECT_EQ(concept_of("RXNORM", "222").status, CodeStatus::discouraged);
  EXPECT_EQ(concept_of("RXNORM", "333").status, CodeStatus::retired);
  auto const drug = ask("0002-7510-01", "NDC", "RXNORM");
  EXPECT_EQ(drug.how, codes::How::map);
  EXPECT_EQ(store.code(drug.target), "111");
  auto const next = ask("333", "RXNORM", "RXNORM");
  EXPECT_EQ(next.how, codes::How::successor);
  EXPECT_EQ(store.code(next.target), "111");
  EXPECT_EQ(ask("444", "RXNORM", "RXNORM").miss, codes::Miss::retired);
  auto const& reports = builder.reports();
  ASSERT_EQ(reports.size(), 3u);
  EXPECT_EQ(reports[0].rows_skipped, 1u);
  for (auto const& report : reports)
    EXPECT_EQ(report.rows_read, report.rows_loaded + report.rows_skipped + report.rows_bad);
}

TEST_F(DrugLoader, RxNormRefusals) {
  EXPECT_TRUE(refusal(load_rxnorm).starts_with("not_found"));
  write("RXNCONSO.RRF", "111|ENG|too|short|\n");
  EXPECT_TRUE(refusal(load_rxnorm).starts_with("bad_store")) << refusal(load_rxnorm);
  write("RXNCONSO.RRF", conso("111", "RXNORM", "SCD", "cut") + "112|ENG|||");
  EXPECT_TRUE(refusal(load_rxnorm).starts_with("bad_store")) << refusal(load_rxnorm);
  write("RXNCONSO.RRF", std::string_view("\0\0\0", 3));
  EXPECT_TRUE(refusal(load_rxnorm).starts_with("bad_store"));
}

TEST_F(DrugLoader, NdcProductsAndPackages) {
  write("product.txt",
        "PRODUCTID\tPRODUCTNDC\tPROPRIETARYNAME\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\t"
        "STARTMARKETINGDATE\tENDMARKETINGDATE\tACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\n"
        "1\t0002-7510\tMadeup\tmadeupine\tTABLET\t20200101\t20301231\t5\tmg/1\n");
  write("package.txt",
        "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\t"
        "ENDMARKETINGDATE\n"
        "1\t0002-7510\t0002-7510-01\t100 TABLET in 1 BOTTLE\t20200101\t\n"
        "1\t0002-7510\tnonsense\tx\t20200101\t\n");
  load(load_ndc);
  build();
  EXPECT_EQ(display("NDC", "00002751001"), "Madeup madeupine 5 mg/1 TABLET");
  EXPECT_EQ(concept_of("NDC", "00002751001").valid_from, 20200101u);
  EXPECT_EQ(concept_of("NDC", "00002751001").valid_to, 20301231u);
  EXPECT_EQ(builder.reports()[1].rows_bad, 1u);
  write("package.txt", "A\tB\n1\t2\n");
  EXPECT_TRUE(refusal(load_ndc).starts_with("bad_store")) << "shuffled columns";
}

TEST_F(DrugLoader, VaccinesAndTheirMakers) {
  write("cvx.txt",
        "03 |made up |made-up vaccine, long |note |Active |False |2020/05/28\n"
        "15 |old |old vaccine | |Inactive |False |2010/05/28\n");
  write("mvx.txt", "ZZZ |Made-up Makers | |Active |2020/05/28\n");
  load(load_cvx);
  load(load_mvx);
  build();
  EXPECT_EQ(display("CVX", "03"), "made up");
  EXPECT_EQ(concept_of("CVX", "15").status, CodeStatus::retired);
  EXPECT_EQ(display("MVX", "ZZZ"), "Made-up Makers");
  write("cvx.txt", "03 |made up |Active\n");
  EXPECT_TRUE(refusal(load_cvx).starts_with("bad_store"));
}

}  // namespace
}  // namespace hl7flow
