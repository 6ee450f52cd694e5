#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/dedup/content_fingerprint.h>
#include <hl7flow/parsers/er7.h>
#include <hl7flow/pipeline/coded_values.h>
#include <hl7flow/pipeline/person_identity.h>
#include <hl7flow/pipeline/repeated_order.h>
#include <hl7flow/pipeline/repetition.h>
#include <hl7flow/pipeline/table.h>

namespace hl7flow {

/// What became of a message. Every message of a batch ends in exactly one of these.
enum class Fate : std::uint8_t { accepted, rejected, filtered, duplicate };

/// Where a batch's bytes came from. Offsets count bytes of the input after decompression.
struct Position {
  std::uint32_t input = 0;   // ordinal of the file or stream, in the order they are read
  std::uint64_t offset = 0;  // of the batch's first byte in that input
};

/// Where a message came from, if that is not its own batch at its own place: a message that was
/// joined from parts, or that a stage kept back until now.
struct Placement {
  std::uint32_t message = 0;  // ordinal in the batch
  std::string input_name;
  std::uint64_t offset = 0;  // of the bytes of it that count as received with this batch
  std::uint64_t size = 0;    // how many these are
};

/// A message that a stage has changed, for sinks that write messages: its text is
/// Batch::edited_text[begin, end).
struct EditedMessage {
  std::uint32_t message = 0;  // ordinal in the batch
  std::size_t begin = 0, end = 0;
};

/// A name and how often it occurred: message types and versions of a batch.
struct Tally {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  void add(std::string_view name, std::uint64_t count = 1);
};

/// The unit of flow: about 128 KiB of whole messages, their index and what stages add to them. One
/// stage owns it at a time, so nothing in it is locked. Batches come from a pool and keep their
/// memory; views into a batch are valid until it goes back.
class Batch {
 public:
  // What the source sets.
  std::uint64_t sequence = 0;  // position in the order of reading, from 0
  Position position;
  std::string input_name;          // for people: "day.zip/adt.hl7"
  TextBuffer text;                 // the bytes as read; parsing may append UTF-8 behind them
  std::size_t raw_size = 0;        // how many of them are input
  bool ends_epoch = false;         // the sinks commit after this batch
  bool continues_message = false;  // the bytes go on with a message too large for one batch
  bool ends_run = false;           // nothing follows: see Stage::keeps_messages

  // What `parse` adds.
  Er7Index index;
  std::vector<Fate> fates;  // one a message

  // What later stages add.
  std::uint64_t messages_before = 0;  // in the same input, where a stage in order counted them
  std::vector<TableRows> tables;
  TextBuffer side_text;  // decoded values, hashes: what TextView::far.buffer 1 points into
  Tally types, versions;
  std::vector<ContentFingerprint> fingerprints;  // one a message, where dedupe takes them
  std::vector<Repetition> repetitions;           // in order of message
  PersonFindings found_persons;                  // where identify looked for them
  std::vector<TakenOrder> orders;                // in order of message, where flag_repeats looks
  std::vector<RepeatedOrder> repeated_orders;    // at them, and what it found
  CodedValues coded;                             // what map_codes found
  Tally code_counts;                             // "SENDER<tab>SYSTEM<tab>OUTCOME" of its values
  std::string edited_text;
  std::vector<EditedMessage> edited;  // in order of message; tables are made of what was sent
  std::vector<std::string> notices;   // what the person who runs it should know; never content
  std::uint64_t unknown_escapes = 0;  // escape sequences that nobody knows: they stay as sent
  std::uint64_t untyped_values = 0;   // values that did not fit their column's type
  std::vector<Placement> placements;  // in order of message; nearly always empty
  std::uint64_t kept_back = 0;        // messages filtered here because they go on in a later one
  std::uint64_t given_back = 0;       // messages counted as kept back earlier that are here again

  std::size_t message_count() const noexcept { return index.messages.size(); }
  MessageView message(std::size_t ordinal) const noexcept { return {text.data(), index, ordinal}; }
  bool is_accepted(std::size_t ordinal) const noexcept { return fates[ordinal] == Fate::accepted; }

  /// Takes a message out of the flow. Its bytes, place and reason go to the reject sink.
  void reject(std::size_t ordinal, Error error) noexcept {
    fates[ordinal] = Fate::rejected;
    index.messages[ordinal].error = error;
  }
  void filter(std::size_t ordinal) noexcept { fates[ordinal] = Fate::filtered; }
  void drop_duplicate(std::size_t ordinal) noexcept { fates[ordinal] = Fate::duplicate; }

  /// Input and offset of a message, and the size of what was received of it with this batch.
  Placement place_of(std::size_t ordinal) const;

  /// The text a view of one of this batch's columns stands for.
  std::string_view resolve(const TextView& view) const noexcept {
    if (view.length <= TextView::inline_size_max) return {view.inlined.data(), view.length};
    const char* const base = view.far.buffer == 0 ? text.data() : side_text.data();
    return {base + view.far.offset, view.length};
  }

  /// The bytes of a message for sinks that write messages: as received, or as a stage edited it.
  std::string_view written_form(std::size_t ordinal) const noexcept;

  /// Ready for the next bytes; keeps memory, except what one huge message has taken.
  void clear() noexcept;
  /// Bytes of memory held for text, index and columns, about.
  std::size_t memory() const noexcept;
};

}  // namespace hl7flow
