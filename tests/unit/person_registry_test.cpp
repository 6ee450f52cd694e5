// Persons found or created as evidence comes: the result must not depend on its order.

#include <hl7flow/parsers/linkage/person_registry.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include <hl7flow/parsers/linkage/person_partition.h>
#include <hl7flow/parsers/linkage/similarity.h>
#include <hl7flow/parsers/simd/name_match.h>

namespace hl7flow::linkage {
namespace {

struct Patient {
  std::string given = "Maria", family = "Gonzalez", suffix, born = "19800131", sex = "F",
              address = "12 Oak Street", city = "Springfield", postcode = "62701",
              phone = "217-555-0143", email, identifier;
};

Evidence describes(std::string_view id, const Patient& patient, std::uint32_t at = 1) {
  Evidence made;
  made.record = record_key("GENERAL", id);
  made.at = at;
  made.said = 0x7f;
  made.person = pack({patient.given, patient.family, patient.suffix, patient.born, patient.sex,
                      patient.address, patient.city, patient.postcode, patient.phone, patient.email,
                      patient.identifier});
  made.keys = block_keys(made.person);
  return made;
}

Evidence says(EvidenceKind kind, std::string_view a, std::string_view b, std::uint32_t at = 1,
              Authority authority = Authority::sender) {
  Evidence made;
  made.kind = kind;
  made.authority = authority;
  made.at = at;
  made.record = record_key("GENERAL", a);
  made.other = record_key("GENERAL", b);
  return made;
}

PersonRegistry registry() { return PersonRegistry(RegistryOptions{}); }

PersonNumber apply(PersonRegistry& persons, const Evidence& evidence) {
  auto const done = persons.apply(evidence);
  EXPECT_TRUE(done) << done.error().text;
  return done ? done->person : no_number;
}

PersonNumber person_of(const PersonRegistry& persons, std::string_view id) {
  auto const record = persons.find(record_key("GENERAL", id));
  return record ? persons.person(*record) : no_number;
}

/// The records of each person, whatever their numbers.
std::set<std::set<RecordKey>> partition_of(const PersonRegistry& persons) {
  std::map<PersonNumber, std::set<RecordKey>> groups;
  for (RecordNumber k = 0; k < persons.size(); ++k)
    groups[persons.person(k)].insert(persons.key(k));
  std::set<std::set<RecordKey>> all;
  for (auto& [person, records] : groups) all.insert(std::move(records));
  return all;
}

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

TEST(PersonRegistry, LeavesTwinsNewbornsFathersAndJuniorsToAPerson) {
  struct Case {
    Patient a, b;
    Caution caution;
  };
  Patient twin, baby, boy, father, son, senior, junior;
  twin.given = "Rosa";
  baby.given = "BABYGIRL";
  baby.born = "20260101";
  boy.given = "BABYGIRL B";
  boy.born = "20260101";
  father.born = "19500131";
  son.born = "19800220";
  senior.suffix = "SR";
  junior.suffix = "JR";
  for (Case const& one :
       {Case{Patient{}, twin, Caution::twins}, Case{baby, boy, Caution::newborn},
        Case{father, son, Caution::generations}, Case{senior, junior, Caution::suffix}}) {
    auto persons = registry();
    PersonNumber const first = apply(persons, describes("1", one.a));
    auto const second = persons.apply(describes("2", one.b));
    ASSERT_TRUE(second);
    EXPECT_NE(second->person, first) << name(one.caution);
    ASSERT_EQ(second->reviews->size(), 1u) << name(one.caution);
    EXPECT_EQ(second->reviews->front().caution, one.caution);
  }
}

TEST(PersonRegistry, MoreNamesOfTwinsNewbornsAndJuniors) {
  auto const why = [](auto const& change_a, auto const& change_b) {
    Patient a, b;
    change_a(a);
    change_b(b);
    auto persons = registry();
    PersonNumber const first = apply(persons, describes("1", a));
    auto const second = persons.apply(describes("2", b));
    EXPECT_TRUE(second);
    if (second->person == first) return Caution::none;
    EXPECT_EQ(second->reviews->size(), 1u);
    return second->reviews->empty() ? Caution::none : second->reviews->front().caution;
  };
  auto const given = [](const char* name, const char* sex = "F", const char* identifier = "") {
    return [=](Patient& one) {
      one.given = name;
      one.sex = sex;
      one.identifier = identifier;
    };
  };
  for (const char* const name : {"BABYBOY", "Baby Girl", "NEWBORN", "Infant", "BB"})
    EXPECT_EQ(why(given(name), given(name)), Caution::newborn) << name;
  EXPECT_EQ(why(given("BABYBOY"), given("Oscar")), Caution::newborn);
  EXPECT_EQ(why(given("John Jr"), given("John Sr.")), Caution::suffix);
  EXPECT_EQ(why(given("Maria"), given("Mario", "M")), Caution::twins);
  EXPECT_EQ(why(given("Marta", "F", "231-45-6789"), given("Martha", "F", "602-98-1134")),
            Caution::twins);
  // A slip, in one value, is not enough.
  EXPECT_EQ(why(given("Marta"), given("Martha")), Caution::none);
  EXPECT_EQ(why(given("Mary", "F", "231-45-6789"), given("Mary", "F", "602-98-1134")),
            Caution::none);
  EXPECT_EQ(why(given("John"), given("John Jr")), Caution::none);
}

/// Applies the patients in each order; gives the persons, and checks that they are the same each
/// time.
std::set<std::set<RecordKey>> partition_in_any_order(
    const std::vector<Patient>& patients, const std::vector<Evidence>& bonds = {},
    std::set<std::pair<RecordKey, RecordKey>>* cautions = nullptr) {
  std::vector<std::size_t> order(patients.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::set<std::set<RecordKey>> found;
  do {
    auto persons = registry();
    std::set<std::pair<RecordKey, RecordKey>> seen;
    auto const take = [&](const Evidence& evidence) {
      auto const done = persons.apply(evidence);
      ASSERT_TRUE(done);
      for (PersonReview const& review : *done->reviews)
        if (review.caution != Caution::none)
          seen.insert(std::minmax(persons.key(review.a), persons.key(review.b)));
    };
    for (std::size_t const k : order) take(describes(std::to_string(k), patients[k]));
    for (Evidence const& bond : bonds) take(bond);
    auto const now = partition_of(persons);
    EXPECT_TRUE(found.empty() || found == now);
    if (!found.empty() && found != now) break;
    found = now;
    if (cautions != nullptr) *cautions = seen;
  } while (std::next_permutation(order.begin(), order.end()));
  return found;
}
std::set<RecordKey> records(std::initializer_list<const char*> ids) {
  std::set<RecordKey> made;
  for (const char* const id : ids) made.insert(record_key("GENERAL", id));
  return made;
}

TEST(PersonRegistry, NoThirdRecordJoinsWhoMayBeTwo) {
  using Persons = std::set<std::set<RecordKey>>;
  Patient senior, junior, nothing, undated, twin, both, unnamed, baby, oscar;
  senior.suffix = "Sr";
  senior.born = "19500203";
  junior.suffix = "Jr";
  undated.born = "";
  twin.given = "Harriet";
  both.given = "Maria Harriet";
  unnamed.given = "";
  baby.given = "BABYBOY";
  oscar.given = "Oscar";
  Patient undated_junior = junior, undated_senior = senior;
  undated_junior.born = undated_senior.born = "";
  struct Case {
    std::vector<Patient> patients;
    Persons expected;
  };
  Persons const all_apart = {records({"0"}), records({"1"}), records({"2"})};
  for (Case const& one :
       {Case{{junior, senior, nothing}, {records({"0", "2"}), records({"1"})}},
        Case{{junior, senior, undated}, all_apart},
        Case{{undated_junior, undated_senior, undated}, all_apart},
        Case{{junior, undated_senior, nothing, junior}, {records({"0", "2", "3"}), records({"1"})}},
        Case{{Patient{}, twin, unnamed}, all_apart}, Case{{Patient{}, twin, both}, all_apart},
        Case{{baby, baby, oscar}, all_apart}}) {
    std::set<std::pair<RecordKey, RecordKey>> cautions;
    EXPECT_EQ(partition_in_any_order(one.patients, {}, &cautions), one.expected)
        << &one.patients << " " << one.patients[0].suffix << one.patients[0].given;
    EXPECT_TRUE(
        cautions.contains(std::minmax(record_key("GENERAL", "0"), record_key("GENERAL", "1"))))
        << one.patients[0].suffix << one.patients[0].given;
  }
}

TEST(PersonRegistry, WhatBondsSayOfADoubtSpeaksForOthers) {
  using Persons = std::set<std::set<RecordKey>>;
  Patient senior, junior, baby, oscar, felix;
  senior.suffix = "Sr";
  junior.suffix = "Jr";
  baby.given = "BABYBOY";
  oscar.given = "Oscar";
  felix.given = "Felix";
  for (Authority const authority : {Authority::listed, Authority::sender, Authority::clerk}) {
    std::vector<Evidence> const bond = {says(EvidenceKind::same, "0", "1", 5, authority)};
    EXPECT_EQ(partition_in_any_order({junior, senior, Patient{}}, bond),
              Persons{records({"0", "1", "2"})});
    EXPECT_EQ(partition_in_any_order({junior, senior, senior}, bond),
              Persons{records({"0", "1", "2"})});
    // Another newborn, and a twin, are not explained by it.
    EXPECT_EQ(partition_in_any_order({baby, oscar, oscar, baby, felix}, bond),
              (Persons{records({"0", "1", "2"}), records({"3"}), records({"4"})}));
  }
  // An identifier says it as well.
  Patient numbered_baby = baby, numbered_oscar = oscar;
  numbered_baby.identifier = numbered_oscar.identifier = "231-45-6789";
  EXPECT_EQ(partition_in_any_order({numbered_baby, numbered_oscar, oscar, baby}),
            (Persons{records({"0", "1", "2"}), records({"3"})}));
}

TEST(PersonPartition, OfTooManyRecordsLinksJoinNone) {
  std::vector<PartitionNode> nodes;
  std::vector<PartitionBond> bonds;
  for (std::uint32_t k = 0; k < 20; ++k) {
    nodes.push_back({RecordKey{k, 1}, true});
    if (k > 1) bonds.push_back({1, k, true, Authority::sender});
  }
  std::vector<PartitionLink> const links = {{0, 1, 20}};
  PartitionOptions options;
  PersonPartition partition;
  auto const parts = [&] {
    auto const& groups = partition.divide(
        nodes, bonds, links, options, [](std::uint32_t, std::uint32_t) { return 20.0f; },
        [](std::uint32_t, std::uint32_t) { return Doubt::none; });
    return std::set<std::uint32_t>(groups.begin(), groups.end()).size();
  };
  EXPECT_EQ(parts(), 1u);
  options.linked_max = 19;
  EXPECT_EQ(parts(), 2u);
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
