#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/delimiters.h>
#include <hl7flow/pipeline/pipeline.h>

#include "tests/unit/sink_fixture.h"

// The files of real messages that stand beside the project, not in it: which are HL7 v2, and a run
// of one of them through the pipeline.
namespace hl7flow::corpus {

namespace fs = std::filesystem;

inline fs::path folder() {
  return (fs::path(HL7FLOW_ROOT) / "../shared/corpus").lexically_normal();
}

struct File {
  std::string name;  // from the corpus folder
  std::string path;
};

/// True for text that has a header segment in it.
inline bool holds_header(std::string_view text) {
  for (std::string_view const id : {"MSH", "FHS", "BHS"})
    for (std::size_t at = text.find(id); at != text.npos; at = text.find(id, at + 3))
      if (at + 3 < text.size() && may_delimit(text[at + 3])) return true;
  return false;
}

/// HL7 v2 by its name's ending; files that may hold anything must hold a header. Not those that
/// are about the corpus, nor its zip archives.
inline bool is_v2(const fs::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (ending == ".hl7" || ending == ".er7" || ending == ".hl7v2") return true;
  return std::set<std::string>{".txt", ".out", ".bin"}.contains(ending) &&
         path.filename() != "UPSTREAM-LICENSE.txt" && holds_header(test::read_file(path.string()));
}

/// All files of the corpus that `choose` wants, by name.
inline std::vector<File> files(const std::function<bool(const fs::path&)>& choose) {
  std::vector<File> found;
  for (auto const& entry : fs::recursive_directory_iterator(folder()))
    if (entry.is_regular_file() && choose(entry.path()))
      found.push_back({fs::relative(entry.path(), folder()).generic_string(), entry.path()});
  std::ranges::sort(found, {}, &File::name);
  return found;
}

/// A sink that shows each batch to a function.
class Watch final : public Sink {
 public:
  explicit Watch(std::function<void(const Batch&)> look) : look_(std::move(look)) {}
  std::string_view name() const noexcept override { return "watch"; }
  Status write(const Batch& batch, Executor&) override {
    look_(batch);
    return {};
  }
  Result<std::vector<OutputFile>, Failure> commit(Executor&) override {
    return std::vector<OutputFile>{};
  }

 private:
  std::function<void(const Batch&)> look_;
};

/// Reads, parses and tabulates one file as `convert` does.
inline Result<Account, Failure> run(const File& file,
                                    const std::function<void(const Batch&)>& look) {
  Pipeline pipeline;
  pipeline.from(test::make<Source>("files", test::SettingList{{"path", file.path}}))
      .through(test::make<Stage>("parse", test::SettingList{}))
      .through(test::make<Stage>("tabulate", test::SettingList{}))
      .into(std::unique_ptr<Sink>(std::make_unique<Watch>(look)));
  auto report = pipeline.run_inline();
  if (!report) return tl::unexpected<Failure>(report.error());
  return std::move(report->account);
}

/// Tests that need the corpus.
class CorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(folder())) GTEST_SKIP() << "the corpus is not at " << folder();
  }
};

}  // namespace hl7flow::corpus
