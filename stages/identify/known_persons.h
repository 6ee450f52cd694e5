#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <hl7flow/parsers/linkage/person_registry.h>
#include <hl7flow/pipeline/person_identity.h>
#include <hl7flow/stages/identify/live_statements.h>
#include <hl7flow/stages/identify/person_options.h>
#include <hl7flow/stages/identify/record_names.h>
#include <hl7flow/stages/identify/statement_log.h>

namespace hl7flow::stages {

/// A registry of persons with the names of their records, made of a log of what was said. Not
/// thread-safe but for log().save().
class KnownPersons {
 public:
  /// Sees each statement that is replayed, and the record that it is about.
  using Witness = std::function<void(const PersonStatement&, linkage::RecordNumber)>;

  /// Replays what the store says before `at`. `store` may be null. Failures: usage if the store is
  /// of other options; out_of_room; io.
  static Result<std::unique_ptr<KnownPersons>, Failure> open(std::shared_ptr<StateStore> store,
                                                             const LogPosition& at,
                                                             const PersonOptions& options,
                                                             const Witness& witness = {});
  /// If most statements do not count any more, writes the log anew without them, as its next
  /// generation, and reads that. A crash leaves one log or the other whole. Not for a run that goes
  /// on: it must have what the one before it had.
  static Result<std::unique_ptr<KnownPersons>, Failure> compacted(
      std::unique_ptr<KnownPersons> known, std::uint64_t statements_least = 65'536);

  StatementLog& log() noexcept { return *log_; }
  /// For those who only look: nothing more is logged.
  void close_store() noexcept { log_.reset(); }
  const linkage::PersonRegistry& registry() const noexcept { return registry_; }
  void prefetch_keys(const linkage::Evidence& evidence) noexcept {
    registry_.prefetch_keys(evidence);
  }
  void prefetch_records(const linkage::Evidence& evidence) { registry_.prefetch_records(evidence); }

  /// Applies a statement and logs it; log().hold() is held. What changes is kept until
  /// end_message().
  Result<linkage::RecordNumber, Failure> say(const linkage::Evidence& evidence,
                                             std::string_view words);
  /// Adds what changed since the last end_message() to the findings: what came and went between is
  /// left out.
  void end_message(std::uint32_t message, PersonFindings& findings);

  /// The options that a store was made with; those that everybody has if it is new.
  static Result<PersonOptions, Failure> options_of(const StateStore& store);

  MessageId person_of(linkage::RecordNumber record) const noexcept;
  RecordNameView name_of(linkage::RecordNumber record) const noexcept { return names_[record]; }

 private:
  struct Change {
    linkage::PersonChange what;
    LinkReason reason;
  };

  KnownPersons(const PersonOptions& options, const linkage::RegistryOptions& registry)
      : options_(options), registry_(registry) {}
  Result<std::size_t, Failure> replay(std::string_view bytes, std::uint64_t count,
                                      const Witness& witness);
  /// Of a statement that was applied; one twice if it is about one.
  std::pair<linkage::RecordNumber, linkage::RecordNumber> records_of(
      const PersonStatement& statement) const;
  Result<LogPosition, Failure> write_anew() const;
  Result<linkage::PersonRegistry::Outcome, Failure> apply(const linkage::Evidence& evidence,
                                                          const PersonStatement& statement);
  void note(const linkage::Evidence& evidence, const linkage::PersonChange& change);
  MessageId id_of(linkage::PersonNumber person) const noexcept;
  RecordName copied_name(linkage::RecordNumber record) const;

  PersonOptions const options_;
  linkage::PersonRegistry registry_;
  LiveStatements live_;  // of what was replayed
  std::uint64_t replayed_ = 0;
  RecordNames names_;
  std::unique_ptr<StatementLog> log_;
  std::vector<Change> changes_;
  std::vector<linkage::PersonReview> reviews_;
  std::string scratch_;
};

}  // namespace hl7flow::stages
