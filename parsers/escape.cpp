#include <hl7flow/parsers/escape.h>

#include <algorithm>
#include <optional>

#include <hl7flow/parsers/charset_tables.h>
#include <hl7flow/parsers/iso_2022.h>
#include <hl7flow/parsers/utf8.h>

namespace hl7flow {
namespace {

constexpr char default_subcomponent = '&';

constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// True for one or more pairs of hexadecimal digits.
bool is_hex_pairs(std::string_view digits) noexcept {
  if (digits.empty() || digits.size() % 2 != 0) return false;
  for (char const c : digits)
    if (hex_value(c) < 0) return false;
  return true;
}

void append_hex_bytes(std::string_view digits, Buffer<char>& out) {
  for (std::size_t i = 0; i < digits.size(); i += 2)
    out.push_back(static_cast<char>(hex_value(digits[i]) * 16 + hex_value(digits[i + 1])));
}

/// True for what can only be meant as a sequence. "\\" and "\a b\" rather are escape characters
/// that somebody forgot to escape.
bool looks_like_sequence(std::string_view body) noexcept {
  for (char const c : body) {
    bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool const other = (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-';
    if (!letter && !other) return false;
  }
  return !body.empty();
}

/// The number after a formatting command: absent, digits, or a sign and digits.
struct FormatNumber {
  bool valid = false;
  bool negative = false;
  unsigned value = 1;
};

FormatNumber read_format_number(std::string_view text) noexcept {
  FormatNumber number;
  if (text.empty()) return {true, false, 1};
  if (text[0] == '+' || text[0] == '-') {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.size() > 3) return number;
  number.value = 0;
  for (char const c : text) {
    if (c < '0' || c > '9') return number;
    number.value = number.value * 10 + static_cast<unsigned>(c - '0');
  }
  number.valid = number.value <= format_count_max;
  return number;
}

/// Line breaks in out[begin, end of out) become LF: CR, CR LF and NUL CR (the hexadecimal 000D).
void normalise_line_breaks(std::size_t begin, Buffer<char>& out) {
  std::size_t to = begin;
  for (std::size_t from = begin; from < out.size(); ++from) {
    char const next = from + 1 < out.size() ? out[from + 1] : ' ';
    if (out[from] == '\0' && next == '\r') continue;
    if (out[from] == '\r') {
      if (next == '\n') ++from;
      out[to++] = '\n';
    } else {
      out[to++] = out[from];
    }
  }
  out.resize(to);
}

class Unescaper {
 public:
  Unescaper(std::string_view raw, const Delimiters& delimiters, Charset charset,
            EscapePolicy policy, Buffer<char>& out)
      : raw_(raw), delimiters_(delimiters), charset_(charset), policy_(policy), out_(out) {
    if (charset_ == Charset::utf_16 || charset_ == Charset::utf_32) charset_ = Charset::utf8;
  }

  Result<EscapeCounts> run() {
    while (at_ < raw_.size() && error_.code == ErrorCode::none) {
      std::size_t const escape = std::min(raw_.find(delimiters_.escape, at_), raw_.size());
      append_text(raw_.substr(at_, escape - at_));
      at_ = escape;
      if (at_ < raw_.size() && error_.code == ErrorCode::none) read_escape();
    }
    flush();
    if (error_.code != ErrorCode::none) return tl::unexpected<Error>(error_);
    return counts_;
  }

 private:
  void fail_at(ErrorCode code, std::size_t offset) {
    error_ = {code, static_cast<std::uint32_t>(offset)};
  }

  /// at_ stands on an escape character.
  void read_escape() {
    std::size_t const end = raw_.find(delimiters_.escape, at_ + 1);
    if (end == raw_.npos) return keep_unknown(1);
    std::string_view const body = raw_.substr(at_ + 1, end - at_ - 1);
    if (decode(body)) return;
    bool const local = !body.empty() && body[0] == 'Z';
    if (local) {
      flush();
      append_verbatim(raw_.substr(at_, body.size() + 2));
      at_ += body.size() + 2;
      return;
    }
    keep_unknown(looks_like_sequence(body) ? body.size() + 2 : 1);
  }

  void keep_unknown(std::size_t length) {
    if (policy_ == EscapePolicy::error) return fail_at(ErrorCode::bad_escape, at_);
    flush();
    append_verbatim(raw_.substr(at_, length));
    ++counts_.unknown;
    at_ += length;
  }

  /// Decodes one sequence and steps over it; false if it is not known.
  bool decode(std::string_view body) {
    if (body.empty()) return false;
    switch (body[0]) {
      case 'X':
        if (!is_hex_pairs(body.substr(1))) return false;
        begin_bytes();
        append_hex_bytes(body.substr(1), out_);
        break;
      case 'C':
      case 'M':
        if (!switch_set(body)) return false;
        break;
      case '.':
        if (!format(body.substr(1))) return false;
        break;
      default:
        if (body.size() != 1 || !decode_letter(body[0])) return false;
    }
    at_ += body.size() + 2;
    return true;
  }

  bool decode_letter(char letter) {
    switch (letter) {
      case 'F':
        return put_delimiter(delimiters_.field);
      case 'S':
        return put_delimiter(delimiters_.component);
      case 'R':
        return put_delimiter(delimiters_.repetition);
      case 'E':
        return put_delimiter(delimiters_.escape);
      case 'T':
        return put_delimiter(delimiters_.subcomponent != '\0' ? delimiters_.subcomponent
                                                              : default_subcomponent);
      case 'P':
        return put_delimiter(delimiters_.truncation);
      case 'H':
      case 'N':
        flush();
        return true;
      default:
        return false;
    }
  }

  bool put_delimiter(char delimiter) {
    if (delimiter == '\0') return false;
    append_text({&delimiter, 1});
    return true;
  }

  bool format(std::string_view body) {
    if (body.size() < 2) return false;
    std::string_view const command = body.substr(0, 2);
    std::string_view const rest = body.substr(2);
    if (command == "br" || command == "fi" || command == "nf" || command == "ce") {
      if (!rest.empty()) return false;
      flush();
      if (command == "br" || (command == "ce" && out_.size() > out_begin_)) out_.push_back('\n');
      return true;
    }
    FormatNumber const number = read_format_number(rest);
    bool const indent = command == "in" || command == "ti";
    bool const skip = command == "sp" || command == "sk";
    if (!number.valid || (!indent && !skip) || (skip && number.negative)) return false;
    flush();
    if (indent) return true;
    bool const old_line_break = command == "sp" && rest.empty() && at_ > 0 &&
                                raw_[at_ - 1] == delimiters_.component && out_.size() > out_begin_;
    if (old_line_break) out_.resize(out_.size() - 1);
    for (unsigned i = 0; i < number.value; ++i) out_.push_back(command == "sp" ? '\n' : ' ');
    return true;
  }

  /// \Cxxyy\ and \Mxxyyzz\: the hexadecimal of an ISO 2022 designation.
  bool switch_set(std::string_view body) {
    if (body.size() > 7 || !is_hex_pairs(body.substr(1))) return false;
    char bytes[3];
    std::size_t length = 0;
    for (std::size_t i = 1; i < body.size(); i += 2)
      bytes[length++] = static_cast<char>(hex_value(body[i]) * 16 + hex_value(body[i + 1]));
    auto const designation = iso_2022::read_designation({bytes, length});
    if (!designation || designation->length != length) return false;
    bool const double_byte = bytes[0] == '$';
    if (double_byte != (body[0] == 'M')) return false;
    flush();
    if (designation->set == iso_2022::GraphicSet::ascii) {
      switched_.reset();
      return true;
    }
    switched_ = iso_2022::State{};
    switched_->right = *designation;  // bytes with the high bit mean this set, whichever half it is
    if (!designation->right) switched_->left = *designation;
    return true;
  }

  /// The end of out_ from here on is bytes in the set that is switched to, or in the message's.
  void begin_bytes() {
    if (has_bytes_) return;
    has_bytes_ = true;
    bytes_begin_ = out_.size();
    bytes_offset_ = at_;
  }

  /// Turns the bytes at the end of out_ into text.
  void flush() {
    if (!has_bytes_) return;
    has_bytes_ = false;
    std::string_view const bytes(out_.data() + bytes_begin_, out_.size() - bytes_begin_);
    if (switched_ || !reads_as_utf8(bytes, charset_)) transcode(bytes);
    normalise_line_breaks(bytes_begin_, out_);
  }

  /// Replaces `bytes`, the end of out_, by their UTF-8.
  void transcode(std::string_view bytes) {
    Buffer<char> copy;
    copy.append(bytes.data(), bytes.size());
    out_.resize(bytes_begin_);
    std::string_view const source(copy.data(), copy.size());
    auto const on_error = policy_ == EscapePolicy::error ? CharsetPolicy::OnError::error
                                                         : CharsetPolicy::OnError::replace;
    auto const replaced = switched_ ? iso_2022::append(source, *switched_, on_error, out_)
                                    : to_utf8(source, charset_, on_error, out_);
    if (replaced)
      counts_.undecodable += static_cast<std::uint32_t>(*replaced);
    else
      fail_at(replaced.error().code, bytes_offset_);
  }

  void append_verbatim(std::string_view text) { out_.append(text.data(), text.size()); }

  /// Text between sequences. Where a set is switched to, what can be is taken back to bytes.
  void append_text(std::string_view text) {
    if (!switched_) {
      if (!text.empty()) flush();
      return append_verbatim(text);
    }
    while (!text.empty()) {
      std::size_t const length = std::max<std::size_t>(utf8_length(text), 1);
      int const byte = byte_as_received(text.substr(0, length));
      if (byte >= 0) {
        begin_bytes();
        out_.push_back(static_cast<char>(byte));
      } else {
        flush();
        append_verbatim(text.substr(0, length));
      }
      text.remove_prefix(length);
    }
  }

  /// The byte that a character was in the message, or -1.
  int byte_as_received(std::string_view character) const {
    unsigned const first = static_cast<unsigned char>(character[0]);
    if (first < 0x80) return static_cast<int>(first);
    if (character.size() == 1 || !is_single_byte(charset_)) return -1;
    return byte_of(utf8_character(character), charset_);
  }

  std::string_view raw_;
  const Delimiters& delimiters_;
  Charset charset_;
  EscapePolicy policy_;
  Buffer<char>& out_;
  std::size_t out_begin_ = out_.size();
  std::size_t at_ = 0;
  bool has_bytes_ = false;
  std::size_t bytes_begin_ = 0;   // in out_
  std::size_t bytes_offset_ = 0;  // where they began in raw_
  std::optional<iso_2022::State> switched_;
  EscapeCounts counts_;
  Error error_;
};

/// What stands between the escape characters for `c`; empty if `c` stands for itself.
std::string_view sequence_for(char c, const Delimiters& delimiters) noexcept {
  if (c == '\0') return {};
  if (c == delimiters.field) return "F";
  if (c == delimiters.component) return "S";
  if (c == delimiters.subcomponent) return "T";
  if (c == delimiters.repetition) return "R";
  if (c == delimiters.escape) return "E";
  if (c == delimiters.truncation) return "P";
  switch (c) {
    case '\r':
      return "X0D";
    case '\n':
      return "X0A";
    case '\v':
      return "X0B";
    case '\x1C':
      return "X1C";
    default:
      return {};
  }
}

/// The characters that need a sequence, one bit each: all are ASCII.
class SpecialSet {
 public:
  explicit SpecialSet(const Delimiters& d) noexcept {
    for (char const c : {d.field, d.component, d.repetition, d.escape, d.subcomponent, d.truncation,
                         '\r', '\n', '\v', '\x1C'}) {
      unsigned const byte = static_cast<unsigned char>(c);
      if (byte != 0) bits_[byte / 64] |= std::uint64_t{1} << (byte % 64);
    }
  }
  bool has(char c) const noexcept {
    unsigned const byte = static_cast<unsigned char>(c);
    return ((bits_[byte / 64] >> (byte % 64)) & 1) != 0;
  }

 private:
  std::uint64_t bits_[4] = {};
};

}  // namespace

Result<EscapeCounts> append_unescaped(std::string_view raw, const Delimiters& delimiters,
                                      Charset message_charset, EscapePolicy policy,
                                      Buffer<char>& out) {
  if (policy == EscapePolicy::keep || !has_escape(raw, delimiters)) {
    out.append(raw.data(), raw.size());
    return EscapeCounts{};
  }
  out.reserve(out.size() + raw.size());
  return Unescaper(raw, delimiters, message_charset, policy, out).run();
}

std::size_t escape(std::string_view text, const Delimiters& delimiters, Buffer<char>& out) {
  SpecialSet const special(delimiters);
  std::size_t lost = 0;
  std::size_t begin = 0;
  out.reserve(out.size() + text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!special.has(text[at])) continue;
    out.append(text.data() + begin, at - begin);
    begin = at + 1;
    if (delimiters.escape == '\0') {
      out.push_back(' ');
      ++lost;
      continue;
    }
    std::string_view const sequence = sequence_for(text[at], delimiters);
    out.push_back(delimiters.escape);
    out.append(sequence.data(), sequence.size());
    out.push_back(delimiters.escape);
  }
  out.append(text.data() + begin, text.size() - begin);
  return lost;
}

void append_escaped(std::string_view text, const Delimiters& delimiters, std::string& out) {
  struct Sequence {
    char character;
    std::string_view name;
  };
  const Sequence sequences[] = {{delimiters.escape, "E"},
                                {delimiters.field, "F"},
                                {delimiters.component, "S"},
                                {delimiters.subcomponent, "T"},
                                {delimiters.repetition, "R"},
                                {'\r', ".br"},
                                {'\n', ".br"}};
  for (char const c : text) {
    std::string_view name;
    for (Sequence const& sequence : sequences)
      if (name.empty() && sequence.character != '\0' && sequence.character == c)
        name = sequence.name;
    if (name.empty()) {
      out += c;
    } else if (delimiters.escape == '\0') {
      out += ' ';
    } else {
      out += delimiters.escape;
      out += name;
      out += delimiters.escape;
    }
  }
}

}  // namespace hl7flow
