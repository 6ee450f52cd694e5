#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/tidy/rules.h"

namespace hl7flow::tidy {
namespace {

namespace fs = std::filesystem;
const fs::path root = HL7FLOW_ROOT;

const std::set<std::string> top_folders = {"parsers", "pipeline", "stages", "adapters",
                                           "bench",   "perf",     "tests",  "docs"};

// Made by parsers/schema/generate.py: thousands of rows, and nobody's prose.
bool is_generated(const std::string& path) { return path == "parsers/schema/facts.cpp"; }

struct File {
  std::string path, text;
};

/// All C++ of the top folders, by path.
std::vector<File> tree() {
  std::vector<File> files;
  for (const std::string& folder : top_folders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      auto const ending = entry.path().extension();
      if (!entry.is_regular_file() || (ending != ".h" && ending != ".cpp")) continue;
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      files.push_back({fs::relative(entry.path(), root).generic_string(), text.str()});
    }
  }
  std::ranges::sort(files, {}, &File::path);
  return files;
}

std::string lines(const Complaints& complaints) {
  std::string all;
  for (const std::string& one : complaints) all += "\n  " + one;
  return all;
}

template <class Check>
void expect_tidy(Check&& check) {
  auto const files = tree();
  ASSERT_GT(files.size(), 100u) << "the walk found too little of " << root;
  Complaints all;
  for (const File& file : files)
    if (!is_generated(file.path)) std::ranges::move(check(file), std::back_inserter(all));
  EXPECT_TRUE(all.empty()) << all.size() << " complaints:" << lines(all);
}

TEST(TidyRules, ArrowsPointOneWay) {
  auto const allowed = [](std::string_view path, const std::string& include) {
    return check_includes(path, "#include " + include + "\n").empty();
  };
  EXPECT_TRUE(allowed("parsers/er7.h", "<hl7flow/parsers/path.h>"));
  EXPECT_FALSE(allowed("parsers/er7.h", "<hl7flow/pipeline/batch.h>"));
  EXPECT_TRUE(allowed("parsers/simd/avx2.cpp", "<hl7flow/parsers/simd/kernels.h>"));
  EXPECT_FALSE(allowed("parsers/simd/avx2.cpp", "<hl7flow/parsers/er7.h>"));
  EXPECT_TRUE(allowed("pipeline/batch.h", "<hl7flow/parsers/er7.h>"));
  EXPECT_FALSE(allowed("pipeline/batch.h", "<hl7flow/stages/tabulate/plan.h>"));
  EXPECT_TRUE(allowed("stages/tabulate/plan.h", "<hl7flow/stages/tabulate/model.h>"));
  EXPECT_FALSE(allowed("stages/parse.cpp", "<hl7flow/adapters/file/framer.h>"));
  EXPECT_TRUE(allowed("adapters/file/files.cpp", "<hl7flow/adapters/file/framer.h>"));
  EXPECT_FALSE(allowed("adapters/file/files.cpp", "<hl7flow/adapters/parquet/arrow_output.h>"));
  EXPECT_FALSE(allowed("adapters/file/files.cpp", "<hl7flow/stages/tabulate/plan.h>"));
  EXPECT_FALSE(allowed("adapters/cli/job.cpp", "<hl7flow/adapters/file/framer.h>"));
  EXPECT_FALSE(allowed("adapters/cli/job.cpp", "\"job.h\""));
  EXPECT_TRUE(allowed("tests/unit/any_test.cpp", "<hl7flow/adapters/file/framer.h>"));
}

TEST(TidyRules, LibrariesHaveOnePlace) {
  auto const allowed = [](std::string_view path, const std::string& header) {
    return check_includes(path, "  #  include <" + header + ">  // why\n").empty();
  };
  EXPECT_TRUE(allowed("pipeline/graph.cpp", "oneapi/tbb/flow_graph.h"));
  EXPECT_FALSE(allowed("pipeline/run.h", "oneapi/tbb/flow_graph.h"));
  EXPECT_TRUE(allowed("adapters/parquet/parquet.cpp", "arrow/api.h"));
  EXPECT_FALSE(allowed("pipeline/arrow_export.h", "arrow/api.h"));
  EXPECT_TRUE(allowed("adapters/file/archive.cpp", "archive.h"));
  EXPECT_FALSE(allowed("stages/parse.cpp", "archive_entry.h"));
  EXPECT_FALSE(allowed("adapters/kafka/source.cpp", "librdkafka/rdkafkacpp.h"));
  EXPECT_FALSE(allowed("parsers/er7.cpp", "unistd.h"));
  EXPECT_TRUE(allowed("pipeline/part_file.cpp", "unistd.h"));
  EXPECT_FALSE(allowed("parsers/er7.cpp", "mutex"));
  EXPECT_TRUE(allowed("stages/tabulate/plan.cpp", "mutex"));
  EXPECT_FALSE(allowed("stages/parse.cpp", "iostream"));
  EXPECT_TRUE(allowed("adapters/cli/main.cpp", "iostream"));
}

TEST(TidyRules, NameThePlace) {
  Complaints const found = check_includes("parsers/er7.h", "#pragma once\n\n#include <chrono>\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].starts_with("parsers/er7.h:3: #include of chrono ")) << found[0];
}

TEST(TidyRules, JudgeLayout) {
  auto const complaints = [](const std::string& text) { return check_layout("a.h", text).size(); };
  EXPECT_EQ(complaints(std::string(100, '-') + "\n"), 0u);
  EXPECT_EQ(complaints(std::string(101, '-') + "\n"), 1u);
  std::string boxes;
  for (int k = 0; k < 100; ++k) boxes += "─";
  EXPECT_EQ(complaints(boxes + "\n"), 0u);
  EXPECT_EQ(complaints("\tint a;\n"), 1u);
  EXPECT_EQ(complaints("int a; \n"), 1u);
  EXPECT_EQ(complaints("int a;"), 1u);
  std::string long_text;
  for (std::size_t k = 0; k < lines_max; ++k) long_text += "\n";
  EXPECT_EQ(complaints(long_text), 0u);
  EXPECT_EQ(complaints(long_text + "\n"), 1u);
}

TEST(TidyRules, JudgeWords) {
  auto const complaints = [](const std::string& text) { return check_words("a.h", text).size(); };
  EXPECT_EQ(complaints("int a;  // TODO later\n"), 1u);
  EXPECT_EQ(complaints("struct PathHelper {};\n"), 1u);
  EXPECT_EQ(complaints("class ThreadManager;\n"), 1u);
  EXPECT_EQ(complaints("text(\"Case Manager\", \"Common Order\");  // helpers, commonly\n"), 0u);
}

TEST(TidyRules, JudgeFileNames) {
  EXPECT_EQ(check_file_name("parsers/string_utils.h").size(), 1u);
  EXPECT_EQ(check_file_name("pipeline/common.cpp").size(), 1u);
  EXPECT_EQ(check_file_name("stages/helper_functions.cpp").size(), 1u);
  EXPECT_EQ(check_file_name("pipeline/component.cpp").size(), 0u);
}

TEST(Tidy, TopFoldersAreThoseAgreed) {
  // What .gitignore names, and what begins with a dot, is nobody's source.
  for (const auto& entry : fs::directory_iterator(root)) {
    std::string const name = entry.path().filename().string();
    if (!entry.is_directory() || name.starts_with('.') || name.starts_with("build") ||
        name == "out")
      continue;
    EXPECT_TRUE(top_folders.contains(name)) << name << "/ is not one of the rooms";
  }
}

TEST(Tidy, IncludesFollowTheArchitecture) {
  expect_tidy([](const File& file) { return check_includes(file.path, file.text); });
}

TEST(Tidy, LayoutIsReadable) {
  expect_tidy([](const File& file) { return check_layout(file.path, file.text); });
}

TEST(Tidy, WordsSaySomething) {
  expect_tidy([](const File& file) {
    // The rules themselves must name what they ban.
    if (file.path.starts_with("tests/tidy/")) return Complaints{};
    return check_words(file.path, file.text);
  });
}

TEST(Tidy, FilesSayWhatIsInThem) {
  expect_tidy([](const File& file) { return check_file_name(file.path); });
}

}  // namespace
}  // namespace hl7flow::tidy
