// The index of a block, message by message, for blocks that are not uniform. First the block is cut
// at the lines where a message or an envelope begins; then each message is stripped of what is not
// its own (MLLP's VT and FS, blank lines, comments), transcoded if its character set asks for it,
// scanned with its own delimiters and newline, and its stray lines and ADD segments are joined.

#include <hl7flow/parsers/careful_index.h>

#include <algorithm>

namespace hl7flow::detail {
namespace {

bool is_newline(char c) { return c == '\r' || c == '\n'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

/// What a line without content is made of: blanks, line ends, and framing characters gone astray.
constexpr std::string_view blanks = " \t\r\n\v\x1c";

bool has_segment_id(std::string_view line) {
  return line.size() >= 3 && is_letter(line[0]) && is_name(line[1]) && is_name(line[2]);
}

/// A line that could be a segment if we knew the delimiters.
bool looks_like_segment(std::string_view line) {
  return has_segment_id(line) && line.size() > 3 && may_delimit(line[3]);
}

enum class Start : std::uint8_t { none, message, envelope };

/// What begins at `text`, which stands at the start of a line.
Start start_of(std::string_view text) {
  if (text.size() < 3) return Start::none;
  std::string_view const id = text.substr(0, 3);
  bool const separated = text.size() > 3 && may_delimit(text[3]);
  if (id == "MSH" && separated) return Start::message;
  if ((id == "FHS" || id == "BHS") && separated) return Start::envelope;
  bool const ended = text.size() == 3 || is_newline(text[3]) || text[3] == vertical_tab ||
                     text[3] == file_separator;
  if ((id == "BTS" || id == "FTS") && (separated || ended)) return Start::envelope;
  return Start::none;
}

class CarefulIndexer {
 public:
  CarefulIndexer(TextBuffer& text, const Er7Options& options, Er7Index& index)
      : text_(text), options_(options), index_(index), size_(text.size()) {}

  void run() {
    find_stops();
    std::size_t start = next_start(0);
    if (start != 0 && view().starts_with(byte_order_mark)) {
      extra(ExtraRange::Kind::framing, 0, byte_order_mark.size());
      between(byte_order_mark.size(), start);
    } else {
      between(0, start);
    }
    while (start < size_) {
      std::size_t const header = start + header_prefix(view().substr(start));
      std::size_t const next = next_start(header + 3);
      extra(ExtraRange::Kind::framing, start, header);
      if (start_of(view().substr(header)) == Start::envelope) {
        std::size_t const end =
            std::min(line_end(header, next), view().substr(0, next).find(file_separator, header));
        extra(ExtraRange::Kind::envelope, header, end);
        between(end, next);
      } else {
        message(start, header, next);
      }
      start = next;
    }
    index_.segment_mark.push_back(static_cast<std::uint32_t>(index_.mark.size()));
  }

 private:
  std::string_view view() const { return {text_.data(), size_}; }

  void extra(ExtraRange::Kind kind, std::size_t begin, std::size_t end) {
    if (begin == end) return;
    auto const before = static_cast<std::uint32_t>(index_.messages.size());
    if (!index_.extras.empty()) {
      ExtraRange& last = index_.extras.back();
      bool const same = last.kind == kind && last.end == begin && last.before_message == before;
      if (same && kind != ExtraRange::Kind::envelope) {
        last.end = static_cast<std::uint32_t>(end);
        return;
      }
    }
    index_.extras.push_back(
        {kind, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), before});
  }

  /// Finds the characters that a message can begin after or at, for next_start().
  void find_stops() {
    constexpr simd::Needles needles{{'\r', '\n', vertical_tab, file_separator}, 4};
    constexpr std::size_t step = 64u << 10;
    Buffer<std::uint32_t>& stops = index_.headers;
    stops.clear();
    for (std::size_t at = 0; at < size_; at += step) {
      std::size_t const stop = std::min(size_, at + step);
      stops.reserve(stops.size() + (stop - at) + simd::slack);
      std::size_t const found =
          simd::active().scan(text_.data(), at, stop, needles, stops.data() + stops.size());
      stops.resize(stops.size() + found);
    }
  }

  /// Where the next message or envelope begins, with what may stand before its header, in the first
  /// line or in one that begins behind `from`. Calls come with growing `from`.
  std::size_t next_start(std::size_t from) {
    Buffer<std::uint32_t> const& stops = index_.headers;
    if (from == 0 && starts_at(0)) return 0;
    for (; next_stop_ < stops.size(); ++next_stop_) {
      std::size_t const stop = stops[next_stop_];
      if (stop < from) continue;
      // The same place may be looked at twice: as VT before a header, and then as the header.
      if (view()[stop] == vertical_tab && starts_at(stop)) return stop;
      if (starts_at(stop + 1)) return stop + 1;
    }
    return size_;
  }

  bool starts_at(std::size_t at) const {
    std::string_view const rest = view().substr(std::min(at, size_));
    return start_of(rest.substr(header_prefix(rest))) != Start::none;
  }

  /// The end of the line that contains `at`, with its newline (CR, LF or CR LF).
  std::size_t line_end(std::size_t at, std::size_t end) const {
    std::string_view const all = view();
    std::size_t stop = at;
    while (stop < end && !is_newline(all[stop])) ++stop;
    if (stop == end) return end;
    return stop + 1 < end && all[stop] == '\r' && all[stop + 1] == '\n' ? stop + 2 : stop + 1;
  }

  /// Bytes between messages: framing, comments, segments without a header, garbage.
  void between(std::size_t begin, std::size_t end) {
    while (begin < end) {
      std::size_t const next = line_end(begin, end);
      std::string_view const line = trimmed(begin, next);
      if (line.empty()) {
        extra(ExtraRange::Kind::framing, begin, next);
      } else if (line.front() == '#') {
        extra(ExtraRange::Kind::comment, begin, next);
      } else if (looks_like_segment(line)) {
        begin = headless(begin, end);
        continue;
      } else {
        extra(ExtraRange::Kind::garbage, begin, next);
      }
      begin = next;
    }
  }

  /// The line without newline, blanks and MLLP's framing characters.
  std::string_view trimmed(std::size_t begin, std::size_t end) const {
    std::string_view line = view().substr(begin, end - begin);
    std::size_t const first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    line.remove_prefix(first);
    return line.substr(0, line.find_last_not_of(blanks) + 1);
  }

  /// Segments that have no header: one rejected message up to the next blank line.
  std::size_t headless(std::size_t begin, std::size_t end) {
    std::size_t at = begin;
    while (at < end) {
      std::size_t const next = line_end(at, end);
      if (trimmed(at, next).empty()) break;
      at = next;
    }
    reject(begin, at, ErrorCode::no_header, 0);
    return at;
  }

  void reject(std::size_t begin, std::size_t end, ErrorCode code, std::uint32_t offset) {
    MessageEntry entry{};
    entry.raw_begin = entry.begin = static_cast<std::uint32_t>(begin);
    entry.raw_end = entry.end = static_cast<std::uint32_t>(end);
    entry.first_segment = static_cast<std::uint32_t>(index_.segment_id.size());
    entry.error = {code, offset};
    index_.messages.push_back(entry);
  }

  /// One message: framed [start, next), its MSH at `header`.
  void message(std::size_t start, std::size_t header, std::size_t next) {
    bool const framed = view()[start] == vertical_tab;
    bool const printed = view()[start] == printed_start.front();
    std::size_t const closed = printed ? view().substr(0, next).find(printed_end, header)
                                       : closing_separator(header, next);
    if (framed && closed == std::string_view::npos) {
      reject(header, next, ErrorCode::frame_incomplete, static_cast<std::uint32_t>(next - header));
      return;
    }
    std::size_t end = std::min(closed, next);
    if (end - header > options_.limits.message_size_max)
      reject(header, end, ErrorCode::message_too_large, options_.limits.message_size_max);
    else
      end = body(header, end);
    if (printed && closed < next) {
      between(end, closed);
      end = line_end(closed, next);
      extra(ExtraRange::Kind::framing, closed, end);
    }
    between(end, next);
  }

  /// The FS that ends a frame: one at the start or the end of a line; any other is data.
  std::size_t closing_separator(std::size_t begin, std::size_t end) const {
    std::string_view const all = view().substr(0, end);
    for (std::size_t at = begin;; ++at) {
      at = all.find(file_separator, at);
      if (at == std::string_view::npos || is_newline(all[at - 1]) || at + 1 == end ||
          is_newline(all[at + 1]) || all[at + 1] == vertical_tab)
        return at;
    }
  }

  /// Indexes the message [begin, end) and returns where it really ends: before trailing blank
  /// lines, comments and whatever follows them.
  std::size_t body(std::size_t begin, std::size_t end) {
    std::string_view bytes = view().substr(begin, end - begin);
    auto const delimiters = read_delimiters(bytes);
    std::size_t const content = bytes.find_last_not_of("\r\n") + 1;
    char const newline = newline_of(bytes, content);
    std::size_t size = message_size(bytes.substr(0, content), newline);
    if (size == content) size += newline_size(bytes.substr(size), newline);
    bytes = bytes.substr(0, size);
    MessageEntry entry{};
    entry.raw_begin = entry.begin = static_cast<std::uint32_t>(begin);
    entry.raw_end = entry.end = static_cast<std::uint32_t>(begin + size);
    entry.first_segment = static_cast<std::uint32_t>(index_.segment_id.size());
    if (!delimiters) {
      entry.error = delimiters.error();
    } else {
      entry.delimiters = *delimiters;
      transcode(bytes, newline, entry);
      if (entry.error.code == ErrorCode::none) segments(entry, newline);
      if (entry.error.code == ErrorCode::none && has_add_) join_additions(entry, newline);
    }
    if (entry.error.code != ErrorCode::none) drop_segments(entry);
    index_.messages.push_back(entry);
    return begin + size;
  }

  /// What ends the segments of a message whose last character is bytes[content - 1]: CR if there is
  /// one in it, else LF; in a message of one line, what ends that.
  static char newline_of(std::string_view bytes, std::size_t content) {
    std::string_view const inside = bytes.substr(0, content);
    if (inside.find('\r') != std::string_view::npos) return '\r';
    if (inside.find('\n') != std::string_view::npos) return '\n';
    return content < bytes.size() ? bytes[content] : '\r';
  }

  /// The size of the terminator that `rest` begins with, if it does: an LF after CR is part of it.
  static std::size_t newline_size(std::string_view rest, char newline) {
    if (rest.empty() || rest[0] != newline) return 0;
    return newline == '\r' && rest.size() > 1 && rest[1] == '\n' ? 2 : 1;
  }

  /// How much of `bytes` is the message: a blank line ends it if no segment follows, and a
  /// comment line ends it likewise.
  static std::size_t message_size(std::string_view bytes, char newline) {
    std::size_t size = 0;
    bool open = true;  // the last line was part of the message, so text may continue it
    for (std::size_t at = 0; at < bytes.size();) {
      std::size_t stop = std::min(bytes.find(newline, at), bytes.size());
      std::string_view line = bytes.substr(at, stop - at);
      std::size_t const next = stop + newline_size(bytes.substr(stop), newline);
      bool const blank = line.find_first_not_of(blanks) == std::string_view::npos;
      bool const segment = has_segment_id(line) && (line.size() == 3 || line[3] == bytes[3]);
      if (segment || (open && !blank && line.front() != '#')) size = next;
      open = segment || (open && !blank && line.front() != '#');
      at = next;
    }
    return size;
  }

  static std::string_view header_field(std::string_view message, char newline, char separator,
                                       int number) {
    std::string_view header = message.substr(0, message.find(newline));
    for (int field = 1; field < number; ++field) {
      std::size_t const at = header.find(separator);
      if (at == std::string_view::npos) return {};
      header.remove_prefix(at + 1);
    }
    return header.substr(0, header.find(separator));
  }

  /// Decides the character set; unless the bytes are UTF-8 already, appends their UTF-8 to the
  /// text.
  void transcode(std::string_view bytes, char newline, MessageEntry& entry) {
    std::string_view const msh_18 = header_field(bytes, newline, entry.delimiters.field, 18);
    auto const charset =
        choose_charset(bytes, msh_18, entry.delimiters.repetition, options_.charset);
    if (!charset) {
      entry.error = charset.error();
      return;
    }
    entry.charset = *charset;
    if (reads_as_utf8(bytes, *charset)) return;
    converted_.clear();
    auto const done = to_utf8(bytes, *charset, options_.charset.on_error, converted_);
    if (!done) {
      entry.error = done.error();
      return;
    }
    std::string_view const text{converted_.data(), converted_.size()};
    if (!text.starts_with(bytes.substr(0, 4))) {  // UTF-16 is demanded of bytes that are not
      entry.error = {ErrorCode::bad_charset, 0};
      return;
    }
    rewrite(entry, text);
  }

  /// Makes `text` the message's indexed text.
  void rewrite(MessageEntry& entry, std::string_view text) {
    entry.begin = static_cast<std::uint32_t>(text_.size());
    text_.append(text);
    entry.end = static_cast<std::uint32_t>(text_.size());
    entry.rewritten = true;
    std::memset(text_.data() + text_.size(), 0, simd::padding);
  }

  /// Scans the message and appends its segments to the index; stray lines join the segment before.
  void segments(MessageEntry& entry, char newline) {
    scratch_.clear();
    scan_segments(text_.data(), entry.begin, entry.end,
                  {entry.delimiters.field, newline, newline == '\r' ? '\n' : '\r'}, scratch_);
    has_add_ = false;
    const char* const text = text_.data();
    for (std::size_t s = 0; s + 1 < scratch_.segment_begin.size(); ++s) {
      std::uint32_t begin = scratch_.segment_begin[s];
      std::uint32_t const first = scratch_.segment_mark[s], past = scratch_.segment_mark[s + 1];
      std::uint32_t const end = scratch_.mark[past - 1];
      if (begin < end && newline == '\r' && text[begin] == '\n') ++begin;
      std::string_view const line{text + begin, end - begin};
      if (line.find_first_not_of(blanks) == std::string_view::npos) continue;
      bool const named =
          has_segment_id(line) && (line.size() == 3 || line[3] == entry.delimiters.field);
      if (!named && !join(entry, begin)) return;
      if (named) begin_segment(entry, line, begin);
      index_.mark.append(scratch_.mark.data() + first, past - first);
      if (entry.segment_count > options_.limits.segment_count_max) {
        entry.error = {ErrorCode::too_many_segments, received_offset(entry, begin)};
        return;
      }
    }
  }

  /// From the text that is indexed to the bytes as received.
  std::uint32_t received_offset(const MessageEntry& entry, std::uint32_t at) const {
    if (!entry.rewritten) return at - entry.begin;
    return static_cast<std::uint32_t>(
        offset_before_utf8(view().substr(entry.raw_begin, entry.raw_end - entry.raw_begin),
                           entry.charset, at - entry.begin));
  }

  void begin_segment(MessageEntry& entry, std::string_view line, std::uint32_t begin) {
    index_.segment_begin.push_back(begin);
    index_.segment_mark.push_back(static_cast<std::uint32_t>(index_.mark.size()));
    index_.segment_id.push_back(simd::pack(line[0], line[1], line[2]));
    ++entry.segment_count;
    has_add_ |= line.size() > 3 && line.substr(0, 3) == "ADD";
  }

  /// The segment before goes on: its end is taken back, unless the policy is to reject.
  bool join(MessageEntry& entry, std::uint32_t begin) {
    if (options_.stray_lines == StrayLines::reject) {
      entry.error = {ErrorCode::bad_segment_id, received_offset(entry, begin)};
      return false;
    }
    ++entry.joined_lines;
    index_.mark.resize(index_.mark.size() - 1);
    return true;
  }

  /// ADD|rest continues the segment before it, character by character (HL7 v2.9.1 2.10.2): the
  /// terminator and "ADD|" go, and the result is indexed as the message's text.
  void join_additions(MessageEntry& entry, char newline) {
    converted_.clear();
    // Behind the header of a message with a continuation pointer it goes on from the message
    // before.
    std::string_view const text{text_.data() + entry.begin, entry.end - entry.begin};
    bool const continues = !header_field(text, newline, entry.delimiters.field, 14).empty();
    for (std::uint32_t s = 0; s < entry.segment_count; ++s) {
      std::uint32_t const segment = entry.first_segment + s;
      std::uint32_t const begin = index_.segment_begin[segment];
      std::uint32_t const next_mark = s + 1 < entry.segment_count
                                          ? index_.segment_mark[segment + 1]
                                          : static_cast<std::uint32_t>(index_.mark.size());
      std::uint32_t const end = index_.mark[next_mark - 1];
      bool const addition = s > (continues ? 1 : 0) && end - begin > 3 &&
                            index_.segment_id[segment] == simd::pack('A', 'D', 'D');
      if (addition) converted_.resize(converted_.size() - 1);
      std::uint32_t const from = addition ? begin + 4 : begin;
      converted_.append(text_.data() + from, end - from);
      converted_.push_back(newline);
    }
    drop_segments(entry);
    entry.joined_lines = 0;  // they are still there, and counted again
    rewrite(entry, {converted_.data(), converted_.size()});
    segments(entry, newline);
  }

  void drop_segments(MessageEntry& entry) {
    if (entry.segment_count > 0) index_.mark.resize(index_.segment_mark[entry.first_segment]);
    index_.segment_begin.resize(entry.first_segment);
    index_.segment_mark.resize(entry.first_segment);
    index_.segment_id.resize(entry.first_segment);
    entry.segment_count = 0;
  }

  TextBuffer& text_;
  const Er7Options& options_;
  Er7Index& index_;
  std::size_t const size_;
  std::size_t next_stop_ = 0;
  Er7Index scratch_;
  Buffer<char> converted_;
  bool has_add_ = false;
};

}  // namespace

void index_carefully(TextBuffer& text, const Er7Options& options, Er7Index& index) {
  CarefulIndexer(text, options, index).run();
}

}  // namespace hl7flow::detail
