#pragma once

#include <map>
#include <string>
#include <string_view>

#include <hl7flow/pipeline/config.h>

namespace hl7flow::stages {

/// How long one test counts as a repeat of another, by its code.
class TestWindows {
 public:
  /// `windows`: a list of { codes: [2345-7, TROP], window: 1h }. Failures: bad_option, bad_config.
  static Result<TestWindows, Failure> make(const std::string& window, const ConfigNode& windows);

  /// Of a code as sent, and the standard one it was mapped to; either may be empty. The sent one
  /// counts first.
  std::int64_t of(std::string_view sent, std::string_view standard) const;

 private:
  std::int64_t all_ = 0;
  std::map<std::string, std::int64_t, std::less<>> by_code_;
};

}  // namespace hl7flow::stages
