#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

// Real public data beside the checkout (../shared/corpus). It is read there and never copied, so a
// checkout without it skips these tests, and says so.
namespace hl7flow::test {

inline std::string corpus_folder() { return HL7FLOW_ROOT "/../shared/corpus"; }

inline std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline bool quotes_a_header(std::string_view text) {
  for (std::string_view const id : {"MSH", "FHS", "BHS"})
    for (std::size_t at = text.find(id); at < text.size(); at = text.find(id, at + 1))
      if (at + 4 < text.size() &&
          std::string_view("|#$@!").find(text[at + 3]) != std::string_view::npos)
        return true;
  return false;
}

/// Every file that has a message header anywhere, whatever its name: paths below the corpus,
/// sorted. Sources, tables and documents that quote messages are among them, and must do no harm.
inline std::vector<std::string> corpus_files() {
  namespace fs = std::filesystem;
  std::vector<std::string> paths;
  for (auto const& entry : fs::recursive_directory_iterator(corpus_folder()))
    if (entry.is_regular_file() && quotes_a_header(read_whole(entry.path().string())))
      paths.push_back(fs::relative(entry.path(), corpus_folder()).string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

class CorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(corpus_folder())) GTEST_SKIP() << "needs " << corpus_folder();
  }
};

}  // namespace hl7flow::test
