#pragma once

#include <string>
#include <vector>

#include <hl7flow/pipeline/batch.h>

namespace hl7flow::stages {

/// A message that was sent in parts, as far as they have come (HL7 v2.9.1 2.10.2): the header of
/// the first part, then the other segments of all. It owns its text, for parts come in different
/// batches. Not thread-safe.
class ContinuedMessage {
 public:
  /// Begins with a part of a batch.
  ContinuedMessage(const Batch& batch, std::size_t message) { append(batch, message); }

  /// Adds a part, without its header, its DSC and a bare ADD before that. If it begins with
  /// "ADD|rest", the segment before goes on with the rest, character by character.
  void append(const Batch& batch, std::size_t message);
  /// Sender and continuation pointer of the part that is to follow; empty if the last came.
  const std::string& awaits() const noexcept { return awaits_; }
  const Delimiters& delimiters() const noexcept { return delimiters_; }
  /// Bytes it takes, about.
  std::size_t memory() const noexcept;

  /// Puts the message into a batch as message `ordinal`, which may be one more than there are: its
  /// segments into the index, its text and the bytes of all parts, as received, behind the text.
  void place(Batch& batch, std::size_t ordinal) const;
  /// Where the last part came from.
  const Placement& last_part() const noexcept { return last_part_; }

 private:
  struct Segment {
    std::uint32_t begin, id, first_mark;
  };
  void add_segment(const Batch& batch, std::uint32_t segment, const SegmentView& view);
  void extend_last(const Batch& batch, std::uint32_t segment, const SegmentView& view);

  std::string raw_;   // the bytes of all parts as received
  std::string text_;  // segments, each with CR behind it
  std::vector<Segment> segments_;
  std::vector<std::uint32_t> marks_;  // as in Er7Index, from the start of text_
  std::string awaits_;
  Delimiters delimiters_;
  Charset charset_ = Charset::utf8;
  std::uint32_t joined_lines_ = 0;
  Placement last_part_;
};

/// Sender (MSH-3, MSH-4) and MSH-14 of a message; empty if it continues none. A pointer is unique
/// only where it was made.
std::string continued_by(const MessageView& message);
/// Sender and DSC-1 of a message that is to be continued; empty if it is whole. A DSC for a query
/// that the receiver asks to go on (DSC-2 is I) makes no part.
std::string awaited_by(const MessageView& message);

}  // namespace hl7flow::stages
