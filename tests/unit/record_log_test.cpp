#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <hl7flow/pipeline/record_log.h>

namespace hl7flow {
namespace {

namespace fs = std::filesystem;

struct Note {
  std::uint64_t number, square;
  std::array<std::uint64_t, 4> filling;
};
using Notes = RecordLog<Note>;

constexpr std::uint64_t window = 3'000'000;
constexpr std::uint64_t file_records = BlockFiles::file_blocks * Notes::block_records;

class RecordLogTest : public ::testing::Test {
 protected:
  RecordLogTest()
      : folder_(fs::path(::testing::TempDir()) /
                ("record_log_" +
                 std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::remove_all(folder_);
  }
  ~RecordLogTest() override { fs::remove_all(folder_); }

  Result<std::unique_ptr<Notes>, Failure> open(std::uint64_t next, std::uint64_t kept = window) {
    auto store = StateStore::open(folder_.string());
    if (!store) return tl::unexpected<Failure>(store.error());
    return Notes::open("test", std::move(*store), kept, next);
  }
  /// `mixed_in` tells the lives of a log apart.
  static void append(Notes& log, std::uint64_t end, std::uint64_t mixed_in = 0) {
    auto const held = log.hold();
    for (std::uint64_t k = log.next(); k < end; ++k)
      ASSERT_TRUE(log.append({k, k * k + mixed_in, {}}));
  }
  static void check(Notes& log, std::uint64_t number, std::uint64_t mixed_in = 0) {
    auto const note = log.at(number);
    ASSERT_TRUE(note) << note.error().text;
    EXPECT_EQ(note->number, number);
    EXPECT_EQ(note->square, number * number + mixed_in);
  }
  fs::path records() const { return folder_ / "records"; }

  fs::path folder_;
};

TEST_F(RecordLogTest, ReadsBackFromMemoryAndFromFiles) {
  auto log = open(0);
  ASSERT_TRUE(log) << log.error().text;
  append(**log, 1'000'000);
  std::mt19937_64 random(1);
  for (int k = 0; k < 2000; ++k) check(**log, random() % 1'000'000);
  EXPECT_EQ((*log)->first(), 0u);
}

TEST_F(RecordLogTest, InMemoryItKeepsItsWindow) {
  auto log = Notes::open("test", nullptr, 50'000, 0);
  ASSERT_TRUE(log);
  append(**log, 400'000);
  EXPECT_EQ((*log)->first(), 350'000u);
  for (std::uint64_t k = 350'000; k < 400'000; ++k) check(**log, k);
  EXPECT_TRUE((*log)->save(400'000));
}

TEST_F(RecordLogTest, GoesOnWhereItWasSaved) {
  // The ends of blocks and of what is written at once, and their neighbours.
  std::uint64_t const block = Notes::block_records;
  std::vector<std::uint64_t> const ends = {1,           block - 1,       block,       block + 1,
                                           256 * block, 256 * block + 7, 300 * block, 70'001};
  std::uint64_t begin = 0;
  for (std::uint64_t const end : ends) {
    auto log = open(begin);
    ASSERT_TRUE(log) << log.error().text;
    append(**log, end);
    ASSERT_TRUE((*log)->save(end));
    for (std::uint64_t k = 0; k < end; k += 13) check(**log, k);
    begin = end;
  }
  auto const store = StateStore::open(folder_.string());
  EXPECT_EQ((*store)->mark(), "70001");
}

TEST_F(RecordLogTest, GoesOnAtAnEarlierMark) {
  // Every mark that a manifest may have beside the state's own.
  std::uint64_t life = 0;
  for (std::uint64_t const mark : {90'000u, 89'999u, 85'000u, 84'990u, 40'000u, 41u, 0u}) {
    {
      auto log = open(mark == 90'000u ? 0 : mark);
      ASSERT_TRUE(log) << log.error().text;
      append(**log, 90'000);
      ASSERT_TRUE((*log)->save(90'000));
    }
    auto log = open(mark);
    ASSERT_TRUE(log) << log.error().text;
    append(**log, 120'000, ++life);
    // As if killed: nothing is saved. What lies behind the mark may not come back.
    log->reset();
    log = open(mark);
    ASSERT_TRUE(log) << log.error().text;
    append(**log, 100'000, ++life);
    ASSERT_TRUE((*log)->save(99'999));
    log->reset();
    log = open(99'999);
    ASSERT_TRUE(log) << log.error().text;
    for (std::uint64_t k = 0; k < 99'999; k += 7) check(**log, k, k < mark ? 0 : life);
  }
}

TEST_F(RecordLogTest, ASaveMayBeOfLongAgo) {
  auto log = open(0);
  append(**log, 30'000);
  ASSERT_TRUE((*log)->save(10'003));
  append(**log, 31'000);
  ASSERT_TRUE((*log)->save(30'999));
  append(**log, 40'000);
  log->reset();
  log = open(30'999);
  ASSERT_TRUE(log) << log.error().text;
  for (std::uint64_t k = 0; k < 30'999; ++k) check(**log, k);
}

TEST_F(RecordLogTest, FilesBehindTheWindowGo) {
  std::uint64_t const kept = 100'000;
  {
    auto log = open(0, kept);
    for (std::uint64_t end = file_records; end <= 4 * file_records; end += file_records / 2) {
      append(**log, end);
      ASSERT_TRUE((*log)->save(end));
    }
  }
  EXPECT_FALSE(fs::exists(records() / "00000000.records"));
  EXPECT_FALSE(fs::exists(records() / "00000001.records"));
  std::uint64_t const end = 4 * file_records;
  {
    auto log = open(end, kept);
    ASSERT_TRUE(log) << log.error().text;
    EXPECT_EQ((*log)->first(), end - kept);
    check(**log, end - kept);
  }
  // Of a mark so old there is nothing left: the log begins anew there, now and later.
  {
    auto log = open(1'000'007, kept);
    ASSERT_TRUE(log) << log.error().text;
    EXPECT_EQ((*log)->first(), 1'000'007u);
    append(**log, 1'050'000, 5);
    ASSERT_TRUE((*log)->save(1'050'000));
  }
  auto log = open(1'050'000, kept);
  ASSERT_TRUE(log) << log.error().text;
  EXPECT_EQ((*log)->first(), 1'000'007u);
  for (std::uint64_t k = 1'000'007; k < 1'050'000; ++k) check(**log, k, 5);
}

TEST_F(RecordLogTest, DamageIsAnErrorThatNamesTheFile) {
  {
    auto log = open(0);
    append(**log, 500'000);
    ASSERT_TRUE((*log)->save(500'000));
  }
  std::string const path = (records() / "00000000.records").string();
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 10 + 1000);
    file.put('x');
  }
  {
    auto log = open(500'000);
    ASSERT_TRUE(log);
    check(**log, Notes::read_records);
    auto const note = (*log)->at(10 * Notes::block_records);
    ASSERT_FALSE(note);
    EXPECT_NE(note.error().text.find(path), std::string::npos) << note.error().text;
    EXPECT_NE(note.error().text.find("damaged"), std::string::npos) << note.error().text;
  }
  fs::resize_file(path, 4096 * 100);
  EXPECT_FALSE(open(500'000)) << "records are missing";
  fs::remove_all(records());
  EXPECT_FALSE(open(500'000));
}

TEST_F(RecordLogTest, BlocksOfAnotherLayoutOrPlaceAreRefused) {
  fs::create_directories(folder_);
  auto* const memory = static_cast<std::byte*>(take_huge_pages(4 * BlockFiles::block_size));
  {
    auto files = BlockFiles::open(folder_.string(), 48);
    ASSERT_TRUE((*files)->write(0, memory, 4));
    ASSERT_TRUE((*files)->sync());
    EXPECT_TRUE((*files)->read(3, memory, 1));
  }
  auto files = BlockFiles::open(folder_.string(), 40);
  EXPECT_EQ((*files)->end(), 4u);
  auto const read = (*files)->read(1, memory, 1);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text.find("another version"), std::string::npos) << read.error().text;
  // A block that stands where another should.
  std::string const path = (folder_ / "00000000.records").string();
  std::ifstream from(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(from), {});
  std::ofstream(path, std::ios::binary) << bytes.substr(4096) + bytes.substr(0, 4096);
  EXPECT_FALSE((*files)->read(0, memory, 1));
  give_huge_pages(memory, 4 * BlockFiles::block_size);
}

TEST_F(RecordLogTest, AnOlderLayoutIsRefused) {
  {
    auto const store = StateStore::open(folder_.string());
    ASSERT_TRUE((*store)->put(numbered_key('s', 0), "records"));
    ASSERT_TRUE((*store)->sync("85"));
  }
  auto const log = open(85);
  ASSERT_FALSE(log);
  EXPECT_NE(log.error().text.find("older version"), std::string::npos) << log.error().text;
}

TEST_F(RecordLogTest, RemovedWithItsStore) {
  {
    auto log = open(0);
    append(**log, 100'000);
    ASSERT_TRUE((*log)->save(100'000));
    EXPECT_FALSE(open(0)) << "it is in use";
  }
  EXPECT_TRUE(fs::exists(records()));
  EXPECT_TRUE(StateStore::remove(folder_.string()));
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(RecordLogTest, SavesWhileItIsFilled) {
  auto log = open(0);
  std::atomic<std::uint64_t> filled{0};
  {
    std::jthread const filler([&] {
      while (filled < 3'000'000) {
        append(**log, filled + 1'000);
        filled += 1'000;
      }
    });
    while (filled < 2'900'000) ASSERT_TRUE((*log)->save(filled));
  }
  ASSERT_TRUE((*log)->save(2'999'990));
  log->reset();
  log = open(2'999'990);
  ASSERT_TRUE(log) << log.error().text;
  for (std::uint64_t k = 0; k < 2'999'990; k += 11) check(**log, k);
}

}  // namespace
}  // namespace hl7flow
