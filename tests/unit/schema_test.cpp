#include <hl7flow/parsers/schema/schema.h>

#include <gtest/gtest.h>

#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow::schema {
namespace {

using simd::pack;

TEST(Schema, ReadsVersionsAsSendersWriteThem) {
  EXPECT_EQ(version_from_text("2.1"), Version::v2_1);
  EXPECT_EQ(version_from_text("2.3.1"), Version::v2_3_1);
  EXPECT_EQ(version_from_text("2.5.1^USA^2.5"), Version::v2_5_1);
  EXPECT_EQ(version_from_text("2.3.z"), Version::v2_3);
  EXPECT_EQ(version_from_text("2.51"), Version::v2_5_1);
  EXPECT_EQ(version_from_text("2.6.3"), Version::v2_6);
  EXPECT_EQ(version_from_text("2.8.2"), Version::v2_8);
  EXPECT_EQ(version_from_text("2.9"), Version::v2_8);
  EXPECT_EQ(version_from_text("2.0"), Version::v2_1);
  EXPECT_EQ(version_from_text(""), latest);
  EXPECT_EQ(version_from_text("2"), latest);
  EXPECT_EQ(version_from_text("banana"), latest);
  EXPECT_EQ(version_from_text("99999999999999.99999999999999999"), latest);
  EXPECT_EQ(text(Version::v2_7_1), "2.7.1");
}

TEST(Schema, KnowsTheFieldsOfPid) {
  const SegmentDef* segment = find_segment(Version::v2_5_1, pack('P', 'I', 'D'));
  ASSERT_NE(segment, nullptr);
  EXPECT_EQ(segment->id(), "PID");
  EXPECT_EQ(segment->field_count, 39);
  const FieldDef* field = segment->field(3);
  ASSERT_NE(field, nullptr);
  EXPECT_EQ(field->name(), "Patient Identifier List");
  EXPECT_EQ(field->type(), "CX");
  EXPECT_EQ(field->length, 250u);
  EXPECT_TRUE(field->repeats());
  EXPECT_TRUE(field->required());
  EXPECT_EQ(segment->field(8)->table_number, 1);
  EXPECT_FALSE(segment->field(8)->repeats());
  EXPECT_EQ(segment->field(0), nullptr);
  EXPECT_EQ(segment->field(40), nullptr);
}

TEST(Schema, KnowsWherePerformingOrganizationStands) {
  const SegmentDef* segment = find_segment(Version::v2_5_1, pack('O', 'B', 'X'));
  ASSERT_NE(segment, nullptr);
  EXPECT_EQ(segment->field(2)->repeat_max, 1);
  EXPECT_EQ(segment->field(2)->table_number, 125);
  EXPECT_EQ(segment->field(5)->type(), "VARIES");
  EXPECT_EQ(segment->field(23)->type(), "XON");
  EXPECT_EQ(segment->field(24)->type(), "XAD");
  EXPECT_EQ(segment->field(25)->type(), "XCN");
  EXPECT_EQ(find_segment(Version::v2_7_1, pack('O', 'B', 'X'))->field(5)->type(), "VARIES");
}

TEST(Schema, FollowsTheVersions) {
  EXPECT_EQ(find_segment(Version::v2_3, pack('S', 'P', 'M')), nullptr);
  EXPECT_NE(find_segment(Version::v2_5, pack('S', 'P', 'M')), nullptr);
  EXPECT_EQ(find_segment_nearest(Version::v2_3, pack('S', 'P', 'M'))->name(), "Specimen");
  EXPECT_NE(find_segment(Version::v2_5_1, pack('C', 'O', 'N')), nullptr);
  EXPECT_NE(find_segment(Version::v2_8, pack('D', 'O', 'N')), nullptr);
  EXPECT_EQ(find_segment(latest, pack('Z', 'P', 'I')), nullptr);
  EXPECT_EQ(find_segment_nearest(latest, pack('Z', 'P', 'I')), nullptr);
  // The observation identifier was CE and became CWE.
  EXPECT_EQ(find_segment(Version::v2_5, pack('O', 'B', 'X'))->field(3)->type(), "CE");
  EXPECT_EQ(find_segment(Version::v2_7, pack('O', 'B', 'X'))->field(3)->type(), "CWE");
  // New in 2.8, after fields that 2.7.1 has.
  EXPECT_EQ(find_segment(Version::v2_8, pack('A', 'C', 'C'))->field(13)->type(), "EI");
  EXPECT_EQ(find_segment(Version::v2_8, pack('D', 'G', '1'))->field(15)->name(),
            "Diagnosis Priority");
  EXPECT_EQ(find_segment(Version::v2_8, pack('D', 'G', '1'))->field(4)->usage(), Usage::withdrawn);
}

TEST(Schema, KnowsDataTypes) {
  const TypeDef* cx = find_type(Version::v2_5_1, "CX");
  ASSERT_NE(cx, nullptr);
  EXPECT_EQ(cx->component_count, 10);
  EXPECT_EQ(cx->component(4)->name(), "Assigning Authority");
  EXPECT_EQ(cx->component(4)->type(), "HD");
  EXPECT_EQ(cx->component(5)->table_number, 203);
  EXPECT_EQ(cx->component(11), nullptr);
  EXPECT_TRUE(find_type(Version::v2_5_1, "ST")->primitive());
  EXPECT_EQ(find_type(Version::v2_8, "CWE")->component_count, 22);
  EXPECT_EQ(find_type(Version::v2_1, "CWE"), nullptr);
}

TEST(Schema, EveryFieldHasAKnownType) {
  for (std::size_t v = 0; v < version_count; ++v) {
    auto const version = static_cast<Version>(v);
    for (std::uint32_t id : {pack('M', 'S', 'H'), pack('P', 'I', 'D'), pack('P', 'V', '1'),
                             pack('O', 'B', 'R'), pack('O', 'B', 'X'), pack('N', 'K', '1')}) {
      const SegmentDef* segment = find_segment(version, id);
      ASSERT_NE(segment, nullptr) << text(version);
      for (std::size_t number = 1; number <= segment->field_count; ++number) {
        const FieldDef* field = segment->field(number);
        EXPECT_FALSE(field->name().empty());
        EXPECT_NE(find_type(version, field->type()), nullptr) << segment->id() << '-' << number;
      }
    }
  }
}

TEST(Schema, HoldsStructuresAsTrees) {
  const StructureDef* structure = find_structure(Version::v2_5_1, "ORU_R01");
  ASSERT_NE(structure, nullptr);
  EXPECT_EQ(structure->node(0).size, structure->size());
  EXPECT_EQ(structure->node(1).name(), "MSH");
  EXPECT_EQ(structure->node(2).name(), "SFT");
  EXPECT_TRUE(structure->node(2).repeats());
  EXPECT_FALSE(structure->node(2).required());
  EXPECT_EQ(structure->node(3).name(), "PATIENT_RESULT");
  EXPECT_TRUE(structure->node(3).is_group());
  EXPECT_TRUE(structure->node(3).required() && structure->node(3).repeats());
  EXPECT_EQ(structure->node(4).name(), "PATIENT");
  EXPECT_EQ(structure->node(5).segment, pack('P', 'I', 'D'));
  std::size_t const after = 4u + structure->node(4).size;
  EXPECT_EQ(structure->node(after).name(), "ORDER_OBSERVATION");
}

TEST(Schema, ChoicesNameTheirAlternatives) {
  const StructureDef* structure = find_structure(Version::v2_5_1, "ORM_O01");
  ASSERT_NE(structure, nullptr);
  std::string alternatives;
  for (std::size_t at = 0; at < structure->size(); ++at)
    if (structure->node(at).is_choice())
      for (std::size_t k = 1; k < structure->node(at).size; ++k)
        alternatives += structure->node(at + k).name();
  EXPECT_EQ(alternatives, "OBRRQDRQ1RXOODSODT");
}

TEST(Schema, FindsTheStructureOfAMessage) {
  auto const name = [](Version version, std::string_view code, std::string_view trigger,
                       std::string_view declared = "") {
    const StructureDef* found = find_structure(version, code, trigger, declared);
    return found == nullptr ? std::string_view("none") : found->name();
  };
  EXPECT_EQ(name(Version::v2_5_1, "ADT", "A04"), "ADT_A01");
  EXPECT_EQ(name(Version::v2_5_1, "ADT", "A08", "ADT_A01"), "ADT_A01");
  EXPECT_EQ(name(Version::v2_5_1, "ADT", "A08", "ADT_A08"), "ADT_A01");
  EXPECT_EQ(name(Version::v2_5_1, "ADT", "A28"), "ADT_A05");
  EXPECT_EQ(name(Version::v2_5_1, "ADT", "A40"), "ADT_A39");
  EXPECT_EQ(name(Version::v2_3_1, "ADT", "A40"), "ADT_A39");
  EXPECT_EQ(name(Version::v2_5_1, "ADT", "A47"), "ADT_A30");
  for (std::string_view trigger : {"S12", "S13", "S14", "S15", "S17", "S26"})
    EXPECT_EQ(name(Version::v2_5_1, "SIU", trigger), "SIU_S12");
  EXPECT_EQ(name(Version::v2_5_1, "MDM", "T08"), "MDM_T02");
  EXPECT_EQ(name(Version::v2_5_1, "QBP", "Q22"), "QBP_Q21");
  EXPECT_EQ(name(Version::v2_5_1, "RDE", "O25"), "RDE_O11");
  EXPECT_EQ(name(Version::v2_3, "RDE", "O01"), "RDE_O01");
  EXPECT_EQ(name(Version::v2_1, "ORU", "R01"), "ORU_R01");
  EXPECT_EQ(name(Version::v2_3, "ORU", ""), "ORU_R01");
  EXPECT_EQ(name(Version::v2_5, "ACK", "A01"), "ACK");
  EXPECT_EQ(name(Version::v2_5, "ACK", ""), "ACK");
  // Withdrawn from 2.7, sent all the same; and new in 2.3.1, sent as 2.3.
  EXPECT_EQ(name(Version::v2_8, "ORM", "O01"), "ORM_O01");
  EXPECT_EQ(name(Version::v2_2, "VXU", "V04"), "VXU_V04");
  EXPECT_EQ(name(Version::v2_5, "ZZZ", "Z01"), "none");
  EXPECT_EQ(name(Version::v2_5, "ORU", "Z01"), "none");
  EXPECT_EQ(name(Version::v2_5, "", ""), "none");
  EXPECT_EQ(name(Version::v2_5, "ZZZ", "Z01", "ORU_R01"), "ORU_R01");
}

TEST(Schema, EveryStructureBeginsWithMshAndIsWellFormed) {
  for (std::size_t v = 0; v < version_count; ++v)
    for (std::string_view name : {"ORU_R01", "ADT_A01", "ORM_O01", "ACK"}) {
      const StructureDef* structure = find_structure(static_cast<Version>(v), name.substr(0, 3),
                                                     name.size() > 3 ? name.substr(4) : "", name);
      ASSERT_NE(structure, nullptr) << name;
      EXPECT_EQ(structure->node(1).segment, pack('M', 'S', 'H'));
      for (std::size_t at = 0; at < structure->size(); ++at) {
        EXPECT_LE(at + structure->node(at).size, structure->size());
        EXPECT_EQ(structure->node(at).is_group(), structure->node(at).size > 1);
      }
    }
  EXPECT_EQ(generic_structure().node(0).size, generic_structure().size());
}

}  // namespace
}  // namespace hl7flow::schema
