#include <hl7flow/parsers/structure.h>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow {
namespace {

using schema::Version;

std::vector<std::uint32_t> ids(std::string_view text) {
  std::vector<std::uint32_t> found;
  for (std::size_t at = 0; at + 3 <= text.size(); at += 4)
    found.push_back(simd::pack(text[at], text[at + 1], text[at + 2]));
  return found;
}

/// "SEG=path" for each segment, a line each; ~ marks out of order, ! unexpected.
std::string layout(Version version, std::string_view structure, std::string_view segments) {
  const schema::StructureDef* def = schema::find_structure(version, structure);
  if (def == nullptr) return "no structure";
  GroupAssignment assignment;
  assign_groups(*def, ids(segments), assignment);
  std::string text;
  for (std::size_t k = 0; k < assignment.segments.size(); ++k) {
    text += segments.substr(4 * k, 3);
    if (assignment.segments[k].kind == SegmentPlace::Kind::out_of_order) text += '~';
    if (assignment.segments[k].kind == SegmentPlace::Kind::unexpected) text += '!';
    text += '=' + group_path(*def, assignment, k) + '\n';
  }
  return text;
}

TEST(Structure, OruWithTwoPatientsAndOrders) {
  EXPECT_EQ(layout(Version::v2_5_1, "ORU_R01",
                   "MSH PID NTE PV1 ORC OBR NTE OBX NTE OBX SPM OBX OBR OBX PID OBR OBX NTE"),
            "MSH=\n"
            "PID=PATIENT_RESULT(1)/PATIENT(1)\n"
            "NTE=PATIENT_RESULT(1)/PATIENT(1)\n"
            "PV1=PATIENT_RESULT(1)/PATIENT(1)/VISIT(1)\n"
            "ORC=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)\n"
            "OBR=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)\n"
            "NTE=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)\n"
            "OBX=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)/OBSERVATION(1)\n"
            "NTE=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)/OBSERVATION(1)\n"
            "OBX=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)/OBSERVATION(2)\n"
            "SPM=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)/SPECIMEN(1)\n"
            "OBX=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)/SPECIMEN(1)\n"
            "OBR=PATIENT_RESULT(1)/ORDER_OBSERVATION(2)\n"
            "OBX=PATIENT_RESULT(1)/ORDER_OBSERVATION(2)/OBSERVATION(1)\n"
            "PID=PATIENT_RESULT(2)/PATIENT(1)\n"
            "OBR=PATIENT_RESULT(2)/ORDER_OBSERVATION(1)\n"
            "OBX=PATIENT_RESULT(2)/ORDER_OBSERVATION(1)/OBSERVATION(1)\n"
            "NTE=PATIENT_RESULT(2)/ORDER_OBSERVATION(1)/OBSERVATION(1)\n");
}

TEST(Structure, OruWithoutItsOrder) {
  EXPECT_EQ(layout(Version::v2_5_1, "ORU_R01", "MSH PID OBX NTE OBX"),
            "MSH=\n"
            "PID=PATIENT_RESULT(1)/PATIENT(1)\n"
            "OBX~=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)/OBSERVATION(1)\n"
            "NTE=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)/OBSERVATION(1)\n"
            "OBX=PATIENT_RESULT(1)/ORDER_OBSERVATION(1)/OBSERVATION(2)\n");
}

TEST(Structure, OrmWithAndWithoutOrc) {
  EXPECT_EQ(layout(Version::v2_3, "ORM_O01", "MSH PID PV1 IN1 ORC OBR NTE OBX NTE ORC RXO OBR"),
            "MSH=\n"
            "PID=PATIENT(1)\n"
            "PV1=PATIENT(1)/PATIENT_VISIT(1)\n"
            "IN1=PATIENT(1)/INSURANCE(1)\n"
            "ORC=ORDER(1)\n"
            "OBR=ORDER(1)/ORDER_DETAIL(1)\n"
            "NTE=ORDER(1)/ORDER_DETAIL(1)\n"
            "OBX=ORDER(1)/ORDER_DETAIL(1)/OBSERVATION(1)\n"
            "NTE=ORDER(1)/ORDER_DETAIL(1)/OBSERVATION(1)\n"
            "ORC=ORDER(2)\n"
            "RXO=ORDER(2)/ORDER_DETAIL(1)\n"
            "OBR~=ORDER(3)/ORDER_DETAIL(1)\n");
}

TEST(Structure, VaccinationsWithAndWithoutOrc) {
  EXPECT_EQ(layout(Version::v2_5_1, "VXU_V04", "MSH PID NK1 PV1 ORC RXA RXR OBX OBX ORC RXA RXA"),
            "MSH=\n"
            "PID=\n"
            "NK1=\n"
            "PV1=PATIENT(1)\n"
            "ORC=ORDER(1)\n"
            "RXA=ORDER(1)\n"
            "RXR=ORDER(1)\n"
            "OBX=ORDER(1)/OBSERVATION(1)\n"
            "OBX=ORDER(1)/OBSERVATION(2)\n"
            "ORC=ORDER(2)\n"
            "RXA=ORDER(2)\n"
            "RXA~=ORDER(3)\n");
}

TEST(Structure, Appointments) {
  EXPECT_EQ(layout(Version::v2_5_1, "SIU_S12", "MSH SCH PID PV1 RGS AIS NTE AIP AIS AIL RGS AIG"),
            "MSH=\n"
            "SCH=\n"
            "PID=PATIENT(1)\n"
            "PV1=PATIENT(1)\n"
            "RGS=RESOURCES(1)\n"
            "AIS=RESOURCES(1)/SERVICE(1)\n"
            "NTE=RESOURCES(1)/SERVICE(1)\n"
            "AIP=RESOURCES(1)/PERSONNEL_RESOURCE(1)\n"
            "AIS~=RESOURCES(1)/SERVICE(2)\n"
            "AIL=RESOURCES(1)/LOCATION_RESOURCE(1)\n"
            "RGS=RESOURCES(2)\n"
            "AIG=RESOURCES(2)/GENERAL_RESOURCE(1)\n");
}

TEST(Structure, AdmissionWithZSegmentsAnywhereAndMixedOrder) {
  EXPECT_EQ(layout(Version::v2_5_1, "ADT_A01",
                   "MSH EVN PID ZPI PV1 PD1 ZPV NK1 PR1 ROL ZPR PR1 IN1 ZIN IN2 IN1 ZZZ"),
            "MSH=\n"
            "EVN=\n"
            "PID=\n"
            "ZPI!=\n"
            "PV1=\n"
            "PD1~=\n"
            "ZPV!=\n"
            "NK1~=\n"
            "PR1=PROCEDURE(1)\n"
            "ROL=PROCEDURE(1)\n"
            "ZPR!=PROCEDURE(1)\n"
            "PR1=PROCEDURE(2)\n"
            "IN1=INSURANCE(1)\n"
            "ZIN!=INSURANCE(1)\n"
            "IN2=INSURANCE(1)\n"
            "IN1=INSURANCE(2)\n"
            "ZZZ!=INSURANCE(2)\n");
}

TEST(Structure, PharmacyOrders) {
  EXPECT_EQ(layout(Version::v2_5_1, "RDE_O11",
                   "MSH PID AL1 ORC TQ1 RXO RXR RXC RXE TQ1 RXR RXC OBX ORC RXE RXR"),
            "MSH=\n"
            "PID=PATIENT(1)\n"
            "AL1=PATIENT(1)\n"
            "ORC=ORDER(1)\n"
            "TQ1=ORDER(1)/TIMING(1)\n"
            "RXO=ORDER(1)/ORDER_DETAIL(1)\n"
            "RXR=ORDER(1)/ORDER_DETAIL(1)\n"
            "RXC=ORDER(1)/ORDER_DETAIL(1)/COMPONENT(1)\n"
            "RXE=ORDER(1)\n"
            "TQ1=ORDER(1)/TIMING_ENCODED(1)\n"
            "RXR=ORDER(1)\n"
            "RXC=ORDER(1)\n"
            "OBX=ORDER(1)/OBSERVATION(1)\n"
            "ORC=ORDER(2)\n"
            "RXE=ORDER(2)\n"
            "RXR=ORDER(2)\n");
}

TEST(Structure, Charges) {
  EXPECT_EQ(layout(Version::v2_5_1, "DFT_P03", "MSH EVN PID PV1 ORC OBR FT1 PR1 FT1 DG1 IN1"),
            "MSH=\n"
            "EVN=\n"
            "PID=\n"
            "PV1=\n"
            "ORC=COMMON_ORDER(1)\n"
            "OBR=COMMON_ORDER(1)/ORDER(1)\n"
            "FT1=FINANCIAL(1)\n"
            "PR1=FINANCIAL(1)/FINANCIAL_PROCEDURE(1)\n"
            "FT1=FINANCIAL(2)\n"
            "DG1=\n"
            "IN1=INSURANCE(1)\n");
}

TEST(Structure, ANewOrderIsNotTakenForAPriorResult) {
  EXPECT_EQ(
      layout(Version::v2_5_1, "OML_O21", "MSH PID ORC OBR OBX ORC OBR PID ORC OBR OBX"),
      "MSH=\n"
      "PID=PATIENT(1)\n"
      "ORC=ORDER(1)\n"
      "OBR=ORDER(1)/OBSERVATION_REQUEST(1)\n"
      "OBX=ORDER(1)/OBSERVATION_REQUEST(1)/OBSERVATION(1)\n"
      "ORC=ORDER(2)\n"
      "OBR=ORDER(2)/OBSERVATION_REQUEST(1)\n"
      "PID=ORDER(2)/OBSERVATION_REQUEST(1)/PRIOR_RESULT(1)/PATIENT_PRIOR(1)\n"
      "ORC=ORDER(2)/OBSERVATION_REQUEST(1)/PRIOR_RESULT(1)/ORDER_PRIOR(1)\n"
      "OBR=ORDER(2)/OBSERVATION_REQUEST(1)/PRIOR_RESULT(1)/ORDER_PRIOR(1)\n"
      "OBX=ORDER(2)/OBSERVATION_REQUEST(1)/PRIOR_RESULT(1)/ORDER_PRIOR(1)/OBSERVATION_PRIOR(1)\n");
}

TEST(Structure, AnythingGetsAPlaceInAnyStructure) {
  std::string_view const every =
      "OBX NTE ZZ1 PID PV1 OBR ORC RXA IN1 DG1 MSH AIS RGS FT1 TQ1 SPM OBX MSH QQQ ADD DSC EVN "
      "PID ";
  for (std::size_t v = 0; v < schema::version_count; ++v)
    for (std::string_view name : {"ORU_R01", "ADT_A01", "ORM_O01", "ACK", "DFT_P03", "RDE_O11"}) {
      const schema::StructureDef* def = schema::find_structure(
          static_cast<Version>(v), name.substr(0, 3), name.size() > 3 ? name.substr(4) : "", name);
      ASSERT_NE(def, nullptr);
      GroupAssignment assignment;
      std::string segments;
      for (int round = 0; round < 5; ++round) segments += every;
      assign_groups(*def, ids(segments), assignment);
      EXPECT_EQ(assignment.segments.size(), segments.size() / 4);
      for (const SegmentPlace& place : assignment.segments)
        ASSERT_LT(place.group, assignment.groups.size());
      for (std::size_t k = 1; k < assignment.groups.size(); ++k)
        ASSERT_LT(assignment.groups[k].parent, k);
    }
}

}  // namespace
}  // namespace hl7flow
