// The real parts on many threads, small enough for ThreadSanitizer: what they share by mistake
// shows there. That their bytes are right is tested elsewhere.

#include <hl7flow/pipeline/catalogue.h>
#include <hl7flow/pipeline/pipeline.h>

#include "tests/unit/sink_fixture.h"

namespace hl7flow {
namespace {

class PipelineSinks : public testing::TestWithParam<std::string> {};

TEST_P(PipelineSinks, ShareNothingByMistake) {
  test::TemporaryFolder const folder;
  std::string const input = folder.path() + "/in.hl7";
  {
    std::ofstream file(input, std::ios::binary);
    for (int k = 0; k < 200; ++k)
      file << "MSH|^~\\&|LAB|HOSP|||20240301||ORU^R01|" << k << "|P|2.5.1\rPID|1||" << k % 9
           << "^^^HOSP^MR||Doe^Jane " << k
           << "\rOBR|1|||24323-8^CMP^LN\rOBX|1|NM|2345-7^Glucose^LN||" << k
           << ".5|mg/dL|70-99|H|||F|||20240301\r" << (k % 20 == 0 ? "MSH|&&&&|\r" : "");
  }
  Pipeline pipeline;
  pipeline
      .from(make_source("files", {{"path", input}, {"batch_size", 2048}, {"epoch_size", 12'000}}))
      .through(make_stage("parse"))
      .through(make_stage("tabulate"))
      .into(make_sink(GetParam(), {{"path", folder.path() + "/out"}}));
  RunOptions options;
  options.threads = 4;
  auto const run = pipeline.run(options);
  ASSERT_TRUE(run) << run.error().text;
  EXPECT_TRUE(run->account.closes());
  EXPECT_EQ(run->account.written, 200u);
  EXPECT_EQ(run->account.rejected, 10u);
  EXPECT_GT(test::read_all(folder.path() + "/out").size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Pipeline, PipelineSinks,
                         testing::Values("parquet", "arrow", "csv", "ndjson", "er7"),
                         [](auto const& sink) { return sink.param; });

}  // namespace
}  // namespace hl7flow
