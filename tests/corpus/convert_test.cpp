// Every file of the corpus that has a message through the whole flow: nothing is lost, and what is
// rejected is rejected for the reasons of rejects.expected.

#include <hl7flow/pipeline/catalogue.h>
#include <hl7flow/pipeline/pipeline.h>

#include <map>
#include <sstream>

#include "tests/corpus/corpus.h"
#include "tests/property/indexed.h"

namespace hl7flow {
namespace {

/// Looks at each batch as it arrives at the end.
class Judge final : public Sink {
 public:
  explicit Judge(std::vector<std::string>& defects) : defects_(defects) {}
  std::string_view name() const noexcept override { return "judge"; }
  Status write(const Batch& batch, Executor&) override {
    std::string const defect = test::defect_of(batch.text, batch.raw_size, batch.index);
    if (!defect.empty()) defects_.push_back(batch.input_name + ": " + defect);
    return {};
  }
  Result<std::vector<OutputFile>, Failure> commit(Executor&) override {
    return std::vector<OutputFile>{};
  }

 private:
  std::vector<std::string>& defects_;
};

struct Outcome {
  Account account;
  std::vector<std::string> defects;
};

Outcome convert(const std::string& path, std::uint64_t batch_size) {
  Outcome outcome;
  Pipeline pipeline;
  pipeline.from(make_source("files", {{"path", path}, {"batch_size", batch_size}}))
      .through(make_stage("parse"))
      .through(make_stage("tabulate"))
      .into(std::unique_ptr<Sink>(std::make_unique<Judge>(outcome.defects)));
  auto const report = pipeline.run_inline();
  EXPECT_TRUE(report) << path << ": " << report.error().text;
  if (report) outcome.account = report->account;
  return outcome;
}

/// "code count" of each reject of a file, and "no_message 1" if it has none.
using Verdicts = std::map<std::string, std::map<std::string, std::uint64_t>>;

Verdicts expected_verdicts() {
  Verdicts verdicts;
  std::ifstream file(HL7FLOW_ROOT "/tests/corpus/rejects.expected");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string path, code;
    std::uint64_t count = 0;
    std::getline(fields, path, '\t');
    std::getline(fields, code, '\t');
    fields >> count;
    std::string why;
    std::getline(fields >> std::ws, why);
    EXPECT_GT(why.size(), 20u) << "an expectation needs its reason: " << line;
    verdicts[path][code] = count;
  }
  return verdicts;
}

class CorpusConvert : public test::CorpusTest {};

TEST_F(CorpusConvert, NothingIsLostAndRejectsHaveReasonsThatAPersonWouldGive) {
  Verdicts verdicts;
  std::uint64_t messages = 0, files = 0;
  for (std::string const& path : test::corpus_files()) {
    Outcome const whole = convert(test::corpus_folder() + "/" + path, 256u << 10);
    EXPECT_TRUE(whole.account.closes()) << path;
    EXPECT_EQ(whole.account.bytes_in,
              std::filesystem::file_size(test::corpus_folder() + "/" + path))
        << path;
    EXPECT_EQ(whole.defects, std::vector<std::string>{});
    // The same messages in the same places, however the file is cut.
    Outcome const cut = convert(test::corpus_folder() + "/" + path, 1);
    EXPECT_EQ(cut.defects, std::vector<std::string>{});
    EXPECT_EQ(cut.account.messages_in, whole.account.messages_in) << path;
    EXPECT_EQ(cut.account.rejects, whole.account.rejects) << path;
    EXPECT_EQ(cut.account.rows, whole.account.rows) << path;
    EXPECT_EQ(cut.account.bytes_messages, whole.account.bytes_messages) << path;
    if (!whole.account.rejects.empty()) verdicts[path] = whole.account.rejects;
    if (whole.account.messages_in == 0) verdicts[path]["no_message"] = 1;
    messages += whole.account.messages_in;
    ++files;
  }
  EXPECT_EQ(verdicts, expected_verdicts());
  EXPECT_GT(files, 900u);
  EXPECT_GT(messages, 2000u);
}

}  // namespace
}  // namespace hl7flow
