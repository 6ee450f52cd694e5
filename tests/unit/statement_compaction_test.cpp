#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include <hl7flow/stages/identify/known_persons.h>

namespace hl7flow::stages {
namespace {

using linkage::EvidenceKind;
using linkage::RecordNumber;

/// A state with statements about fifty records, most of which do not count any more.
class StatementCompaction : public ::testing::Test {
 protected:
  StatementCompaction() {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("compaction_" +
               std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
  }
  ~StatementCompaction() override { std::filesystem::remove_all(folder_); }

  std::shared_ptr<StateStore> store() const {
    auto opened = StateStore::open(folder_.string());
    EXPECT_TRUE(opened);
    return std::move(*opened);
  }
  static std::unique_ptr<KnownPersons> open(const std::shared_ptr<StateStore>& store) {
    auto const at = store->mark().empty() ? LogPosition() : *LogPosition::read(store->mark());
    auto known = KnownPersons::open(store, at, PersonOptions());
    EXPECT_TRUE(known) << (known ? "" : known.error().text);
    return std::move(*known);
  }

  void say(KnownPersons& known, int count) {
    PersonFindings findings;
    auto const held = known.log().hold();
    for (int k = 0; k < count; ++k) {
      PersonStatement statement;
      auto const any = [&](unsigned most) { return static_cast<int>(random_() % most); };
      std::string const record = std::to_string(any(50)), other = std::to_string(any(50));
      std::string const name = std::string("Name") + static_cast<char>('a' + any(3)),
                        born = std::to_string(19800101 + any(3));
      statement.record = {"A", record};
      // Late ones, and several at one time, for it is to count the same.
      statement.at = 1000 + static_cast<std::uint32_t>(any(400));
      switch (any(40)) {
        case 0:
          statement.kind = EvidenceKind::gone;
          break;
        case 1:
          statement.kind = any(2) == 0 ? EvidenceKind::same : EvidenceKind::different;
          statement.authority = static_cast<linkage::Authority>(any(3));
          statement.other = {"A", other};
          if (any(4) == 0) statement.kind = EvidenceKind::open;
          break;
        default:
          statement.said = static_cast<std::uint8_t>(any(128));
          statement.cleared = static_cast<std::uint8_t>(any(128) & ~statement.said & any(128));
          statement.texts = {"Ann",   name,    "", born, "f", "1 Elm Street",
                             "Salem", "97301", "", "",   ""};
      }
      std::string words;
      append_statement(statement, words);
      ASSERT_TRUE(known.say(evidence_of(statement), words));
      known.end_message(0, findings);
    }
  }

  static void expect_same(const KnownPersons& a, const KnownPersons& b) {
    ASSERT_EQ(a.registry().size(), b.registry().size());
    for (RecordNumber record = 0; record < a.registry().size(); ++record) {
      ASSERT_EQ(a.registry().key(record), b.registry().key(record));
      ASSERT_EQ(a.name_of(record).identifier, b.name_of(record).identifier);
      ASSERT_EQ(a.registry().described(record), b.registry().described(record)) << record;
      ASSERT_EQ(a.registry().person(record), b.registry().person(record)) << record;
    }
  }

  std::filesystem::path folder_;
  std::mt19937 random_{3};
};

TEST_F(StatementCompaction, TheSamePersonsFromFewerStatements) {
  auto kept = store();
  auto known = open(kept);
  for (int round = 0; round < 6; ++round) {
    say(*known, 4000);
    ASSERT_TRUE(known->log().save(known->log().at().next));
    std::uint64_t const before = known->log().at().next;
    auto whole = open(kept);
    expect_same(*known, *whole);
    auto anew = KnownPersons::compacted(std::move(whole), 0);
    ASSERT_TRUE(anew) << anew.error().text;
    EXPECT_LT((*anew)->log().at().next, before / 3);
    EXPECT_EQ((*anew)->log().at().generation, static_cast<std::uint64_t>(round) + 1);
    expect_same(*known, **anew);
    // What is said later has the same effect on both, whatever its time.
    std::mt19937 const now = random_;
    std::mt19937 const later = random_;
    auto other = open(kept);
    random_ = now;
    say(*other, 200);
    random_ = later;
    say(*known, 200);
    expect_same(*known, *other);
    known = open(kept);
  }
}

TEST_F(StatementCompaction, AKilledOneLeavesTheOldLogWhole) {
  auto kept = store();
  auto known = open(kept);
  say(*known, 3000);
  ASSERT_TRUE(known->log().save(known->log().at().next));
  // Blocks of the next generation, of which no mark speaks.
  StatementLog left(kept, {0, 1}, {});
  for (int k = 0; k < 100; ++k) ASSERT_TRUE(left.append("no statement"));
  auto again = open(kept);
  expect_same(*known, *again);
  auto anew = KnownPersons::compacted(std::move(again), 0);
  ASSERT_TRUE(anew) << anew.error().text;
  expect_same(*known, **anew);
  anew->reset();
  expect_same(*known, *open(kept));
}

TEST_F(StatementCompaction, AMarkOfALogThatIsGoneIsRefused) {
  {
    auto kept = store();
    auto known = open(kept);
    say(*known, 3000);
    ASSERT_TRUE(known->log().save(3000));
    auto const anew = KnownPersons::compacted(open(kept), 0);
    ASSERT_TRUE(anew);
    EXPECT_NE(kept->mark(), "3000");
  }
  NumberedState state("identify", folder_.string(), true);
  auto const opened = state.open("3000");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::usage);
}

TEST_F(StatementCompaction, FewStatementsStayAsTheyAre) {
  auto kept = store();
  auto known = open(kept);
  say(*known, 3000);
  ASSERT_TRUE(known->log().save(3000));
  auto const same = KnownPersons::compacted(open(kept));
  ASSERT_TRUE(same);
  EXPECT_EQ((*same)->log().at().next, 3000u);
  EXPECT_EQ((*same)->log().at().generation, 0u);
}

}  // namespace
}  // namespace hl7flow::stages
