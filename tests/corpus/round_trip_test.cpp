// What goes in comes out: the ranges of messages and of what is between them tile every file, and
// the er7 sink gives back each message byte by byte.

#include "tests/corpus/corpus.h"
#include "tests/property/indexed.h"

namespace hl7flow::corpus {
namespace {

class CorpusRoundTrip : public CorpusTest {};

TEST_F(CorpusRoundTrip, MessagesAndWhatIsBetweenThemTileEachFile) {
  for (const File& input : files(is_v2)) {
    std::string const bytes = test::read_file(input.path);
    std::string tiled;
    auto const account = run(input, [&](const Batch& batch) {
      EXPECT_EQ(test::defect_of(batch.text, batch.raw_size, batch.index), "") << input.name;
      // The tiling is in order and without a gap: see defect_of. Here it is put together again.
      auto extra = batch.index.extras.begin();
      auto const add_extras = [&](std::size_t before) {
        for (; extra != batch.index.extras.end() && extra->before_message <= before; ++extra)
          tiled += batch.text.view().substr(extra->begin, extra->end - extra->begin);
      };
      for (std::size_t k = 0; k < batch.message_count(); ++k) {
        add_extras(k);
        tiled += batch.message(k).raw();
      }
      add_extras(batch.message_count());
    });
    ASSERT_TRUE(account) << input.name << ": " << account.error().text;
    EXPECT_TRUE(tiled == bytes) << input.name << " is not what its parts make";
  }
}

/// Passes files through the er7 sink and returns what it wrote.
std::string passed_through(const std::vector<std::string>& paths) {
  ConfigNode list;
  list.kind = ConfigNode::Kind::list;
  for (const std::string& path : paths) list.items.push_back(ConfigNode::text(path));
  ConfigNode reading;
  reading.kind = ConfigNode::Kind::map;
  reading.entries.emplace_back("path", std::move(list));
  test::TemporaryFolder const out;
  Pipeline pipeline;
  pipeline.from(test::make<Source>("files", reading))
      .through(test::make<Stage>("parse", test::SettingList{}))
      .into(test::make<Sink>("er7", test::SettingList{{"path", out.path()}}));
  auto const report = pipeline.run_inline();
  EXPECT_TRUE(report) << report.error().text;
  return test::read_file(out.path() + "/part-00000.hl7");
}

TEST_F(CorpusRoundTrip, Er7GivesTheMessagesBackByteByByte) {
  std::vector<std::string> paths;
  std::string expected;
  for (const File& input : files(is_v2)) {
    paths.push_back(input.path);
    auto const account = run(input, [&](const Batch& batch) {
      for (std::size_t k = 0; k < batch.message_count(); ++k) {
        if (!batch.is_accepted(k)) continue;
        expected += batch.message(k).raw();
        // The next message must begin a line.
        if (!expected.ends_with('\r') && !expected.ends_with('\n')) expected += '\r';
      }
    });
    ASSERT_TRUE(account) << input.name;
  }
  std::string const written = passed_through(paths);
  auto const differs = std::ranges::mismatch(written, expected).in1;
  EXPECT_TRUE(written == expected)
      << "from byte " << differs - written.begin()
      << " on: " << ::testing::PrintToString(std::string(differs, written.end()).substr(0, 200));

  // All vendors' messages in one file, with whatever line ends each has, are the same messages.
  test::TemporaryFolder const again;
  std::string const one = again.path() + "/all.hl7";
  std::ofstream(one, std::ios::binary) << written;
  EXPECT_TRUE(passed_through({one}) == written);
}

}  // namespace
}  // namespace hl7flow::corpus
