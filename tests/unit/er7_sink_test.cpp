// Messages go through the pipeline as they do in a run: read, parsed, written.

#include <gtest/gtest.h>

#include <hl7flow/pipeline/manifest.h>
#include <hl7flow/pipeline/message_id.h>
#include <hl7flow/pipeline/pipeline.h>

#include "tests/unit/sink_fixture.h"

namespace hl7flow {
namespace {

using test::TemporaryFolder;

constexpr std::string_view first = "MSH|^~\\&|A|B|C|D|20240131||ADT^A01|1|P|2.5\rPID|1||42\r";
constexpr std::string_view second = "MSH|^~\\&|A|B|C|D|20240131||ADT^A01|2|P|2.5\r\nPID|1||43\r\n";
constexpr std::string_view broken = "MSH|^^^^|A|B|C|D\rPID|1||44\r";

/// Writes `inputs` as files, runs them through the sink, and returns what is in its folder.
std::map<std::string, std::string> run(const std::vector<std::string>& inputs,
                                       test::SettingList settings = {}) {
  TemporaryFolder const in, out;
  ConfigNode paths;
  paths.kind = ConfigNode::Kind::list;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    std::string const path = in.path() + "/" + std::to_string(k) + ".hl7";
    std::ofstream(path, std::ios::binary) << inputs[k];
    paths.items.push_back(ConfigNode::text(path));
  }
  ConfigNode reading;
  reading.kind = ConfigNode::Kind::map;
  reading.entries.emplace_back("path", std::move(paths));
  settings.emplace_back("path", out.path());
  auto source = test::make<Source>("files", reading);
  auto parse = test::make<Stage>("parse", test::SettingList{});
  auto sink = test::make<Sink>("er7", settings);
  EXPECT_TRUE(source && parse && sink);
  Pipeline pipeline;
  pipeline.from(std::move(*source)).through(std::move(*parse)).into(std::move(*sink));
  auto const done = pipeline.run_inline();
  EXPECT_TRUE(done) << done.error().text;
  return test::read_all(out.path());
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (std::string_view const part : parts) text += part;
  return text;
}

TEST(Er7Sink, MessagesLeaveWithTheBytesTheyCameWith) {
  auto const files = run({joined({first, second, first})});
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files.at("part-00000.hl7"), joined({first, second, first}));
}

TEST(Er7Sink, WhatIsBetweenMessagesIsLeftOut) {
  auto const files = run({joined({"BHS|^~\\&|A\r", first, "\r\n", second, "BTS|2\r"})});
  EXPECT_EQ(files.at("part-00000.hl7"), joined({first, second}));
}

TEST(Er7Sink, AMessageWithoutLineEndGetsOne) {
  auto const files = run({std::string(first.substr(0, first.size() - 1)), std::string(second)});
  EXPECT_EQ(files.at("part-00000.hl7"), joined({first, second}));
}

TEST(Er7Sink, TerminatorsBecomeWhatIsAskedFor) {
  std::string const input = joined({first, second});
  auto const cr = run({input}, {{"terminator", "cr"}});
  EXPECT_EQ(cr.at("part-00000.hl7").find('\n'), std::string::npos);
  auto const lf = run({input}, {{"terminator", "lf"}});
  std::string expected = cr.at("part-00000.hl7");
  std::replace(expected.begin(), expected.end(), '\r', '\n');
  EXPECT_EQ(lf.at("part-00000.hl7"), expected);
  EXPECT_EQ(std::count(expected.begin(), expected.end(), '\n'), 4);
}

TEST(Er7Sink, AMessageAFileIsNamedByPlaceAndId) {
  auto const files = run({joined({first, second})}, {{"layout", "message"}});
  ASSERT_EQ(files.size(), 2u);
  auto const name = [](std::string_view ordinal, std::string_view raw) {
    MessageId const id = message_id(raw);
    return "part-00000/" + std::string(ordinal) + "-" + std::string(id.data(), id.size()) + ".hl7";
  };
  EXPECT_EQ(files.at(name("000000000", first)), first);
  EXPECT_EQ(files.at(name("000000001", second)), second);
}

TEST(Er7Sink, RejectedBytesAreKeptWithTheirPlaceAndReason) {
  auto const files = run({joined({first, broken, second})});
  EXPECT_EQ(files.at("part-00000.hl7"), joined({first, second}));
  EXPECT_EQ(files.at("rejects/part-00000.hl7"), broken);
  std::string const& list = files.at("rejects/part-00000.tsv");
  EXPECT_TRUE(list.starts_with("input\toffset\tsize\tcode\treason\n")) << list;
  std::string const place =
      "0.hl7\t" + std::to_string(first.size()) + '\t' + std::to_string(broken.size()) + '\t';
  EXPECT_NE(list.find(place + std::string(name(ErrorCode::bad_delimiters)) + '\t'),
            std::string::npos)
      << list;
}

TEST(Er7Sink, RejectsCanBeDropped) {
  EXPECT_EQ(run({joined({first, broken})}, {{"rejects", "none"}}).size(), 1u);
}

TEST(Er7Sink, FoldersOfAKilledRunAreRemoved) {
  TemporaryFolder const out;
  for (std::string const folder : {"part-00000", "part-00001", ".part-00002.part", "notes"}) {
    std::filesystem::create_directory(out.path() + "/" + folder);
    std::ofstream(out.path() + "/" + folder + "/000000000-id.hl7") << first;
  }
  Manifest manifest;
  manifest.files.push_back({"part-00000", "messages", 1, first.size()});
  ASSERT_TRUE(remove_orphans(out.path(), manifest));
  auto const files = test::read_all(out.path());
  ASSERT_EQ(files.size(), 2u);
  EXPECT_TRUE(files.contains("part-00000/000000000-id.hl7"));
  EXPECT_TRUE(files.contains("notes/000000000-id.hl7"));
}

TEST(Er7Sink, UnknownChoicesAreRefused) {
  std::vector<std::pair<std::string, std::string>> const wrong = {
      {"layout", "pile"}, {"terminator", "nul"}, {"rejects", ""}};
  for (auto const& setting : wrong) {
    auto const sink = test::make<Sink>("er7", {{"path", "unused"}, setting});
    ASSERT_FALSE(sink) << setting.first;
    EXPECT_EQ(sink.error().code, ErrorCode::bad_option);
  }
}

}  // namespace
}  // namespace hl7flow
