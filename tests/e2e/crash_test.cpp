// A run that is killed at any moment and resumed leaves the bytes of a run that was not.

#include <algorithm>
#include <random>

#include "tests/e2e/process.h"
#include "tests/e2e/program.h"

namespace hl7flow::testing {
namespace {

using Clock = std::chrono::steady_clock;

class Crash : public ProgramTest {
 protected:
  /// About 20 MB, in twenty epochs.
  static constexpr const char* convert = "convert day.hl7 --epoch-size 1MiB -q --out ";

  void SetUp() override {
    ProgramTest::SetUp();
    ASSERT_EQ(run("generate -n 22000 --seed 11 --defects 0.01 -q --out day.hl7").exit, 0);
    auto const began = Clock::now();
    ASSERT_EQ(run(convert + std::string("whole")).exit, 0);
    took_ = Clock::now() - began;
    whole_ = content_of(folder_ / "whole");
    ASSERT_GT(whole_.size(), 100u);
  }

  /// Starts or resumes a conversion to OUT and kills it at a random moment; false if it had ended.
  bool kill_one(const std::string& out) {
    Process process(folder_, convert + out + (exists(out) ? " --resume" : ""));
    std::uniform_int_distribution<Clock::rep> moment(0, Clock::duration(took_).count());
    std::this_thread::sleep_for(Clock::duration(moment(random_)));
    process.signal(SIGKILL);
    int const end = process.wait();
    EXPECT_TRUE(end == -SIGKILL || end == 0) << end << process.errors();
    return end == -SIGKILL;
  }

  Clock::duration took_{};
  Content whole_;
  std::mt19937_64 random_{std::random_device{}()};
};

TEST_F(Crash, FiftyKilledRunsEndLikeOneThatWasNot) {
  int killed = 0;
  for (int k = 0; k < 50; ++k) {
    killed += kill_one("out") ? 1 : 0;
    Outcome const resumed = run(convert + std::string("out --resume"));
    ASSERT_EQ(resumed.exit, 0) << resumed.err;
    ASSERT_TRUE(same(content_of(folder_ / "out"), whole_)) << "kill " << k;
    std::filesystem::remove_all(folder_ / "out");
  }
  EXPECT_GT(killed, 25);
}

TEST_F(Crash, ARunMayBeKilledAgainAndAgain) {
  for (int round = 0; round < 4; ++round) {
    int killed = 0;
    while (killed < 6 && kill_one("out")) ++killed;
    Outcome const resumed = run(convert + std::string("out --resume"));
    ASSERT_EQ(resumed.exit, 0) << resumed.err;
    ASSERT_TRUE(same(content_of(folder_ / "out"), whole_)) << killed << " kills";
    std::filesystem::remove_all(folder_ / "out");
  }
}

TEST_F(Crash, TextAndMessagesAreResumedToo) {
  for (const char* const format : {"csv", "ndjson", "er7", "arrow"}) {
    std::string const options = std::string(" --format ") + format;
    ASSERT_EQ(run(convert + std::string("expected") + options).exit, 0);
    Content const expected = content_of(folder_ / "expected");
    for (int k = 0; k < 3; ++k) {
      Process process(folder_, convert + std::string("out") + options);
      std::uniform_int_distribution<Clock::rep> moment(0, took_.count());
      std::this_thread::sleep_for(Clock::duration(moment(random_)));
      process.signal(SIGKILL);
      process.wait();
      Outcome const resumed = run(convert + std::string("out --resume") + options);
      ASSERT_EQ(resumed.exit, 0) << resumed.err;
      ASSERT_TRUE(same(content_of(folder_ / "out"), expected)) << format;
      std::filesystem::remove_all(folder_ / "out");
    }
    std::filesystem::remove_all(folder_ / "expected");
  }
}

TEST_F(Crash, WhatWasSeenSurvivesWithTheOutputThatItDecided) {
  write("twice.hl7", read("day.hl7") + read("day.hl7"));
  std::string const twice = "convert twice.hl7 --epoch-size 1MiB -q ";
  for (std::string const& options :
       {std::string("--dedupe --out "), std::string("--dedupe-state seen --out "),
        std::string("--flag-repeats --out "), std::string("--repeat-state seen --out ")}) {
    ASSERT_EQ(run(twice + options + "expected").exit, 0);
    Content const expected = content_of(folder_ / "expected");
    EXPECT_FALSE(exists("expected/_state") || exists("expected/_orders"))
        << "it only served to go on";
    int killed = 0;
    for (int k = 0; k < 8; ++k) {
      std::filesystem::remove_all(folder_ / "seen");
      Process process(folder_, twice + options + "out");
      std::uniform_int_distribution<Clock::rep> moment(0, took_.count() * 3 / 2);
      std::this_thread::sleep_for(Clock::duration(moment(random_)));
      process.signal(SIGKILL);
      killed += process.wait() == -SIGKILL ? 1 : 0;
      Outcome const resumed = run(twice + options + "out --resume");
      ASSERT_EQ(resumed.exit, 0) << resumed.err;
      ASSERT_TRUE(same(content_of(folder_ / "out"), expected)) << options << k;
      std::filesystem::remove_all(folder_ / "out");
    }
    EXPECT_GT(killed, 2);
    std::filesystem::remove_all(folder_ / "expected");
  }
}

/// Without the numbers of runs in the manifest: a run that was killed before it had begun has taken
/// one of its state already.
Content without_run_numbers(Content content) {
  std::string& manifest = content["_manifest.json"];
  for (std::size_t at = manifest.find('#'); at != std::string::npos; at = manifest.find('#'))
    manifest.erase(at, manifest.find('"', at) - at);
  return content;
}

TEST_F(Crash, AHundredKilledRunsFindTheSamePersons) {
  // Every message a merge, a link or a description of one of a few hundred patients.
  std::string text;
  for (int k = 0; k < 12'000; ++k) {
    // Merges among the eight records of a family; one in ten descriptions moves somebody.
    const char* const families[] = {"Abbot", "Barnes", "Castle", "Dalton", "Everett", "Fisher"};
    const char* const given[] = {"Ann", "Boris", "Chloe", "Dmitri", "Esther", "Farid", "Greta"};
    int const family = k % 90;
    auto const number = [&](int of) {
      return std::to_string(family) + "-" + std::to_string(of % 8) + "^^^HOSP^MR";
    };
    int const member = k / 90 + (k % 10 == 0 ? 1 : 0);
    std::string const time = std::to_string(20240101000000 + k);
    const char* const event = k % 3 == 0 ? "A40" : k % 7 == 0 ? "A37" : "A08";
    text += "MSH|^~\\&|A|HOSP|||" + time + "||ADT^" + event + "|" + std::to_string(k) +
            "|P|2.5\rPID|1||" + number(k / 90) + "||" + families[family % 6] + "^" +
            given[member % 7] + "||" + std::to_string(1930 + family) + "0" +
            std::to_string(1 + member % 9) + "17\r";
    if (k % 3 == 0)
      text += "MRG|" + number(k / 90 + k % 5) + "\r";
    else if (k % 7 == 0)
      text += "PID|2||" + number(k / 90 + k % 3 + 1) + "\r";
  }
  write("merges.hl7", text);
  std::string const merges =
      "convert merges.hl7 --epoch-size 64KiB --batch-size 16KiB --format csv -q --out ";
  const char* const ways[] = {" --identify", " --identify-state persons"};
  Content expected[2];
  Clock::duration took{};
  for (int way = 0; way < 2; ++way) {
    auto const began = Clock::now();
    ASSERT_EQ(run(merges + "expected" + ways[way]).exit, 0);
    took = Clock::now() - began;
    expected[way] = without_run_numbers(content_of(folder_ / "expected"));
    std::filesystem::remove_all(folder_ / "expected");
  }
  int killed = 0;
  for (int k = 0; k < 100; ++k) {
    std::string const how = ways[k % 2];
    std::filesystem::remove_all(folder_ / "persons");
    std::filesystem::remove_all(folder_ / "out");
    Process process(folder_, merges + "out" + how);
    std::uniform_int_distribution<Clock::rep> moment(0, took.count());
    std::this_thread::sleep_for(Clock::duration(moment(random_)));
    process.signal(SIGKILL);
    bool const in_time = process.wait() == -SIGKILL;
    killed += in_time ? 1 : 0;
    // The machine is less busy than when the time was taken.
    if (!in_time) took = took * 9 / 10;
    Outcome const resumed = run(merges + "out --resume" + how);
    ASSERT_EQ(resumed.exit, 0) << resumed.err;
    ASSERT_TRUE(same(without_run_numbers(content_of(folder_ / "out")), expected[k % 2]))
        << how << k;
  }
  EXPECT_GT(killed, 50);
}

TEST_F(Crash, AnOutputThatIsReplacedTakesItsStateWithIt) {
  std::string const once = "convert day.hl7 -q --dedupe-state seen --summary json --out ";
  auto const duplicates = [&](const std::string& out) {
    std::string const text = run(once + out).out;
    auto const at = text.find("\"duplicates\": ");
    return at == std::string::npos ? -1 : std::stoi(text.substr(at + 14));
  };
  ASSERT_EQ(duplicates("out"), 0);
  EXPECT_EQ(duplicates("out --overwrite"), 0) << "what it replaces does not count";
  EXPECT_GT(duplicates("other"), 21000) << "all but what is rejected";
  EXPECT_EQ(duplicates("out --overwrite"), 0) << "the other run had nothing of its own to remember";
}

TEST_F(Crash, ResumeRefusesOtherInputsAndSettings) {
  ASSERT_TRUE(kill_one("out") || exists("out"));
  ASSERT_EQ(run(convert + std::string("out --resume")).exit, 0);
  Outcome const other = run("convert day.hl7 --epoch-size 2MiB -q --out out --resume");
  EXPECT_EQ(other.exit, 64);
  EXPECT_NE(other.err.find("other settings"), std::string::npos) << other.err;
  std::ofstream(folder_ / "day.hl7", std::ios::app) << "MSH|^~\\&|A|||||||9|P|2.5\r";
  Outcome const changed = run(convert + std::string("out --resume"));
  EXPECT_EQ(changed.exit, 64);
  EXPECT_NE(changed.err.find("have changed"), std::string::npos) << changed.err;
  EXPECT_TRUE(same(content_of(folder_ / "out"), whole_));
}

TEST_F(Crash, ResumeTouchesNoFolderThatIsNotItsOwn) {
  std::filesystem::create_directories(folder_ / "other");
  write("other/part-00000.parquet", "somebody's");
  Outcome const refused = run(convert + std::string("other --resume"));
  EXPECT_EQ(refused.exit, 64) << refused.err;
  EXPECT_EQ(read("other/part-00000.parquet"), "somebody's");
  EXPECT_FALSE(exists("other/_manifest.json"));
}

}  // namespace
}  // namespace hl7flow::testing
