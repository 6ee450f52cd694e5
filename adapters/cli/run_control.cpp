#include <hl7flow/adapters/cli/run_control.h>

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>

#include <hl7flow/adapters/cli/report.h>

namespace hl7flow::cli {
namespace {

// A signal handler can reach nothing but a global; it only stores the signal's number.
std::atomic<int> received_signal{0};

extern "C" void on_signal(int number) {
  if (received_signal.exchange(number) != 0) std::_Exit(128 + number);
}

/// Sleeps, but wakes at once when the thread is asked to stop; false then.
bool pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

std::string line(const Progress& progress, std::uint64_t total, double seconds) {
  auto const bytes = static_cast<double>(progress.bytes.load(std::memory_order_relaxed));
  auto const done = static_cast<double>(progress.source_bytes.load(std::memory_order_relaxed));
  std::uint64_t const messages = progress.messages.load(std::memory_order_relaxed);
  double const rate = bytes / std::max(seconds, 1e-3);
  std::string text =
      fmt::format("{} messages, {} ({}/s)", grouped(messages), bytes_text(bytes), bytes_text(rate));
  if (auto const all = static_cast<double>(total); done > 0 && all > done)
    text += fmt::format(", {:.0f} %, {} left", 100 * done / all,
                        seconds_text((all - done) / done * seconds));
  return text;
}

}  // namespace

SignalStop::SignalStop() {
  received_signal = 0;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  watcher_ = std::jthread([this](const std::stop_token& ended) {
    while (pause(ended, std::chrono::milliseconds(20)))
      if (received_signal.load() != 0) {
        stop_.request_stop();
        return;
      }
  });
}

SignalStop::~SignalStop() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

Exit SignalStop::exit() const noexcept {
  return received_signal.load() == SIGTERM ? Exit::terminated : Exit::interrupted;
}

ProgressLine::ProgressLine(const Progress& progress, std::uint64_t bytes_total, When when) {
  bool const terminal = ::isatty(STDERR_FILENO) == 1;
  if (when == When::never || (when == When::automatic && !terminal)) return;
  thread_ = std::jthread([&progress, bytes_total, terminal](const std::stop_token& stop) {
    auto const began = std::chrono::steady_clock::now();
    auto const period = std::chrono::milliseconds(terminal ? 500 : 10'000);
    while (pause(stop, period)) {
      std::chrono::duration<double> const passed = std::chrono::steady_clock::now() - began;
      std::string const text = line(progress, bytes_total, passed.count());
      std::fprintf(stderr, terminal ? "\r\033[K%s" : "%s\n", text.c_str());
    }
    if (terminal) std::fprintf(stderr, "\r\033[K");
  });
}

ProgressLine::~ProgressLine() = default;

}  // namespace hl7flow::cli
