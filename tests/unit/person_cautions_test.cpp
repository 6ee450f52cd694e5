// Who may be two persons is left to a person to decide, also by way of a third record.

#include <algorithm>

#include <hl7flow/parsers/linkage/person_partition.h>

#include "tests/unit/registry_patients.h"

namespace hl7flow::linkage {
namespace {

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

}  // namespace
}  // namespace hl7flow::linkage
