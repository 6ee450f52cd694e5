// Ctrl-C and SIGTERM: the run ends soon, leaves nothing half done, and can be resumed.

#include "tests/e2e/process.h"
#include "tests/e2e/program.h"

namespace hl7flow::testing {
namespace {

class Signals : public ProgramTest {
 protected:
  static constexpr const char* convert = "convert day.hl7 -j 2 --epoch-size 1MiB -q --out ";

  void make_day() {
    ASSERT_EQ(run("generate -n 60000 --seed 12 -q --out day.hl7").exit, 0);
    ASSERT_EQ(run(convert + std::string("whole")).exit, 0);
  }

  /// Waits until the file is there, or the program has ended.
  void wait_for(const std::string& name, Process& process) const {
    while (!exists(name) && process.running())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  void stop_and_resume(int number, int exit) {
    make_day();
    Process process(folder_, convert + std::string("out"));
    wait_for("out/messages/part-00001.parquet", process);
    process.signal(number);
    ASSERT_EQ(process.wait(), exit) << process.errors();
    EXPECT_EQ(process.errors(), "hl7flow: stopped; what is committed stays, --resume goes on\n");
    Content const left = content_of(folder_ / "out");
    EXPECT_EQ(half_files(left), std::vector<std::string>{});
    EXPECT_TRUE(left.contains("messages/part-00000.parquet"));
    for (auto const& [path, bytes] : left)
      EXPECT_TRUE(path == "_manifest.json" ||
                  left.at("_manifest.json").find('"' + path + '"') != std::string::npos)
          << path << " is not in the manifest";
    Outcome const resumed = run(convert + std::string("out --resume"));
    ASSERT_EQ(resumed.exit, 0) << resumed.err;
    EXPECT_TRUE(same(content_of(folder_ / "out"), content_of(folder_ / "whole")));
  }
};

TEST_F(Signals, InterruptIs130) { stop_and_resume(SIGINT, 130); }
TEST_F(Signals, TerminateIs143) { stop_and_resume(SIGTERM, 143); }

TEST_F(Signals, ARunThatWaitsForInputEndsToo) {
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  Process process(folder_, "convert - -q --out out", pipe[0]);
  wait_for("out/_manifest.json", process);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  process.signal(SIGINT);
  auto const began = std::chrono::steady_clock::now();
  EXPECT_EQ(process.wait(), 130) << process.errors();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  EXPECT_EQ(half_files(content_of(folder_ / "out")), std::vector<std::string>{});
  ::close(pipe[0]);
  ::close(pipe[1]);
}

}  // namespace
}  // namespace hl7flow::testing
