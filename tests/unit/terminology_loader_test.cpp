#include "tests/unit/release_store.h"

// SNOMED CT, FHIR and OMOP.
namespace hl7flow {
namespace {

using adapters::load_fhir;
using adapters::load_omop;
using adapters::load_snomed;
using codes::CodeStatus;

class TerminologyLoader : public test::ReleaseStoreTest {
 protected:
  codes::Answer ask(std::string_view code, std::string_view system, std::string_view wanted,
                    codes::Several several = codes::Several::refuse) {
    codes::SystemId const id = store.find_system(wanted);
    return codes::Resolver(store, several).resolve({code, system, 0}, std::span(&id, 1));
  }
};

TEST_F(TerminologyLoader, SnomedSnapshot) {
  std::string const terms = "Snapshot/Terminology/";
  write(terms + "sct2_Concept_Snapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n"
        "73211009\t20020131\t1\t1\t1\n138875005\t20020131\t1\t1\t1\n22298006\t20020131\t0\t1\t1\n");
  write(terms + "sct2_Description_Snapshot-en_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\t"
        "caseSignificanceId\n"
        "1\t2\t1\t1\t73211009\ten\t900000000000003001\tMade-up sickness (disorder)\t1\n"
        "2\t2\t1\t1\t73211009\ten\t900000000000013009\tMade-up sickness\t1\n"
        "3\t2\t1\t1\t73211009\tfr\t900000000000013009\tMaladie\t1\n");
  write(terms + "sct2_Relationship_Snapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\t"
        "characteristicTypeId\tmodifierId\n"
        "1\t2\t1\t1\t73211009\t138875005\t0\t116680003\t1\t1\n");
  write("Snapshot/Refset/Content/der2_cRefset_AssociationSnapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\ttargetComponentId\n"
        "u\t2\t1\t1\t900000000000526001\t22298006\t73211009\n");
  write("Snapshot/Refset/Map/der2_iisssccRefset_ExtendedMapSnapshot_US_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tmapGroup\t"
        "mapPriority\tmapRule\tmapAdvice\tmapTarget\tcorrelationId\tmapCategoryId\n"
        "u\t2\t1\t1\t6011000124106\t73211009\t1\t1\tIFA 445518008\tx\tE08.9\t1\t1\n"
        "u\t2\t1\t1\t6011000124106\t73211009\t1\t2\tOTHERWISE TRUE\tx\tE11.9\t1\t1\n");
  load(load_snomed);
  build();
  EXPECT_EQ(display("SNOMED", "73211009"), "Made-up sickness (disorder)");
  EXPECT_EQ(store.code(concept_of("SNOMED", "73211009").parent), "138875005");
  EXPECT_EQ(ask("22298006", "SNOMED", "SNOMED").how, codes::How::successor);
  EXPECT_EQ(ask("73211009", "SNOMED", "ICD-10-CM").miss, codes::Miss::ambiguous)
      << "rules need the patient";
  EXPECT_EQ(store.targets_of(number("SNOMED", "73211009")).size(), 2u);
  write(terms + "sct2_Concept_Snapshot_INT_20260101.txt", "id\tname\n1\tx\n");
  EXPECT_TRUE(refusal(load_snomed).starts_with("bad_store"));
}

TEST_F(TerminologyLoader, FhirResources) {
  write("system.json", R"({"resourceType": "CodeSystem", "url": "http://example.org/lab",
    "version": "7", "concept": [{"code": "A", "display": "All", "concept": [
      {"code": "B", "display": "Below", "property": [{"code": "inactive", "valueBoolean": true}],
       "designation": [{"value": "under"}]}]}]})");
  write("map.json", R"({"resourceType": "Bundle", "entry": [{"resource": {
    "resourceType": "ConceptMap", "name": "lab", "group": [{"source": "http://example.org/lab",
    "target": "http://loinc.org", "element": [
      {"code": "A", "target": [{"code": "2345-7", "equivalence": "wider"}]},
      {"code": "B", "target": [{"code": "718-7", "relationship": "source-is-broader-than-target"}]},
      {"code": "C", "target": [{"equivalence": "unmatched"}]},
      {"code": "D", "noMap": true},
      {"code": "E", "target": [{"code": "1-8", "equivalence": "nonsense"}]}]}]}}]})");
  write("set.ndjson", R"({"resourceType": "ValueSet", "name": "both", "url": "http://example.org/v",
"compose": {"include": [{"system": "http://example.org/lab", "concept": [{"code": "A"}]}]}})");
  codes::SystemFacts loinc;
  loinc.name = "LOINC";
  loinc.uri = "http://loinc.org";
  builder.system(loinc);
  load(load_fhir);
  build();
  std::string const lab = "http://example.org/lab";
  EXPECT_EQ(display(lab, "A"), "All");
  EXPECT_EQ(store.code(concept_of(lab, "B").parent), "A");
  EXPECT_EQ(concept_of(lab, "B").status, CodeStatus::retired);
  auto const answer = ask("A", lab, "LOINC");
  EXPECT_EQ(answer.how, codes::How::map);
  EXPECT_EQ(answer.equivalence, codes::Equivalence::wider);
  EXPECT_EQ(ask("B", lab, "LOINC").equivalence, codes::Equivalence::narrower);
  EXPECT_EQ(store.targets_of(number(lab, "C"))[0].equivalence, codes::Equivalence::unmatched);
  EXPECT_EQ(store.targets_of(number(lab, "D")).size(), 1u);
  ASSERT_EQ(store.value_sets().size(), 1u);
  ASSERT_EQ(store.members_of(store.value_sets()[0]).size(), 1u);
  std::uint64_t bad = 0;
  for (auto const& report : builder.reports()) bad += report.rows_bad;
  EXPECT_EQ(bad, 1u);
  write("system.json", R"({"resourceType": "CodeSystem", "url": )");
  EXPECT_TRUE(refusal(load_fhir).starts_with("bad_store")) << "cut off";
}

TEST_F(TerminologyLoader, OmopVocabularies) {
  std::string const head =
      "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\t"
      "concept_code\tvalid_start_date\tvalid_end_date\tinvalid_reason\n";
  write("CONCEPT.csv", head +
                           "1\tMade \"up\" sickness\tCondition\tSNOMED\tx\tS\t73211009\t19700101\t"
                           "20991231\t\n"
                           "2\tMade-up code\tCondition\tICD10CM\tx\t\tE119\t20150101\t20991231\t\n"
                           "3\tOld\tCondition\tICD10CM\tx\t\tE11.0\t20150101\t20191231\tU\n");
  write(
      "CONCEPT_RELATIONSHIP.csv",
      "concept_id_1\tconcept_id_2\trelationship_id\tvalid_start_date\tvalid_end_date\t"
      "invalid_reason\n"
      "2\t1\tMaps to\t20150101\t20991231\t\n1\t1\tMaps to\t20150101\t20991231\t\n"
      "3\t2\tConcept replaced by\t20150101\t20991231\t\n1\t2\tMapped from\t20150101\t20991231\t\n");
  load(load_omop);
  build();
  EXPECT_EQ(display("SNOMED", "73211009"), "Made \"up\" sickness");
  EXPECT_EQ(ask("E11.9", "ICD-10-CM", "SNOMED").how, codes::How::map);
  EXPECT_EQ(ask("E11.0", "ICD-10-CM", "ICD-10-CM").how, codes::How::successor);
  EXPECT_EQ(concept_of("ICD-10-CM", "E11.9").valid_from, 20150101u);
  EXPECT_EQ(concept_of("ICD-10-CM", "E11.9").valid_to, 0u);
  write("CONCEPT.csv", head + "1\tcut off\tCondition");
  EXPECT_TRUE(refusal(load_omop).starts_with("bad_store"));
}

}  // namespace
}  // namespace hl7flow
