#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <thread>

#include <hl7flow/adapters/cli/verb.h>
#include <hl7flow/pipeline/pipeline.h>

namespace hl7flow::cli {

/// Ctrl-C and SIGTERM as a stop request, for as long as it lives. A second signal ends the program
/// at once. One at a time.
class SignalStop {
 public:
  SignalStop();
  ~SignalStop();
  SignalStop(const SignalStop&) = delete;
  SignalStop& operator=(const SignalStop&) = delete;
  std::stop_token token() const { return stop_.get_token(); }
  /// interrupted or terminated, by the signal that came.
  Exit exit() const noexcept;

 private:
  std::stop_source stop_;
  std::jthread watcher_;
};

/// A line on stderr with rate and time left, while it lives: twice a second on a terminal, every
/// ten seconds otherwise if forced.
class ProgressLine {
 public:
  enum class When : std::uint8_t { automatic, always, never };
  ProgressLine(const Progress& progress, std::uint64_t bytes_total, When when);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  std::jthread thread_;
};

}  // namespace hl7flow::cli
