#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/dedup/content_fingerprint.h>
#include <hl7flow/pipeline/condition.h>
#include <hl7flow/pipeline/config.h>

namespace hl7flow::stages {

/// What dedupe does with the messages of each feed. Immutable; thread-safe.
class Feeds {
 public:
  struct Policy {
    bool drop_resends = true;
    bool drop_duplicate_sends = false;
    std::vector<VolatileField> ignored;
    MessageIdentity identity;
  };

  /// The choices as they were written.
  struct Words {
    std::string resend, duplicate_send;
    std::vector<std::string> ignore, identity;
    ConfigNode feeds;
  };
  /// `feeds` is a list of { where, resend, duplicate_send, ignore, identity }; what one does not
  /// say is as in the others. Failures: bad_option, bad_config.
  static Result<Feeds, Failure> make(const Words& words);

  /// Number of the first feed whose conditions hold; 0: none, the choices for all.
  std::uint32_t of(const MessageView& message) const;
  const Policy& policy(std::uint32_t feed) const { return policies_[feed]; }
  /// One for each feed.
  std::vector<Fingerprinter> fingerprinters() const;
  /// What fingerprints depend on, as text: those of other words are not to be compared.
  const std::string& words() const noexcept { return words_; }

 private:
  std::vector<Policy> policies_;               // of number 0 on
  std::vector<std::vector<Condition>> where_;  // of number 1 on
  std::string words_;
};
}  // namespace hl7flow::stages
