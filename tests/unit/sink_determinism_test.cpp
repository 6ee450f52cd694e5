// Same input and configuration, same output bytes: whatever the threads, whatever the batches.

#include <gtest/gtest.h>

#include <random>

#include <hl7flow/pipeline/pipeline.h>

#include "tests/unit/sink_fixture.h"

namespace hl7flow {
namespace {

using test::TemporaryFolder;

/// Small messages, some rejected, some in Latin-1, and the 701st with a value over 1 MiB.
std::string messages(int count) {
  std::mt19937_64 random(3);
  std::string text;
  for (int n = 0; n < count; ++n) {
    std::string const number = std::to_string(n);
    text += n % 97 == 5 ? "MSH|^^^^|A|B\r" : "MSH|^~\\&|A|B|C|D|202401311030||ORU^R01|" + number;
    if (n % 97 != 5) text += n % 31 == 3 ? "|P|2.5||||||8859/1\r" : "|P|2.5\r";
    text +=
        "PID|1||" + std::to_string(random() % 5000) + "^^^H^MR||M\\F\\ller^\"An, na\"||19700101\r";
    if (n % 31 == 3) text += "NTE|1||caf\xe9 au lait, d\xe9j\xe0 vu\r";
    text += "OBR|1|||" + std::to_string(random() % 50) + "^Panel\r";
    for (std::uint64_t k = random() % 8; k > 0; --k)
      text += "OBX|" + std::to_string(k) + "|NM|718-7^Hemoglobin||" +
              std::to_string(random() % 200) + "|g/dL|||||F|||20240131\r";
    if (n == 700) text += "OBX|9|TX|X^Report||" + std::string((1u << 20) + 5, 'x') + "\r";
  }
  return text;
}

using Files = std::map<std::string, std::string>;

struct Job {
  std::string sink;
  test::SettingList settings;
  std::string epoch_size = "600KiB";
  int messages = 1500;

  friend void PrintTo(const Job& job, std::ostream* out) { *out << job.sink; }
};

class SinkDeterminism : public testing::TestWithParam<Job> {
 protected:
  static Files run(const std::string& input, std::uint32_t threads, const std::string& batch_size) {
    Job const& job = GetParam();
    TemporaryFolder const out;
    test::SettingList settings = job.settings;
    settings.emplace_back("path", out.path());
    auto source = test::make<Source>(
        "files", {{"path", input}, {"batch_size", batch_size}, {"epoch_size", job.epoch_size}});
    auto parse = test::make<Stage>("parse", test::SettingList{});
    auto tabulate = test::make<Stage>("tabulate", test::SettingList{});
    auto sink = test::make<Sink>(job.sink, settings);
    EXPECT_TRUE(source && parse && tabulate && sink);
    Pipeline pipeline;
    pipeline.from(std::move(*source))
        .through(std::move(*parse))
        .through(std::move(*tabulate))
        .into(std::move(*sink));
    RunOptions options;
    options.threads = threads;
    auto const done = threads == 0 ? pipeline.run_inline() : pipeline.run(options);
    EXPECT_TRUE(done) << done.error().text;
    return test::read_all(out.path());
  }
};

TEST_P(SinkDeterminism, BytesDependNeitherOnThreadsNorOnBatches) {
  TemporaryFolder const in;
  std::string const input = in.path() + "/input.hl7";
  std::ofstream(input, std::ios::binary) << messages(GetParam().messages);
  Files const expected = run(input, 0, "256KiB");
  ASSERT_GT(expected.size(), 2u);
  for (std::uint32_t const threads : {1u, 2u, 4u})
    for (std::string const batch_size : {"1KiB", "20KiB", "4MiB"}) {
      Files const found = run(input, threads, batch_size);
      ASSERT_EQ(found.size(), expected.size());
      for (auto const& [path, content] : expected) {
        ASSERT_TRUE(found.contains(path)) << path;
        // Not EXPECT_EQ: nobody reads two megabytes of difference.
        EXPECT_TRUE(found.at(path) == content)
            << path << " differs with " << threads << " threads and batches of " << batch_size;
      }
    }
}

INSTANTIATE_TEST_SUITE_P(Sinks, SinkDeterminism,
                         testing::Values(Job{"csv", {}}, Job{"ndjson", {}},
                                         Job{"arrow", {{"batch_rows", "1000"}}},
                                         Job{"parquet", {{"row_group_rows", "1000"}}},
                                         Job{"er7", {}},
                                         Job{"er7", {{"layout", "message"}}, "1GiB", 150}),
                         [](auto const& job) {
                           bool const has_layout = !job.param.settings.empty() &&
                                                   job.param.settings[0].first == "layout";
                           return job.param.sink + (has_layout ? "_messages" : "");
                         });

}  // namespace
}  // namespace hl7flow
