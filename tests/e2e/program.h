#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace hl7flow::testing {

struct Outcome {
  int exit = -1;
  std::string out, err;
};

/// A test that runs the built program in a temporary folder of its own.
class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "hl7flow-test-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(folder_ / name); }

  /// Runs `hl7flow ARGUMENTS` through the shell, so arguments are quoted as a user quotes them.
  /// Standard input is the file "stdin" of the folder if there is one.
  Outcome run(const std::string& arguments) const {
    std::string const in = exists("stdin") ? "stdin" : "/dev/null";
    std::string const command = "cd '" + folder_.string() + "' && '" HL7FLOW_PROGRAM "' " +
                                arguments + " <" + in + " >stdout.txt 2>stderr.txt";
    int const status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("stdout.txt"), read("stderr.txt")};
  }

  std::filesystem::path folder_;
};

}  // namespace hl7flow::testing
