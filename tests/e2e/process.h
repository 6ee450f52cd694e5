#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

// Running the program without a shell between, so that a signal reaches it, and looking at what it
// leaves behind.
namespace hl7flow::testing {

/// The program while it runs, in a process of its own; killed if it outlives this object.
class Process {
 public:
  /// Starts `hl7flow WORDS`, words parted by blanks, in `folder`; its stderr goes to the file
  /// "process.err" there, its standard input comes from `in`.
  Process(const std::filesystem::path& folder, const std::string& words, int in = -1)
      : errors_(folder / "process.err") {
    std::istringstream split("hl7flow " + words);
    std::vector<std::string> texts{std::istream_iterator<std::string>(split), {}};
    std::vector<char*> arguments;
    for (std::string& text : texts) arguments.push_back(text.data());
    arguments.push_back(nullptr);
    process_ = ::fork();
    if (process_ != 0) return;
    int const none = ::open("/dev/null", O_RDWR);
    int const errors = ::open(errors_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    ::dup2(in >= 0 ? in : none, STDIN_FILENO);
    ::dup2(none, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    if (::chdir(folder.c_str()) == 0) ::execv(HL7FLOW_PROGRAM, arguments.data());
    ::_exit(127);
  }
  ~Process() {
    if (running()) signal(SIGKILL), wait();
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const { ::kill(process_, number); }

  bool running() {
    if (!ended_) ended_ = ::waitpid(process_, &status_, WNOHANG) == process_;
    return !ended_;
  }

  /// Its exit code, or minus the signal that killed it. One that hangs is killed after a minute.
  int wait() {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (running()) {
      if (std::chrono::steady_clock::now() > deadline) {
        ADD_FAILURE() << "the program hangs";
        signal(SIGKILL);
      }
      std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
  }

  std::string errors() const {
    std::ifstream file(errors_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path const errors_;
  pid_t process_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

/// All files below a folder, by relative path.
using Content = std::map<std::string, std::string>;

inline Content content_of(const std::filesystem::path& folder) {
  Content content;
  if (!std::filesystem::exists(folder)) return content;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    content[std::filesystem::relative(entry.path(), folder).string()] =
        std::string(std::istreambuf_iterator<char>(file), {});
  }
  return content;
}

/// Names of the files that are not whole: hidden, as long as they are being written.
inline std::vector<std::string> half_files(const Content& content) {
  std::vector<std::string> names;
  for (auto const& [path, bytes] : content)
    if (std::filesystem::path(path).filename().string().starts_with('.')) names.push_back(path);
  return names;
}

/// Equal names and bytes; says which differ, and not their bytes.
inline ::testing::AssertionResult same(const Content& is, const Content& expected) {
  auto result = ::testing::AssertionFailure();
  bool equal = true;
  for (auto const& [path, bytes] : expected) {
    auto const found = is.find(path);
    if (found != is.end() && found->second == bytes) continue;
    equal = false;
    result << (found == is.end() ? "is missing: " : "differs: ") << path << "\n";
  }
  for (auto const& [path, bytes] : is) {
    if (expected.contains(path)) continue;
    equal = false;
    result << "is too much: " << path << "\n";
  }
  return equal ? ::testing::AssertionSuccess() : result;
}

}  // namespace hl7flow::testing
