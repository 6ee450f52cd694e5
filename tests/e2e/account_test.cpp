// The account: printed for people and programs, and it closes.

#include <simdjson.h>

#include "tests/e2e/process.h"
#include "tests/e2e/program.h"

namespace hl7flow::testing {
namespace {

class AccountOfARun : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    ASSERT_EQ(run("generate -n 2000 --seed 8 --defects 0.1 -q --out odd.hl7").exit, 0);
    write("odd.hl7", "garbage before\n" + read("odd.hl7"));
  }
};

TEST_F(AccountOfARun, IsTheLastLineOfStdoutAndCloses) {
  Outcome const outcome = run("convert odd.hl7 --out out --where 'MSH-9.1=ADT' --summary json");
  ASSERT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_NE(outcome.err.find(" messages in = "), std::string::npos);
  EXPECT_NE(outcome.err.find(" bytes in = "), std::string::npos);
  ASSERT_TRUE(outcome.out.ends_with("\n"));
  std::size_t const line = outcome.out.rfind('\n', outcome.out.size() - 2);
  std::string const last = outcome.out.substr(line == std::string::npos ? 0 : line + 1);
  simdjson::dom::parser parser;
  simdjson::dom::element account;
  ASSERT_EQ(parser.parse(last).get(account), simdjson::SUCCESS) << last;
  auto const count = [&](const char* key) {
    std::uint64_t value = 0;
    EXPECT_EQ(account[key].get(value), simdjson::SUCCESS) << key;
    return value;
  };
  EXPECT_GT(count("rejected"), 0u);
  EXPECT_GT(count("filtered"), 0u);
  EXPECT_GT(count("bytes_skipped"), 0u);
  EXPECT_EQ(count("messages_in"),
            count("written") + count("duplicates") + count("rejected") + count("filtered"));
  EXPECT_EQ(count("bytes_in"), std::filesystem::file_size(folder_ / "odd.hl7"));
  EXPECT_EQ(count("bytes_in"),
            count("bytes_messages") + count("bytes_framing") + count("bytes_skipped"));
  std::uint64_t rows = 0;
  ASSERT_EQ(account["rows"]["rejects"].get(rows), simdjson::SUCCESS);
  EXPECT_EQ(rows, count("rejected"));
}

TEST_F(AccountOfARun, OfAResumedRunIsThatOfTheWholeConversion) {
  auto const without_times = [](std::string text) {
    return text.substr(0, text.find("\"stages\""));
  };
  std::string const convert = "convert odd.hl7 --epoch-size 100KiB --summary json ";
  Outcome const whole = run(convert + "--out whole");
  ASSERT_EQ(whole.exit, 0) << whole.err;
  Process process(folder_, "convert odd.hl7 --epoch-size 100KiB --out out");
  while (!exists("out/messages/part-00003.parquet") && process.running())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  process.signal(SIGKILL);
  process.wait();
  Outcome const resumed = run(convert + "--out out --resume");
  ASSERT_EQ(resumed.exit, 0) << resumed.err;
  EXPECT_EQ(without_times(resumed.out), without_times(whole.out));
}

TEST_F(AccountOfARun, StrictMakesRejectsAFailure) {
  Outcome const strict = run("convert odd.hl7 --out strict --strict");
  EXPECT_EQ(strict.exit, 1);
  EXPECT_TRUE(same(content_of(folder_ / "strict"),
                   (run("convert odd.hl7 --out lenient"), content_of(folder_ / "lenient"))));
  ASSERT_EQ(run("generate -n 100 --seed 8 -q --out good.hl7").exit, 0);
  EXPECT_EQ(run("convert good.hl7 --out good --strict").exit, 0);
}

TEST_F(AccountOfARun, QuietSaysNothing) {
  Outcome const outcome = run("convert odd.hl7 --out out -q");
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_EQ(outcome.err + outcome.out, "");
}

}  // namespace
}  // namespace hl7flow::testing
