// What the views give, put together again, is the text: of every message of the corpus.

#include <hl7flow/pipeline/catalogue.h>
#include <hl7flow/pipeline/pipeline.h>

#include "tests/corpus/corpus.h"
#include "tests/unit/sink_fixture.h"

namespace hl7flow {
namespace {

std::string join(std::size_t count, char separator,
                 const std::function<std::string(std::size_t)>& part) {
  std::string text;
  for (std::size_t number = 1; number <= count; ++number) {
    if (number > 1) text += separator;
    text += part(number);
  }
  return text;
}

std::string rebuilt(const FieldView& component) {
  Delimiters const& by = component.delimiters();
  return join(component.subcomponent_count(), by.subcomponent,
              [&](std::size_t k) { return std::string(component.subcomponent(k).raw()); });
}
std::string rebuilt_repetition(const FieldView& repetition) {
  return join(repetition.component_count(), repetition.delimiters().component,
              [&](std::size_t k) { return rebuilt(repetition.component(k)); });
}
std::string rebuilt_field(const FieldView& field) {
  return join(field.repetition_count(), field.delimiters().repetition,
              [&](std::size_t k) { return rebuilt_repetition(field.repetition(k)); });
}

std::string rebuilt_segment(const SegmentView& segment) {
  std::string text(segment.id());
  char const separator = segment.field(1).delimiters().field;
  bool const header = segment.id() == "MSH";
  for (std::size_t number = header ? 2 : 1; number <= segment.field_count(); ++number) {
    text += separator;
    text += header && number == 2 ? std::string(segment.field(2).raw())
                                  : rebuilt_field(segment.field(number));
  }
  return text;
}

class CorpusRoundTrip : public test::CorpusTest {};

TEST_F(CorpusRoundTrip, PartsPutTogetherAreTheSegment) {
  std::uint64_t segments = 0;
  for (std::string const& path : test::corpus_files()) {
    TextBuffer text;
    text.append(test::read_whole(test::corpus_folder() + "/" + path));
    Er7Index index;
    index_er7(text, {}, index);
    for (std::size_t k = 0; k < index.messages.size(); ++k) {
      MessageView const message(text.data(), index, k);
      for (std::size_t s = 0; s < message.segment_count(); ++s, ++segments)
        ASSERT_EQ(rebuilt_segment(message.segment(s)), message.segment(s).raw())
            << path << " message " << k << " segment " << s;
    }
  }
  EXPECT_GT(segments, 20'000u);
}

using Messages = std::vector<std::string>;

/// The messages of a file, which the sink er7 writes to `folder`.
Messages copy(const std::string& file, const std::string& folder) {
  Messages messages;
  Pipeline pipeline;
  pipeline.from(make_source("files", {{"path", file}}))
      .through(make_stage("parse"))
      .through([&](Message& message) { messages.emplace_back(message.view().raw()); })
      .into(make_sink("er7", {{"path", folder}}));
  auto const report = pipeline.run_inline();
  EXPECT_TRUE(report) << file << ": " << report.error().text;
  return messages;
}

/// Equal, but for the terminator that a message must have to be followed by another.
bool same_message(const std::string& read, const std::string& read_again) {
  return read_again == read || read_again == read + "\r" || read_again == read + "\n";
}

TEST_F(CorpusRoundTrip, MessagesWrittenAreTheMessagesRead) {
  for (std::string const& path : test::corpus_files()) {
    test::TemporaryFolder const out;
    Messages const read = copy(test::corpus_folder() + "/" + path, out.path() + "/one");
    if (read.empty()) continue;
    Messages const again = copy(out.path() + "/one/part-00000.hl7", out.path() + "/two");
    ASSERT_EQ(again.size(), read.size()) << path;
    for (std::size_t k = 0; k < read.size(); ++k)
      EXPECT_TRUE(same_message(read[k], again[k])) << path << " message " << k;
  }
}

TEST_F(CorpusRoundTrip, AllVendorsMessagesInOneFileAreTheSameMessages) {
  test::TemporaryFolder const out;
  std::string const all = out.path() + "/all.hl7";
  Messages read;
  {
    std::ofstream file(all, std::ios::binary);
    for (std::string const& path : test::corpus_files()) {
      test::TemporaryFolder const one;
      for (std::string& message : copy(test::corpus_folder() + "/" + path, one.path()))
        read.push_back(std::move(message));
      file << test::read_file(one.path() + "/part-00000.hl7");
    }
  }
  Messages const again = copy(all, out.path() + "/two");
  ASSERT_EQ(again.size(), read.size());
  for (std::size_t k = 0; k < read.size(); ++k)
    EXPECT_TRUE(same_message(read[k], again[k])) << "message " << k << " " << read[k].substr(0, 80);
}

}  // namespace
}  // namespace hl7flow
