// The default tables on one small message of each kind: how many rows, what their keys are, and
// what a row says.

#include "tests/unit/run_text.h"

namespace hl7flow {
namespace {

using test::Outcome;
using test::Row;
using Values = std::vector<std::string>;

std::string header(const std::string& type, const std::string& version = "2.5.1") {
  return "MSH|^~\\&|LAB|H1|EHR|H2|20240131101500+0100||" + type + "|C1|P|" + version + "\r";
}
const std::string patient = "PID|1||42^^^H&1.2.3&ISO^PI~77^^^H^MR~999-99-9999^^^S^SS||Doe^Jo^Q||";

/// Rows by table, the tables without any left out.
std::map<std::string, std::size_t> counts(const Outcome& outcome) {
  std::map<std::string, std::size_t> made;
  for (auto const& [table, rows] : outcome.rows) made[table] = rows.size();
  return made;
}
using Counts = std::map<std::string, std::size_t>;

/// The columns that `wanted` names have its values; "NULL" is none.
void expect_row(const Row& row, const Row& wanted) {
  Row part;
  for (auto const& [column, value] : wanted)
    part[column] = row.contains(column) ? row.at(column) : "NULL";
  EXPECT_EQ(part, wanted);
}

TEST(TabulateDefaults, Admission) {
  auto const outcome = test::run_text(
      header("ADT^A01^ADT_A01") + "EVN|A01|20240131100000||REG||20240131095500\r" + patient +
      "19800229|F||W|1 Elm St^Apt 2^Town^NY^10001^USA||(555)555-1234^PRN^PH~^NET^Internet^j@x.y|||"
      "M||V7\r"
      "PV1|1|I|W^101^A^H1||||11^Smith^Ann|||MED||||ER|||12^Adm|OP|V7^^^H|||||||||||||||||||||||||"
      "20240131090000\r"
      "PV2|||R07^Chest pain\r"
      "DG1|1||I21.9^Infarction^I10||20240131|A\rDG1|2|I9|410|Heart attack||W\r"
      "PR1|1||93000^ECG^C4||20240131|D|15\r"
      "AL1|1|DA|7980^Penicillin^RXN|SV|Rash~Hives|20200101\rAL1|2|FA|nut\r"
      "IN1|1|PPO^Plan|AE|Aetna||||G1||||20240101|20241231|||Doe^Jo|SEL|19800229\r");
  EXPECT_EQ(counts(outcome), (Counts{{"messages", 1},
                                     {"patients", 1},
                                     {"encounters", 1},
                                     {"diagnoses", 2},
                                     {"procedures", 1},
                                     {"allergies", 2},
                                     {"coverages", 1}}));
  Row const& message = outcome.rows.at("messages")[0];
  expect_row(message, Row{{"message_code", "ADT"},
                          {"trigger_event", "A01"},
                          {"message_structure", "ADT_A01"},
                          {"control_id", "C1"},
                          {"version", "2.5.1"},
                          {"sent_at", "1706692500000000"},
                          {"sending_application", "LAB"},
                          {"receiving_facility", "H2"},
                          {"event_reason", "REG"},
                          {"event_at", "1706691300000000"},
                          {"acknowledgment_code", "NULL"},
                          {"input", "text"},
                          {"offset", "0"},
                          {"charset", "utf-8"},
                          {"segment_count", "11"}});
  expect_row(outcome.rows.at("patients")[0],
             Row{{"patient_id", "77"},
                 {"assigning_authority", "H"},
                 {"identifiers", "42^^^H&1.2.3&ISO^PI~77^^^H^MR~999-99-9999^^^S^SS"},
                 {"social_security_number", "999-99-9999"},
                 {"account_number", "V7"},
                 {"family_name", "Doe"},
                 {"given_name", "Jo"},
                 {"middle_name", "Q"},
                 {"birth_date", "3711"},
                 {"birth_date_text", "NULL"},
                 {"sex", "F"},
                 {"street", "1 Elm St"},
                 {"city", "Town"},
                 {"postal_code", "10001"},
                 {"phone", "(555)555-1234"},
                 {"email", "j@x.y"},
                 {"marital_status", "M"},
                 {"prior_patient_id", "NULL"},
                 {"segment", "3"}});
  expect_row(outcome.rows.at("encounters")[0], Row{{"patient_id", "77"},
                                                   {"visit_number", "V7"},
                                                   {"patient_class", "I"},
                                                   {"point_of_care", "W"},
                                                   {"room", "101"},
                                                   {"bed", "A"},
                                                   {"facility", "H1"},
                                                   {"attending_id", "11"},
                                                   {"attending_family_name", "Smith"},
                                                   {"admitting_id", "12"},
                                                   {"hospital_service", "MED"},
                                                   {"admit_source", "ER"},
                                                   {"admitted_at", "1706688000000000"},
                                                   {"discharged_at", "NULL"},
                                                   {"admit_reason_code", "R07"},
                                                   {"admit_reason", "Chest pain"}});
  EXPECT_EQ(outcome.column("diagnoses", "code"), (Values{"I21.9", "410"}));
  EXPECT_EQ(outcome.column("diagnoses", "code_name"), (Values{"Infarction", "Heart attack"}));
  EXPECT_EQ(outcome.column("diagnoses", "code_system"), (Values{"I10", "I9"}));
  EXPECT_EQ(outcome.column("diagnoses", "segment"), (Values{"6", "7"}));
  EXPECT_EQ(outcome.column("diagnoses", "visit_number"), (Values{"V7", "V7"}));
  expect_row(outcome.rows.at("procedures")[0],
             Row{{"code", "93000"}, {"code_system", "C4"}, {"minutes", "15.000000"}});
  EXPECT_EQ(outcome.column("allergies", "reactions"), (Values{"Rash~Hives", "NULL"}));
  EXPECT_EQ(outcome.column("allergies", "identified_on"), (Values{"18262", "NULL"}));
  expect_row(outcome.rows.at("coverages")[0], Row{{"plan_id", "PPO"},
                                                  {"company_name", "Aetna"},
                                                  {"group_number", "G1"},
                                                  {"effective_on", "19723"},
                                                  {"insured_relationship", "SEL"}});
}

TEST(TabulateDefaults, MessageIdIsTheKeyBetweenTables) {
  std::string const first = header("ADT^A01") + patient + "\rPV1|1|I\r";
  std::string const second = header("ADT^A08") + patient + "\rPV1|1|O\r";
  auto const outcome = test::run_text(first + second);
  Values const ids = outcome.column("messages", "message_id");
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_EQ(outcome.column("patients", "message_id"), ids);
  EXPECT_EQ(outcome.column("encounters", "message_id"), ids);
  EXPECT_EQ(outcome.column("messages", "offset"), (Values{"0", std::to_string(first.size())}));
  EXPECT_EQ(outcome.column("messages", "size"),
            (Values{std::to_string(first.size()), std::to_string(second.size())}));
  EXPECT_EQ(test::run_text(first).column("messages", "message_id")[0], ids[0])
      << "the same in every run";
}

TEST(TabulateDefaults, TelephonesInParts) {
  std::string const pid = "PID|1||42||Doe^Jo||||||||";
  auto const outcome =
      test::run_text(header("ADT^A08") + pid + "^PRN^PH^^1^312^5550100|^WPN^PH^^^^5550199\r" +
                     header("ADT^A08") + pid + "\"\"|^^^^^^^^^^^+1 312 555\r");
  EXPECT_EQ(outcome.column("patients", "phone"), (Values{"3125550100", ""}));
  EXPECT_EQ(outcome.column("patients", "business_phone"), (Values{"5550199", "+1 312 555"}));
}

TEST(TabulateDefaults, MergeKnowsThePriorPatient) {
  auto const outcome = test::run_text(header("ADT^A40^ADT_A39") + "EVN|A40|20240131\r" + patient +
                                      "\rMRG|88^^^H^MR\rPID|2||55\rMRG|66\r");
  EXPECT_EQ(outcome.column("patients", "patient_id"), (Values{"77", "55"}));
  EXPECT_EQ(outcome.column("patients", "prior_patient_id"), (Values{"88", "66"}));
}

TEST(TabulateDefaults, ResultsBelongToTheOrderOfTheirGroup) {
  auto const outcome = test::run_text(
      header("ORU^R01^ORU_R01") + patient + "\rPV1|1|O|||||||||||||||||V9\r" +
      "ORC|RE|P1|F1\rOBR|1|||CBC^Count^L|||202401310800|||||||||5^Doc^Ann||||||||HM|F\r"
      "OBX|1|NM|718-7^Hb^LN||13.5|g/dL^^UCUM|12-16|N|||F\rOBX|2|NM|4544-3||41|%\r"
      "OBR|2|P2|F2|BMP\rOBX|1|NM|2345-7||99\rNTE|1||fasting\rOBX|2|NM|2951-2||140\r"
      "SPM|1|||BLD^Blood\r");
  EXPECT_EQ(outcome.column("orders", "placer_order_number"), (Values{"P1", "P2"}));
  EXPECT_EQ(outcome.column("orders", "service_code"), (Values{"CBC", "BMP"}));
  EXPECT_EQ(outcome.column("orders", "order_control"), (Values{"RE", "NULL"}))
      << "the second order has no ORC of its own";
  EXPECT_EQ(outcome.column("orders", "specimen_type_code"), (Values{"NULL", "BLD"}));
  EXPECT_EQ(outcome.column("orders", "ordering_provider_id"), (Values{"5", "NULL"}));
  EXPECT_EQ(outcome.column("observations", "order_code"), (Values{"CBC", "CBC", "BMP", "BMP"}));
  EXPECT_EQ(outcome.column("observations", "placer_order_number"),
            (Values{"P1", "P1", "P2", "P2"}));
  EXPECT_EQ(outcome.column("observations", "filler_order_number"),
            (Values{"F1", "F1", "F2", "F2"}));
  EXPECT_EQ(outcome.column("observations", "segment"), (Values{"6", "7", "9", "11"}));
  EXPECT_EQ(outcome.column("observations", "patient_id"), (Values{"77", "77", "77", "77"}));
  EXPECT_EQ(outcome.column("observations", "visit_number"), (Values{"V9", "V9", "V9", "V9"}));
  EXPECT_EQ(outcome.column("observations", "observed_at"),
            (Values{"1706684400000000", "1706684400000000", "NULL", "NULL"}))
      << "of the OBR, in the zone of MSH-7";
  EXPECT_EQ(outcome.column("observations", "unit"), (Values{"g/dL", "%", "NULL", "NULL"}));
  EXPECT_EQ(outcome.column("observations", "unit_system"),
            (Values{"UCUM", "NULL", "NULL", "NULL"}));
}

TEST(TabulateDefaults, EachPatientOfAResultMessageHasItsOwnOrders) {
  auto const outcome =
      test::run_text(header("ORU^R01^ORU_R01") +
                     "PID|1||A\rPV1|1|I|||||||||||||||||VA\rOBR|1|P1\rOBX|1|NM|a||1\r"
                     "PID|2||B\rOBR|1|P2\rOBX|1|NM|b||2\r");
  EXPECT_EQ(outcome.column("observations", "patient_id"), (Values{"A", "B"}));
  EXPECT_EQ(outcome.column("observations", "placer_order_number"), (Values{"P1", "P2"}));
  EXPECT_EQ(outcome.column("observations", "visit_number"), (Values{"VA", "NULL"}))
      << "the visit of the first patient is not the second one's";
}

TEST(TabulateDefaults, Orders) {
  for (char const* const type : {"ORM^O01", "OML^O21^OML_O21", "OMG^O19^OMG_O19"}) {
    auto const outcome = test::run_text(
        header(type) + patient + "\rORC|NW|P1||G1||||^^^202402010800^^S|20240131|||6^Doc\r" +
        "OBR|1|P1||24331-1^Lipids^LN|||||||||||||||||||||||^^^^^R\rDG1|1||E78\rOBX|1|ST|x||note\r" +
        "ORC|CA|P2\rOBR|2|P2||BMP|S\r");
    EXPECT_EQ(outcome.column("orders", "order_control"), (Values{"NW", "CA"})) << type;
    EXPECT_EQ(outcome.column("orders", "placer_order_number"), (Values{"P1", "P2"})) << type;
    EXPECT_EQ(outcome.column("orders", "placer_group_number"), (Values{"G1", "NULL"})) << type;
    EXPECT_EQ(outcome.column("orders", "priority"), (Values{"R", "S"})) << type;
    EXPECT_EQ(outcome.column("orders", "ordering_provider_id"), (Values{"6", "NULL"})) << type;
    EXPECT_EQ(outcome.column("orders", "ordered_at_text"), (Values{"20240131", "NULL"}))
        << "a day is less than a time: " << type;
    EXPECT_EQ(outcome.column("observations", "placer_order_number"), Values{"P1"}) << type;
    EXPECT_EQ(outcome.column("diagnoses", "code"), Values{"E78"}) << type;
  }
}

TEST(TabulateDefaults, MedicationOrders) {
  auto const outcome = test::run_text(
      header("RDE^O11^RDE_O11") + patient + "\rORC|NW|P1|F1||||^BID^^20240201\r" +
      "RXE|^Q8H^^202402010800^202402100800|00093^Amox^NDC|250|500|mg^^UCUM|CAP|^With food||||30|"
      "CAP|3|D7^Doc||RX1\rRXR|PO^Oral|MO\rORC|NW|P2\rRXO|B^Drug B|1-2||mL\r");
  EXPECT_EQ(counts(outcome), (Counts{{"messages", 1}, {"patients", 1}, {"medication_orders", 2}}));
  expect_row(outcome.rows.at("medication_orders")[0], Row{{"order_control", "NW"},
                                                          {"placer_order_number", "P1"},
                                                          {"code", "00093"},
                                                          {"code_system", "NDC"},
                                                          {"amount_minimum", "250.000000"},
                                                          {"amount_maximum", "500.000000"},
                                                          {"unit", "mg"},
                                                          {"instructions", "With food"},
                                                          {"route", "PO"},
                                                          {"site", "MO"},
                                                          {"frequency", "Q8H"},
                                                          {"starts_at", "1706770800000000"}});
  expect_row(outcome.rows.at("medication_orders")[1], Row{{"placer_order_number", "P2"},
                                                          {"code", "B"},
                                                          {"amount_minimum", "NULL"},
                                                          {"amount_minimum_text", "1-2"},
                                                          {"unit", "mL"},
                                                          {"route", "NULL"}});
  EXPECT_EQ(outcome.account.untyped_values, 1u);
}

TEST(TabulateDefaults, DispensesAndAdministrations) {
  auto const dispense =
      test::run_text(header("RDS^O13^RDS_O13") + patient +
                     "\rORC|RE|P1|F1\rRXD|1|00093^Amox^NDC|202402011200|30|CAP||RX1\r"
                     "RXR|PO\r");
  EXPECT_EQ(counts(dispense),
            (Counts{{"messages", 1}, {"patients", 1}, {"medication_dispenses", 1}}));
  expect_row(dispense.rows.at("medication_dispenses")[0], Row{{"placer_order_number", "P1"},
                                                              {"code", "00093"},
                                                              {"amount", "30.000000"},
                                                              {"unit", "CAP"},
                                                              {"prescription_number", "RX1"}});
  auto const given = test::run_text(header("RAS^O17^RAS_O17") + patient +
                                    "\rORC|RE|P1\rRXA|0|1|202402011200|202402011205|00093^Amox^NDC|"
                                    "500|mg|||N1^Nurse||||||||||CP\r"
                                    "RXR|IV^Intravenous\r");
  EXPECT_EQ(counts(given),
            (Counts{{"messages", 1}, {"patients", 1}, {"medication_administrations", 1}}));
  expect_row(given.rows.at("medication_administrations")[0],
             Row{{"code", "00093"},
                 {"amount", "500.000000"},
                 {"administering_provider_id", "N1"},
                 {"completion_status", "CP"},
                 {"route", "IV"}});
}

TEST(TabulateDefaults, Immunizations) {
  auto const outcome = test::run_text(
      header("VXU^V04^VXU_V04") + patient +
      "\rORC|RE|P1|F1\rRXA|0|1|20240201||08^HepB^CVX^^^NDC|0.5|mL||00^New|N1|||||LOT9|20260101|MSD^"
      "Merck^MVX|||CP|A\rRXR|IM|LA\rOBX|1|CE|64994-7^VFC^LN||V02^Medicaid\r"
      "ORC|RE|P2\rRXA|0|1|20240201||998^None^CVX|999||||||||||||PATOBJ|NA\r");
  EXPECT_EQ(counts(outcome),
            (Counts{{"messages", 1}, {"patients", 1}, {"immunizations", 2}, {"observations", 1}}));
  expect_row(outcome.rows.at("immunizations")[0], Row{{"placer_order_number", "P1"},
                                                      {"code", "08"},
                                                      {"code_system", "CVX"},
                                                      {"alternate_code_system", "NDC"},
                                                      {"amount", "0.500000"},
                                                      {"information_source", "00"},
                                                      {"lot_number", "LOT9"},
                                                      {"expires_on", "20454"},
                                                      {"manufacturer", "MSD"},
                                                      {"route", "IM"},
                                                      {"site", "LA"}});
  EXPECT_EQ(outcome.column("immunizations", "route"), (Values{"IM", "NULL"}));
  EXPECT_EQ(outcome.column("observations", "placer_order_number"), Values{"P1"});
}

TEST(TabulateDefaults, Appointments) {
  auto const outcome =
      test::run_text(header("SIU^S12^SIU_S12") +
                     "SCH|A1|B1||||NEW^New|CHK^Checkup|ROUTINE|30|MIN|^^^202402011000^202402011030|"
                     "|||||||||||||BOOKED\r" +
                     patient +
                     "\rPV1|1|O|||||||||||||||||V3\rRGS|1\rAIS|1|A|MRI^Scan\rAIL|1|A|ROOM5\r"
                     "AIP|1|A|D7^Doc\r");
  ASSERT_EQ(counts(outcome),
            (Counts{{"messages", 1}, {"patients", 1}, {"encounters", 1}, {"appointments", 1}}));
  expect_row(outcome.rows.at("appointments")[0], Row{{"patient_id", "77"},
                                                     {"visit_number", "V3"},
                                                     {"placer_appointment_id", "A1"},
                                                     {"filler_appointment_id", "B1"},
                                                     {"event_reason_code", "NEW"},
                                                     {"appointment_type", "ROUTINE"},
                                                     {"duration", "30"},
                                                     {"duration_unit", "MIN"},
                                                     {"starts_at", "1706778000000000"},
                                                     {"ends_at", "1706779800000000"},
                                                     {"status", "BOOKED"},
                                                     {"service_code", "MRI"},
                                                     {"location", "ROOM5"},
                                                     {"practitioner_id", "D7"}});
}

TEST(TabulateDefaults, ChargesAndAccounts) {
  auto const charges = test::run_text(
      header("DFT^P03^DFT_P03") + "EVN|P03|20240131\r" + patient +
      "\rPV1|1|O|||||||||||||||||V3\r"
      "FT1|1|T1||20240131|20240201|CG|99213^Visit^C4|||1|125.50&USD|125.50|CARD||||||I10^Pain|D7|"
      "D8||||93000|26\rPR1|1||93000\rFT1|2|T2||20240131||CR|X|||-2|1,000\rDG1|1||I10\r"
      "IN1|1|PPO\r");
  EXPECT_EQ(charges.column("charges", "transaction_id"), (Values{"T1", "T2"}));
  EXPECT_EQ(charges.column("charges", "transaction_type"), (Values{"CG", "CR"}));
  EXPECT_EQ(charges.column("charges", "quantity"), (Values{"1.000000", "-2.000000"}));
  EXPECT_EQ(charges.column("charges", "amount_unit"), (Values{"125.500000", "NULL"}));
  EXPECT_EQ(charges.column("charges", "amount_extended_text"), (Values{"125.50&USD", "1,000"}))
      << "neither is a number";
  EXPECT_EQ(charges.column("charges", "procedure_code"), (Values{"93000", "NULL"}));
  EXPECT_EQ(charges.column("charges", "visit_number"), (Values{"V3", "V3"}));
  EXPECT_EQ(charges.column("procedures", "code"), Values{"93000"});
  auto const account = test::run_text(header("BAR^P01^BAR_P01") + "EVN|P01|20240131\r" + patient +
                                      "\rPV1|1|I\rDG1|1||I10\rIN1|1|PPO\rIN1|2|HMO\r");
  EXPECT_EQ(counts(account), (Counts{{"messages", 1},
                                     {"patients", 1},
                                     {"encounters", 1},
                                     {"diagnoses", 1},
                                     {"coverages", 2}}));
}

TEST(TabulateDefaults, Documents) {
  auto const outcome =
      test::run_text(header("MDM^T02^MDM_T02") + "EVN|T02|20240131\r" + patient +
                     "\rPV1|1|I|||||||||||||||||V3\rTXA|1|DS^Discharge|TX|20240131||202401310900|||"
                     "D7^Doc|||DOC1^^^"
                     "H|DOC0||||AU|R|AV\rOBX|1|TX|||First line\rOBX|2|FT|||a\\.br\\b\r"
                     "OBX|3|ED|PDF||^AP^PDF^Base64^QUJD\r");
  EXPECT_EQ(counts(outcome), (Counts{{"messages", 1},
                                     {"patients", 1},
                                     {"encounters", 1},
                                     {"documents", 1},
                                     {"observations", 3}}));
  expect_row(outcome.rows.at("documents")[0], Row{{"document_type", "DS"},
                                                  {"originator_id", "D7"},
                                                  {"document_number", "DOC1"},
                                                  {"parent_document_number", "DOC0"},
                                                  {"completion_status", "AU"},
                                                  {"availability_status", "AV"},
                                                  {"visit_number", "V3"}});
  EXPECT_EQ(outcome.column("observations", "value"), (Values{"First line", "a\nb", "NULL"}));
}

TEST(TabulateDefaults, Acknowledgments) {
  auto const outcome = test::run_text(header("ACK^A01") + "MSA|AE|C9|no\r");
  EXPECT_EQ(outcome.column("messages", "acknowledgment_code"), Values{"AE"});
  EXPECT_EQ(outcome.column("messages", "acknowledged_control_id"), Values{"C9"});
}

TEST(TabulateDefaults, UnknownTypesTakeTheNearestSegment) {
  auto const outcome =
      test::run_text("MSH|^~\\&|A|B|C|D|||ZZZ^Z99|1|P|9.9\r" + patient +
                     "\rOBR|1|P1\rZXX|1\rOBX|1|ST|a||v\rOBR|2|P2\rOBX|1|ST|b||w\r");
  EXPECT_EQ(outcome.column("observations", "placer_order_number"), (Values{"P1", "P2"}));
  EXPECT_EQ(outcome.column("observations", "patient_id"), (Values{"77", "77"}));
}

}  // namespace
}  // namespace hl7flow
