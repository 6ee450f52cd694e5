// Persons found or created as evidence comes: the result must not depend on its order.

#include <algorithm>
#include <random>

#include <hl7flow/parsers/linkage/similarity.h>
#include <hl7flow/parsers/simd/name_match.h>

#include "tests/unit/registry_patients.h"

namespace hl7flow::linkage {
namespace {

TEST(NameMatch, IsTheSimilarityOfShortNames) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    auto const name = [&] {
      std::string made(1 + random() % 16, ' ');
      for (char& c : made) c = static_cast<char>('a' + random() % 5);
      return made;
    };
    std::string const a = name(), b = name();
    simd::ShortName packed_a, packed_b;
    std::copy(a.begin(), a.end(), packed_a.text.begin());
    std::copy(b.begin(), b.end(), packed_b.text.begin());
    EXPECT_DOUBLE_EQ(simd::short_jaro_winkler(packed_a, static_cast<std::uint32_t>(a.size()),
                                              packed_b, static_cast<std::uint32_t>(b.size())),
                     jaro_winkler(a, b))
        << a << " " << b;
  }
}

TEST(PackedComparer, IsTheSameEitherWayRound) {
  std::mt19937 random(5);
  auto const weights = default_weights();
  for (int round = 0; round < 20'000; ++round) {
    auto const person = [&] {
      Patient made;
      for (std::string* text : {&made.given, &made.family, &made.address}) {
        *text = std::string(2 + random() % 9, ' ');
        for (char& c : *text) c = static_cast<char>('a' + random() % 3);
      }
      return describes("1", made).person;
    };
    PackedPerson const a = person(), b = person();
    ASSERT_EQ(score(weights, a, b), score(weights, b, a));
  }
}

TEST(PersonRegistry, FindsWhoIsKnownAndCreatesWhoIsNot) {
  auto persons = registry();
  Patient maria;
  PersonNumber const first = apply(persons, describes("1", maria));
  Patient moved = maria;
  moved.address = "7 Elm Road";
  moved.postcode = "10001";
  moved.given = "MARÍA";
  EXPECT_EQ(apply(persons, describes("2", moved)), first);
  Patient other;
  other.given = "John";
  other.family = "Miller";
  other.born = "19551212";
  other.sex = "M";
  EXPECT_NE(apply(persons, describes("3", other)), first);
  auto const again = persons.apply(describes("1", maria));
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->is_news);
  EXPECT_EQ(persons.records_of(first).size(), 2u);
}

TEST(PersonRegistry, KnowsNicknamesInitialsSwapsAndSecondFamilyNames) {
  auto const same = [](Patient a, Patient b) {
    auto persons = registry();
    b.address = "99 Far Away";
    b.postcode = "90210";
    return apply(persons, describes("1", a)) == apply(persons, describes("2", b));
  };
  Patient william, bill;
  william.given = "William";
  william.sex = bill.sex = "M";
  bill.given = "Bill";
  EXPECT_TRUE(same(william, bill));
  Patient swapped;
  std::swap(swapped.given, swapped.family);
  EXPECT_TRUE(same(Patient{}, swapped));
  Patient married;
  married.family = "Gonzalez-Smith";
  EXPECT_TRUE(same(Patient{}, married));
  Patient day_and_month;
  day_and_month.born = "19800705";
  Patient turned = day_and_month;
  turned.born = "19800507";
  turned.identifier = day_and_month.identifier = "123-45-6780";
  EXPECT_TRUE(same(day_and_month, turned));
}

TEST(PersonRegistry, AMergeHoldsUntilItIsTakenBack) {
  auto persons = registry();
  Patient other;
  other.given = "John";
  other.family = "Miller";
  other.born = "19551212";
  apply(persons, describes("1", Patient{}));
  apply(persons, describes("2", other));
  ASSERT_NE(person_of(persons, "1"), person_of(persons, "2"));
  apply(persons, says(EvidenceKind::same, "1", "2", 5));
  EXPECT_EQ(person_of(persons, "1"), person_of(persons, "2"));
  // The old number goes on to lead to the person, also when news of it come.
  other.phone = "1 800 555 0000";
  apply(persons, describes("2", other, 6));
  EXPECT_EQ(person_of(persons, "2"), person_of(persons, "1"));
  apply(persons, says(EvidenceKind::open, "1", "2", 7));
  EXPECT_NE(person_of(persons, "1"), person_of(persons, "2"));
}

TEST(PersonRegistry, AClerkWhoLeavesItOpenHasNeverSpoken) {
  Patient other;
  other.given = "John";
  other.family = "Miller";
  other.born = "19551212";
  for (Authority const authority : {Authority::listed, Authority::sender})
    for (EvidenceKind const decided : {EvidenceKind::same, EvidenceKind::different}) {
      std::vector<Evidence> const all = {describes("1", Patient{}), describes("2", other),
                                         says(EvidenceKind::same, "1", "2", 5, authority),
                                         says(decided, "2", "1", 1, Authority::clerk),
                                         says(EvidenceKind::open, "1", "2", 2, Authority::clerk)};
      std::vector<std::size_t> order = {0, 1, 2, 3, 4};
      do {
        auto persons = registry();
        for (std::size_t const k : order) apply(persons, all[k]);
        ASSERT_EQ(person_of(persons, "1"), person_of(persons, "2"));
      } while (std::next_permutation(order.begin(), order.end()));
    }
  // Where nobody else spoke, likeness is asked, and nobody else than clerks is silenced.
  auto persons = registry();
  apply(persons, describes("1", Patient{}));
  apply(persons, describes("2", other));
  apply(persons, says(EvidenceKind::same, "1", "2", 1, Authority::clerk));
  apply(persons, says(EvidenceKind::open, "1", "2", 2, Authority::clerk));
  EXPECT_NE(person_of(persons, "1"), person_of(persons, "2"));
  apply(persons, says(EvidenceKind::same, "1", "2", 1));
  EXPECT_EQ(person_of(persons, "1"), person_of(persons, "2"));
  apply(persons, says(EvidenceKind::different, "1", "2", 2));
  EXPECT_NE(person_of(persons, "1"), person_of(persons, "2"));
}

TEST(PersonRegistry, ASenderWhoLeavesItOpenOutranksLists) {
  auto persons = registry();
  apply(persons, says(EvidenceKind::same, "1", "2", 5, Authority::listed));
  EXPECT_EQ(person_of(persons, "1"), person_of(persons, "2"));
  apply(persons, says(EvidenceKind::open, "1", "2", 1));
  EXPECT_NE(person_of(persons, "1"), person_of(persons, "2"));
}

TEST(PersonRegistry, AClerkOutranksSendersAndTheModel) {
  auto persons = registry();
  apply(persons, describes("1", Patient{}));
  apply(persons, describes("2", Patient{}));
  ASSERT_EQ(person_of(persons, "1"), person_of(persons, "2"));
  apply(persons, says(EvidenceKind::different, "1", "2", 1, Authority::clerk));
  EXPECT_NE(person_of(persons, "1"), person_of(persons, "2"));
  apply(persons, says(EvidenceKind::same, "2", "1", 9));
  EXPECT_NE(person_of(persons, "1"), person_of(persons, "2"));
  // Nor does it help that both are like a third.
  apply(persons, describes("3", Patient{}));
  EXPECT_NE(person_of(persons, "1"), person_of(persons, "2"));
}

TEST(PersonRegistry, TheNewestCountsWheneverItComes) {
  Patient old_name, new_name;
  old_name.family = "Smith";
  new_name.family = "Jones";
  auto one = registry(), two = registry();
  apply(one, describes("1", old_name, 10));
  apply(one, describes("1", new_name, 20));
  apply(two, describes("1", new_name, 20));
  apply(two, describes("1", old_name, 10));
  EXPECT_EQ(one.described(0), two.described(0));
  EXPECT_EQ(one.described(0), describes("1", new_name).person);
}

TEST(PersonRegistry, OfASiteRuleTheModelIsNotAsked) {
  RegistryOptions options;
  options.rules = {{Aspect::identifier}};
  PersonRegistry persons(options);
  Patient a, b;
  a.identifier = b.identifier = "123-45-6780";
  b.given = "Eve";
  b.family = "Chen";
  b.born = "20010909";
  b.sex = "M";
  b.address = "1 Other Place";
  b.phone = "";
  EXPECT_EQ(apply(persons, describes("1", a)), apply(persons, describes("2", b)));
}

TEST(PersonRegistry, ADeletedRecordIsComparedNoMore) {
  auto persons = registry();
  apply(persons, describes("1", Patient{}, 1));
  Evidence gone = says(EvidenceKind::gone, "1", "", 2);
  apply(persons, gone);
  apply(persons, describes("2", Patient{}, 3));
  EXPECT_NE(person_of(persons, "1"), person_of(persons, "2"));
}

TEST(PersonRegistry, IsBoundedByItsOptions) {
  RegistryOptions options;
  options.records_max = 10;
  PersonRegistry persons(options);
  for (int k = 0; k < 9; ++k) {
    Patient patient;
    patient.family += std::to_string(k);
    EXPECT_TRUE(persons.apply(describes(std::to_string(k), patient)));
  }
  auto const full = persons.apply(describes("ten", Patient{}));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::out_of_room);
}

/// Two of one person who may be two are so because somebody said something of that person.
void expect_doubts_are_explained(const PersonRegistry& persons, const std::vector<Evidence>& all) {
  std::set<PersonNumber> bound;
  for (Evidence const& one : all)
    if (one.kind == EvidenceKind::same) bound.insert(persons.person(*persons.find(one.record)));
  std::size_t pairs = 0;
  for (RecordNumber a = 0; a < persons.size(); ++a)
    for (RecordNumber b = 0; b < a; ++b) {
      if (persons.person(a) != persons.person(b) || bound.contains(persons.person(a))) continue;
      PackedPerson const &one = persons.described(a), &other = persons.described(b);
      EXPECT_EQ(caution(one, other, compare(one, other)), Caution::none);
      ++pairs;
    }
  EXPECT_GT(pairs, 20u);
}

TEST(PersonRegistry, DoesNotDependOnTheOrderOfEvidence) {
  std::mt19937 random(11);
  auto const pick = [&](std::initializer_list<const char*> words) {
    return std::string(*(words.begin() + random() % words.size()));
  };
  std::vector<Evidence> all;
  std::uint32_t at = 0, id = 0;
  // Few names and homes, so that there are chains, ties and relatives; fewer than link to one
  // another at most (component_max).
  for (int person = 0; person < 120; ++person) {
    Patient patient;
    patient.given = pick({"Maria", "Mary", "John", "Jon", "William", "Bill", "Anna"});
    patient.family = pick({"Smith", "Smyth", "Miller", "Jones", "Jonas"});
    patient.born = "19" + std::to_string(50 + random() % 20) + pick({"0101", "0102", "0210"});
    patient.sex = pick({"F", "M"});
    patient.address = std::to_string(1 + random() % 9) + " Oak Street";
    patient.phone = "217-555-01" + std::to_string(10 + random() % 30);
    std::string const first = std::to_string(id);
    for (std::uint32_t copy = 0, copies = static_cast<std::uint32_t>(1 + random() % 3);
         copy < copies; ++copy) {
      Patient seen = patient;
      if (random() % 3 == 0) seen.phone = "";
      if (random() % 6 == 0) seen.suffix = pick({"Jr", "Sr", "III"});
      if (random() % 12 == 0) seen.given = pick({"BABYBOY", ""});
      if (random() % 3 == 0) seen.family[1] = 'x';
      if (random() % 4 == 0) seen.born[7] = '9';
      std::string const number = std::to_string(id++);
      all.push_back(describes(number, seen, ++at));
      if (random() % 4 == 0) {
        seen.address = "77 New Road";
        all.push_back(describes(number, seen, ++at));
      }
      if (random() % 10 == 0) all.push_back(says(EvidenceKind::same, number, first, ++at));
      if (random() % 10 == 0)
        all.push_back(says(pick({"s", "d"}) == "s" ? EvidenceKind::same : EvidenceKind::different,
                           number, std::to_string(random() % id), ++at,
                           random() % 2 == 0 ? Authority::clerk : Authority::sender));
      if (random() % 20 == 0) all.push_back(says(EvidenceKind::gone, number, "", ++at));
    }
  }
  std::set<std::set<RecordKey>> expected;
  for (int round = 0; round < 25; ++round) {
    auto persons = registry();
    for (Evidence const& one : all) {
      auto const done = persons.apply(one);
      ASSERT_TRUE(done);
      // What it says of a change is so.
      for (PersonChange const& change : *done->changes)
        ASSERT_EQ(persons.person(change.record), change.person);
    }
    ASSERT_EQ(persons.crowded(), 0u);
    if (round == 0) {
      expected = partition_of(persons);
      expect_doubts_are_explained(persons, all);
      EXPECT_GT(expected.size(), 50u);
      EXPECT_LT(expected.size(), persons.size());
    } else {
      ASSERT_EQ(partition_of(persons), expected) << "round " << round;
    }
    std::shuffle(all.begin(), all.end(), random);
  }
}

}  // namespace
}  // namespace hl7flow::linkage
