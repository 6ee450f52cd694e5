// Real messages go through the conversion: nothing crashes, every account closes, and what is
// rejected is what rejects.expected says, for the reasons that it gives.

#include <map>
#include <tuple>

#include "tests/corpus/corpus.h"

namespace hl7flow::corpus {
namespace {

const fs::path expectation = fs::path(HL7FLOW_ROOT) / "tests/corpus/rejects.expected";

/// Rejected messages by file and error.
using Rejects = std::map<std::pair<std::string, std::string>, std::uint64_t>;

/// Lines of `count <tab> error <tab> file <tab> why`; '#' begins a comment.
Rejects read_expectation() {
  Rejects expected;
  std::istringstream lines(test::read_file(expectation.string()));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream cells(line);
    std::string count, error, file, why;
    std::getline(cells, count, '\t');
    std::getline(cells, error, '\t');
    std::getline(cells, file, '\t');
    std::getline(cells, why, '\t');
    EXPECT_GT(why.size(), 10u) << "a line that does not say why: " << line;
    EXPECT_TRUE(expected.try_emplace({file, error}, std::stoull(count)).second) << line;
  }
  return expected;
}

class CorpusConversion : public CorpusTest {};

TEST_F(CorpusConversion, RejectsWhatTheTableSaysAndLosesNothing) {
  auto const inputs = files(is_v2);
  ASSERT_GT(inputs.size(), 900u) << "the walk found too little of " << folder();
  Rejects rejects;
  std::map<std::pair<std::string, std::string>, std::string> shown;
  std::uint64_t messages = 0, rejected = 0;
  for (const File& input : inputs) {
    auto const account = run(input, [&](const Batch& batch) {
      for (std::size_t k = 0; k < batch.message_count(); ++k) {
        if (batch.fates[k] != Fate::rejected) continue;
        auto const key =
            std::pair(input.name, std::string(name(batch.index.messages[k].error.code)));
        ++rejects[key];
        shown[key] += "\n    " + ::testing::PrintToString(batch.message(k).raw().substr(0, 100));
      }
    });
    ASSERT_TRUE(account) << input.name << ": " << account.error().text;
    EXPECT_TRUE(account->closes()) << input.name;
    EXPECT_EQ(account->bytes_in, fs::file_size(input.path)) << input.name;
    messages += account->messages_in;
    rejected += account->rejected;
  }
  Rejects const expected = read_expectation();
  for (auto const& [key, count] : rejects) {
    auto const line = expected.find(key);
    EXPECT_EQ(count, line == expected.end() ? 0 : line->second)
        << key.first << ": " << key.second << shown[key];
  }
  for (auto const& [key, count] : expected)
    EXPECT_TRUE(rejects.contains(key)) << key.first << ": nothing is rejected as " << key.second;
  std::cout << inputs.size() << " files, " << messages << " messages, " << rejected
            << " rejected\n";
}

TEST_F(CorpusConversion, WithstandsFilesThatAreSomethingElse) {
  auto const others = files([](const fs::path& path) { return !is_v2(path); });
  for (const File& input : others) {
    auto const account = run(input, [](const Batch&) {});
    if (account)
      EXPECT_TRUE(account->closes()) << input.name;
    else
      EXPECT_EQ(account.error().code, ErrorCode::archive) << input.name << account.error().text;
  }
}

}  // namespace
}  // namespace hl7flow::corpus
