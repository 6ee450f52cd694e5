#pragma once

#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/buffer.h>
#include <hl7flow/parsers/charset.h>
#include <hl7flow/parsers/delimiters.h>
#include <hl7flow/parsers/error.h>

// The structural index: where messages, segments and fields begin in a block of ER7 text. It says
// where things are and decodes nothing; components are split when somebody asks (er7.h).
// Source: HL7 v2.9.1 chapter 2 (2.5 message construction, 2.6 escapes, 2.10 batches), and the
// measured habits of real files that docs/concepts/how-messages-are-read.md lists.
namespace hl7flow {

/// Bounds on one message. Sizes are bytes.
struct Limits {
  std::uint32_t message_size_max = 128u << 20;
  std::uint32_t segment_count_max = 1'000'000;
};

/// What to do with a line inside a message that does not begin with a segment identifier.
enum class StrayLines : std::uint8_t {
  join,   // it continues the segment before it (text with raw line breaks); counted
  reject  // the message is rejected: bad_segment_id
};

struct Er7Options {
  Limits limits;
  StrayLines stray_lines = StrayLines::join;
  CharsetPolicy charset;
};

/// One message of a block. Offsets count from the start of the block's text.
struct MessageEntry {
  std::uint32_t raw_begin, raw_end;  // the bytes as received, segments and their terminators
  std::uint32_t begin, end;          // the text that is indexed: the same bytes, or their UTF-8
  std::uint32_t first_segment;       // into Er7Index::segment_*
  std::uint32_t segment_count;
  Delimiters delimiters;
  Charset charset = Charset::utf8;  // of the bytes as received
  bool rewritten = false;          // [begin, end) is not [raw_begin, raw_end): transcoded or joined
  std::uint32_t joined_lines = 0;  // stray lines that continue a segment
  Error error;                     // not none: rejected, and why; offset from raw_begin
};

/// Bytes that belong to no message.
struct ExtraRange {
  enum class Kind : std::uint8_t {
    framing,   // blank lines, MLLP's VT and FS, byte order mark
    envelope,  // FHS, BHS, BTS, FTS segments
    comment,   // lines that begin with '#', between messages
    garbage,   // anything else between messages: skipped, and reported
    oversize   // more of a message that was too large for one block, and is rejected
  };
  Kind kind;
  std::uint32_t begin, end;
  std::uint32_t before_message;  // ordinal of the message that follows
};

/// The index of one block. Reused: clear() keeps the memory. Plain arrays, so that hot loops are
/// free functions on plain arguments. Segment s of the block begins at segment_begin[s]; its id is
/// segment_id[s] (simd::pack'ed); its marks are mark[segment_mark[s]] .. mark[segment_mark[s+1]-1],
/// offsets of its field separators, the last being the offset where the segment ends.
struct Er7Index {
  Buffer<std::uint32_t> mark;
  Buffer<std::uint32_t> segment_begin;
  Buffer<std::uint32_t> segment_mark;  // one more than there are segments
  Buffer<std::uint32_t> segment_id;
  Buffer<MessageEntry> messages;
  Buffer<ExtraRange> extras;      // in order of begin
  Buffer<std::uint32_t> headers;  // scratch: ordinals of the MSH segments
  bool saw_other = false;         // scratch: see simd::IndexOutput
  bool saw_stray_other = false;
  bool saw_high = false;
  bool saw_control = false;

  void clear() noexcept;
  std::size_t segment_count() const noexcept { return segment_id.size(); }
};

/// Text with the padding that the SIMD kernels need. `append` keeps it.
class TextBuffer {
 public:
  char* data() noexcept { return bytes_.data(); }
  const char* data() const noexcept { return bytes_.data(); }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return bytes_.capacity(); }
  std::string_view view() const noexcept { return {bytes_.data(), size_}; }
  /// Room for `size` bytes and the padding; keeps what is there.
  void reserve(std::size_t size);
  void resize(std::size_t size);
  void append(std::string_view text);
  void clear() noexcept { size_ = 0; }
  void shrink(std::size_t size) {
    if (bytes_.capacity() > size) {
      bytes_.shrink(size);
      size_ = 0;
    }
  }

 private:
  Buffer<char> bytes_;
  std::size_t size_ = 0;
};

/// Indexes the messages of `text`, a block that begins and ends on message boundaries. Messages in
/// a character set other than UTF-8 are appended to `text` as UTF-8 and indexed there, as are
/// messages with ADD segments, joined; so `text` may grow and move. A block is scanned with its
/// first message's delimiters and newline; where a message differs, the block is taken message by
/// message. Never fails: what is wrong with a message is in its entry. Blocks are at most 4 GiB.
/// Not thread-safe on one index; different indexes are independent.
void index_er7(TextBuffer& text, const Er7Options& options, Er7Index& index);

/// Where the last message of text[from, size) begins, if one begins after `from`: the place to cut
/// a stream into blocks. A message begins at a line that starts with MSH, FHS or BHS and a
/// separator, or at MLLP's VT before it. Returns npos if there is none.
std::size_t last_message_boundary(std::string_view text, std::size_t from) noexcept;

/// The first such place at or after `from`, which must itself follow a newline; npos if none.
std::size_t next_message_boundary(std::string_view text, std::size_t from) noexcept;

}  // namespace hl7flow
