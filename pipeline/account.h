#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include <hl7flow/pipeline/batch.h>

namespace hl7flow {

/// The batch envelope that is open: what BTS-1 and FTS-1 will be compared with.
struct EnvelopeState {
  std::uint64_t batch_began_at = 0;   // messages before its BHS
  std::uint64_t batches_in_file = 0;  // BHS since FHS
};

/// What became of every message and every byte of a run. Not thread-safe; the graph adds batches in
/// order.
struct Account {
  std::uint64_t messages_in = 0, written = 0, duplicates = 0, rejected = 0, filtered = 0;
  std::uint64_t bytes_in = 0, bytes_messages = 0, bytes_framing = 0, bytes_skipped = 0;
  std::map<std::string, std::uint64_t> rows;      // by table
  std::map<std::string, std::uint64_t> rejects;   // by reason
  std::map<std::string, std::uint64_t> types;     // by MSH-9: "ADT^A01"
  std::map<std::string, std::uint64_t> versions;  // by MSH-12
  std::map<std::string, std::uint64_t> codes;     // by "SENDER<tab>SYSTEM<tab>OUTCOME"
  std::map<std::string, std::uint64_t> repeats;   // by "resend, dropped"
  std::map<std::string, std::uint64_t> persons;   // patient records by LinkReason, and "to review"
  std::uint64_t joined_lines = 0;            // stray lines that continue the segment before them
  std::uint64_t untyped_values = 0;          // values whose text is kept because they do not fit
  std::uint64_t unknown_escapes = 0;         // escape sequences that stay as sent
  std::uint64_t skipped_ranges = 0;          // pieces of garbage between messages
  std::uint64_t batch_count_mismatches = 0;  // BTS-1 or FTS-1 that do not match
  std::uint64_t continued_messages = 0;      // parts, among the filtered, that went on in another
  std::uint64_t batches = 0;
  double seconds = 0;

  void add(const Batch& batch);
  /// messages_in = written + duplicates + rejected + filtered, and the same for bytes.
  bool closes() const noexcept;
  EnvelopeState envelope() const noexcept { return envelope_; }
  void set_envelope(EnvelopeState state) noexcept { envelope_ = state; }

 private:
  /// Counts of the open batch and file envelopes: BTS-1 is messages since BHS, FTS-1 batches since
  /// FHS (HL7 v2.9.1 2.10.3).
  void add_envelope(const Batch& batch, const ExtraRange& envelope, std::uint64_t messages_before);
  EnvelopeState envelope_;
};

}  // namespace hl7flow
