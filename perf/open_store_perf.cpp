// Opens a code store again and again and says how long that takes, and how much of its memory is
// shared with another process that has it open. Usage: open_store_perf STORE
//
// Prints JSON: milliseconds (median of 9), size (bytes), resident and proportional (bytes of the
// mapping that this process has, and its part of them: half, if two processes share all).

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include <hl7flow/pipeline/loaded_codes.h>

namespace {

struct Memory {
  unsigned long long resident = 0, proportional = 0;
};

/// What /proc says of the mappings of a file.
Memory memory_of(const std::string& path) {
  Memory memory;
  std::ifstream maps("/proc/self/smaps");
  bool mine = false;
  for (std::string line; std::getline(maps, line);) {
    bool const is_head = line.find('-') != std::string::npos && line.find(':') > line.find('-');
    if (is_head) mine = line.ends_with(path);
    unsigned long long kilobytes = 0;
    if (mine && std::sscanf(line.c_str(), "Rss: %llu kB", &kilobytes) == 1)
      memory.resident += kilobytes << 10;
    if (mine && std::sscanf(line.c_str(), "Pss: %llu kB", &kilobytes) == 1)
      memory.proportional += kilobytes << 10;
  }
  return memory;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: open_store_perf STORE\n", stderr);
    return 64;
  }
  std::string const path = arguments[1];
  std::array<double, 9> milliseconds{};
  std::size_t size = 0;
  for (double& one : milliseconds) {
    auto const begin = std::chrono::steady_clock::now();
    auto const loaded = hl7flow::LoadedCodes::open(path);
    if (!loaded) {
      std::fprintf(stderr, "open_store_perf: %s\n", loaded.error().text.c_str());
      return 65;
    }
    one =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    size = (*loaded)->store().size();
  }
  std::sort(milliseconds.begin(), milliseconds.end());

  // A child opens the store too, and waits while this process looks at its own part.
  int opened[2], done[2];
  if (::pipe(opened) != 0 || ::pipe(done) != 0) return 71;
  pid_t const child = ::fork();
  char token = 0;
  if (child == 0) {
    ::close(done[1]);
    auto const loaded = hl7flow::LoadedCodes::open(path);
    token = loaded ? 'y' : 'n';
    if (::write(opened[1], &token, 1) != 1) ::_exit(1);
    if (::read(done[0], &token, 1) != 0) ::_exit(1);
    ::_exit(0);
  }
  auto const loaded = hl7flow::LoadedCodes::open(path);
  if (!loaded || ::read(opened[0], &token, 1) != 1 || token != 'y') return 71;
  Memory const memory = memory_of(path);
  ::close(done[1]);
  ::waitpid(child, nullptr, 0);
  std::printf(
      "{\"milliseconds\": %.3f, \"size\": %zu, \"resident\": %llu, \"proportional\": %llu}\n",
      milliseconds[milliseconds.size() / 2], size, memory.resident, memory.proportional);
}
