#include <hl7flow/parsers/scope.h>

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

/// Walks `segments` and names what is live after the last of them, as "PID#1 OBR#2": the first PID,
/// the second OBR. `interest` is in the order in which they are shown.
std::string live_after(const schema::StructureDef* structure, std::string_view interest,
                       std::string_view segments) {
  std::vector<std::uint32_t> const interesting = ids(interest);
  ScopeRules const rules = compile_scope_rules(structure, interesting);
  ScopeState state;
  state.begin_message();
  std::vector<int> seen(interesting.size());
  for (std::uint32_t id : ids(segments)) {
    std::uint32_t const index = rules.index_of(id);
    if (index == ScopeRules::none) continue;
    state.see(rules, index);
    ++seen[index];
  }
  std::string text;
  for (std::uint32_t k = 0; k < interesting.size(); ++k)
    if (state.is_live(k)) {
      if (!text.empty()) text += ' ';
      text.append(interest.substr(4 * k, 3)).append("#").append(std::to_string(seen[k]));
    }
  return text;
}

std::string live_after(std::string_view structure, std::string_view interest,
                       std::string_view segments) {
  const schema::StructureDef* def = schema::find_structure(Version::v2_5_1, structure);
  return def == nullptr ? "no structure" : live_after(def, interest, segments);
}

constexpr std::string_view results = "MSH PID PV1 ORC OBR NTE OBX SPM";

TEST(Scope, ASecondPatientForgetsTheFirst) {
  // The specimen may have observations of its own: those of the order are not its.
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID PV1 ORC OBR NTE OBX NTE SPM"),
            "MSH#1 PID#1 PV1#1 ORC#1 OBR#1 NTE#2 SPM#1");
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID PV1 ORC OBR NTE OBX NTE SPM PID"),
            "MSH#1 PID#2");
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID PV1 ORC OBR OBX PID OBR OBX"),
            "MSH#1 PID#2 OBR#2 OBX#2");
}

TEST(Scope, OrcBeginsAnOrder) {
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID PV1 ORC OBR NTE OBX SPM ORC"),
            "MSH#1 PID#1 PV1#1 ORC#2");
}

TEST(Scope, ObrBeginsAnOrderOnlyIfThereWasOne) {
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID ORC OBR"), "MSH#1 PID#1 ORC#1 OBR#1");
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID ORC OBR OBX OBR"), "MSH#1 PID#1 OBR#2");
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID ORC OBR OBX ORC OBR"),
            "MSH#1 PID#1 ORC#2 OBR#2");
  // The note of the patient is none of the order's.
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID NTE OBR"), "MSH#1 PID#1 OBR#1");
}

TEST(Scope, AnObservationForgetsOnlyItsNotes) {
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID PV1 ORC OBR OBX NTE OBX"),
            "MSH#1 PID#1 PV1#1 ORC#1 OBR#1 OBX#2");
  EXPECT_EQ(live_after("ORU_R01", results, "MSH PID OBR OBX SPM OBX"),
            "MSH#1 PID#1 OBR#1 OBX#2 SPM#1");
}

TEST(Scope, OrdersWithAndWithoutOrc) {
  std::string_view const interest = "PID PV1 ORC OBR RXO NTE OBX";
  EXPECT_EQ(live_after("ORM_O01", interest, "PID PV1 ORC OBR NTE OBX NTE ORC RXO"),
            "PID#1 PV1#1 ORC#2 RXO#1");
  EXPECT_EQ(live_after("ORM_O01", interest, "PID PV1 ORC OBR OBX OBR"), "PID#1 PV1#1 OBR#2");
}

TEST(Scope, Vaccinations) {
  std::string_view const interest = "PID PV1 ORC RXA RXR OBX";
  EXPECT_EQ(live_after("VXU_V04", interest, "PID PV1 ORC RXA RXR OBX ORC RXA"),
            "PID#1 PV1#1 ORC#2 RXA#2");
  EXPECT_EQ(live_after("VXU_V04", interest, "PID PV1 ORC RXA RXR OBX RXA"), "PID#1 PV1#1 RXA#2");
}

TEST(Scope, Appointments) {
  std::string_view const interest = "SCH PID PV1 RGS AIS AIG AIL AIP NTE";
  EXPECT_EQ(live_after("SIU_S12", interest, "SCH PID PV1 RGS AIS NTE AIG AIL AIP"),
            "SCH#1 PID#1 PV1#1 RGS#1 AIS#1 AIG#1 AIL#1 AIP#1");
  EXPECT_EQ(live_after("SIU_S12", interest, "SCH PID PV1 RGS AIS AIP RGS"),
            "SCH#1 PID#1 PV1#1 RGS#2");
}

TEST(Scope, AdmissionsInAnyOrderLoseNothing) {
  EXPECT_EQ(live_after("ADT_A01", "PID PV1 NK1 DG1 IN1 IN2 AL1", "PID IN1 IN2 DG1 PV1 AL1 NK1"),
            "PID#1 PV1#1 NK1#1 DG1#1 IN1#1 IN2#1 AL1#1");
  EXPECT_EQ(live_after("ADT_A01", "PID PV1 NK1 DG1 IN1 IN2 AL1", "PID PV1 IN1 IN2 IN1"),
            "PID#1 PV1#1 IN1#2");
  EXPECT_EQ(live_after("ADT_A01", "PID PV1 NK1 DG1", "PID PV1 NK1 DG1 PID"), "PID#2");
}

TEST(Scope, SwappedAndMergedPatients) {
  EXPECT_EQ(live_after("ADT_A17", "EVN PID PV1", "EVN PID PV1 PID"), "EVN#1 PID#2");
  EXPECT_EQ(live_after("ADT_A39", "EVN PID MRG PV1", "EVN PID MRG PV1 PID MRG"),
            "EVN#1 PID#2 MRG#2");
}

TEST(Scope, PharmacyOrders) {
  std::string_view const interest = "PID PV1 ORC TQ1 RXO RXE RXR RXC";
  EXPECT_EQ(live_after("RDE_O11", interest, "PID PV1 ORC TQ1 RXO RXR RXE"),
            "PID#1 PV1#1 ORC#1 TQ1#1 RXO#1 RXE#1 RXR#1");
  EXPECT_EQ(live_after("RDE_O11", interest, "PID PV1 ORC TQ1 RXE RXR RXC ORC RXE"),
            "PID#1 PV1#1 ORC#2 RXE#2");
  EXPECT_EQ(live_after("RDE_O11", interest, "PID PV1 ORC TQ1 RXE RXR RXE"), "PID#1 PV1#1 RXE#2");
}

TEST(Scope, Charges) {
  std::string_view const interest = "PID PV1 ORC OBR FT1 PR1 DG1";
  EXPECT_EQ(live_after("DFT_P03", interest, "PID PV1 FT1 PR1 ORC OBR FT1"), "PID#1 PV1#1 FT1#2");
  EXPECT_EQ(live_after("DFT_P03", interest, "PID PV1 FT1 PR1 DG1"),
            "PID#1 PV1#1 FT1#1 PR1#1 DG1#1");
}

TEST(Scope, PriorResultsDoNotHideThePatient) {
  EXPECT_EQ(live_after("OML_O21", "PID PV1 ORC OBR OBX", "PID PV1 ORC OBR OBX"),
            "PID#1 PV1#1 ORC#1 OBR#1 OBX#1");
  EXPECT_EQ(live_after("OML_O21", "PID PV1 ORC OBR OBX", "PID PV1 ORC OBR OBX ORC OBR"),
            "PID#1 PV1#1 ORC#2 OBR#2");
}

TEST(Scope, ZSegmentsLiveAsLongAsWhatTheyFollow) {
  std::string_view const interest = "PID ZPI ORC ZOR OBR OBX ZBX";
  EXPECT_EQ(live_after("ORU_R01", interest, "PID ZPI ORC ZOR OBR OBX ZBX"),
            "PID#1 ZPI#1 ORC#1 ZOR#1 OBR#1 OBX#1 ZBX#1");
  EXPECT_EQ(live_after("ORU_R01", interest, "PID ZPI ORC ZOR OBR OBX ZBX OBX"),
            "PID#1 ZPI#1 ORC#1 ZOR#1 OBR#1 OBX#2");
  EXPECT_EQ(live_after("ORU_R01", interest, "PID ZPI ORC ZOR OBR OBX ZBX ORC"),
            "PID#1 ZPI#1 ORC#2");
  EXPECT_EQ(live_after("ORU_R01", interest, "PID ZPI ORC ZOR OBR OBX ZBX PID"), "PID#2");
}

TEST(Scope, WithoutAStructure) {
  const schema::StructureDef* const unknown = nullptr;
  EXPECT_EQ(live_after(unknown, results, "MSH PID PV1 ORC OBR OBX NTE OBX"),
            "MSH#1 PID#1 PV1#1 ORC#1 OBR#1 OBX#2");
  EXPECT_EQ(live_after(unknown, results, "MSH PID PV1 ORC OBR OBX OBR"), "MSH#1 PID#1 PV1#1 OBR#2");
  EXPECT_EQ(live_after(unknown, results, "MSH PID PV1 ORC OBR OBX ORC"), "MSH#1 PID#1 PV1#1 ORC#2");
  EXPECT_EQ(live_after(unknown, results, "MSH PID PV1 ORC OBR OBX PV1"), "MSH#1 PID#1 PV1#2");
  EXPECT_EQ(live_after(unknown, results, "MSH PID PV1 ORC OBR OBX PID"), "MSH#1 PID#2");
  EXPECT_EQ(live_after(unknown, "PID RGS AIS AIP AIL", "PID RGS AIS AIP RGS AIL"),
            "PID#1 RGS#2 AIL#1");
  EXPECT_EQ(live_after(unknown, "PID ORC RXE RXR RXA", "PID ORC RXE RXR RXE"), "PID#1 RXE#2");
  EXPECT_EQ(live_after(unknown, "PID DG1 PV1 ORC", "PID DG1 PV1 ORC"), "PID#1 DG1#1 PV1#1 ORC#1");
}

TEST(Scope, SegmentsThatTheStructureLacksFollowTheGenericOne) {
  // Results in an admission: not in ADT_A01, sent all the same.
  EXPECT_EQ(live_after("ADT_A01", results, "MSH PID PV1 ORC OBR OBX ORC OBR OBX NTE OBX"),
            "MSH#1 PID#1 PV1#1 ORC#2 OBR#2 OBX#3");
}

TEST(Scope, IndexesExactlyTheInterestingIds) {
  std::vector<std::uint32_t> many;
  for (char a = 'A'; a <= 'B'; ++a)
    for (char b = 'A'; b < 'A' + 26; ++b) many.push_back(simd::pack('Q', a, b));
  for (char b = 'A'; b < 'A' + 12; ++b) many.push_back(simd::pack('Z', 'Z', b));
  ASSERT_EQ(many.size(), ScopeRules::id_count_max);
  ScopeRules const rules = compile_scope_rules(nullptr, many);
  for (std::uint32_t k = 0; k < many.size(); ++k) EXPECT_EQ(rules.index_of(many[k]), k);
  EXPECT_EQ(rules.index_of(simd::pack('P', 'I', 'D')), ScopeRules::none);
  EXPECT_EQ(rules.index_of(0), ScopeRules::none);
  many.push_back(simd::pack('P', 'I', 'D'));
  EXPECT_EQ(compile_scope_rules(nullptr, many).size(), ScopeRules::id_count_max);
}

TEST(Scope, AFreshMessageRemembersNothing) {
  ScopeRules const rules = compile_scope_rules(nullptr, ids("PID OBX"));
  ScopeState state;
  state.begin_message();
  state.see(rules, 0);
  EXPECT_TRUE(state.is_live(0));
  state.begin_message();
  EXPECT_EQ(state.live(), 0u);
}

}  // namespace
}  // namespace hl7flow
