#include <algorithm>
#include <cerrno>

#include <hl7flow/parsers/charset.h>
#include <hl7flow/parsers/charset_tables.h>
#include <hl7flow/parsers/iso_2022.h>
#include <hl7flow/parsers/utf8.h>

// to_utf8(): runs of ASCII are copied, whatever is between them goes through a table or iconv.
namespace hl7flow {
namespace {

using OnError = CharsetPolicy::OnError;

constexpr unsigned byte(char c) noexcept { return static_cast<unsigned char>(c); }

Result<std::size_t> from_utf8(std::string_view bytes, OnError on_error, Buffer<char>& out) {
  if (is_utf8(bytes)) {
    out.append(bytes.data(), bytes.size());
    return 0;
  }
  std::size_t replaced = 0;
  std::size_t begin = 0;  // of what is valid and not yet appended
  std::size_t at = 0;
  while (true) {
    at += ascii_prefix(bytes.substr(at));
    std::size_t const length = utf8_length(bytes.substr(at));
    at += length;
    if (length != 0) continue;
    out.append(bytes.data() + begin, at - begin);
    if (at == bytes.size()) return replaced;
    if (on_error == OnError::error) return fail(ErrorCode::bad_charset, at);
    append_utf8(replacement_character, out);
    ++replaced;
    begin = ++at;
  }
}

Result<std::size_t> from_single_byte(std::string_view bytes, Charset charset, OnError on_error,
                                     Buffer<char>& out) {
  SingleByteTable const* table = nullptr;
  std::size_t replaced = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t const ascii = ascii_prefix(bytes.substr(at));
    out.append(bytes.data() + at, ascii);
    at += ascii;
    if (at == bytes.size()) break;
    if (table == nullptr) table = &single_byte_table(charset);
    if (!table->available) return fail(ErrorCode::unknown_charset, 0);
    for (; at < bytes.size() && byte(bytes[at]) >= 0x80; ++at) {
      char16_t const character = table->upper[byte(bytes[at]) - 0x80];
      if (character == no_character) {
        if (on_error == OnError::error) return fail(ErrorCode::bad_charset, at);
        ++replaced;
      }
      append_utf8(character, out);
    }
  }
  return replaced;
}

/// Length of the character that `text`, which begins with a byte above ASCII, begins with; 1 if
/// what follows can be no part of one, so that a broken character takes no delimiter with it.
std::size_t multibyte_length(std::string_view text, Charset charset) noexcept {
  unsigned const lead = byte(text[0]);
  unsigned const second = text.size() > 1 ? byte(text[1]) : 0;
  std::size_t length = 2;
  unsigned second_min = 0x40;
  switch (charset) {
    case Charset::shift_jis:
      if (lead <= 0x80 || (lead >= 0xA0 && lead <= 0xDF) || lead >= 0xFD) return 1;
      break;
    case Charset::gb_18030:
      if (second >= '0' && second <= '9') return text.size() < 4 ? 1 : 4;
      break;
    case Charset::euc_jp:
      second_min = 0xA1;
      if (lead == 0x8F) length = 3;
      break;
    case Charset::euc_tw:
      second_min = 0xA1;
      if (lead == 0x8E) length = 4;
      break;
    default:
      break;
  }
  return second < second_min || text.size() < length ? 1 : length;
}

/// How much iconv gets at once. After a broken character the run is measured again, so runs shrink
/// where text is broken, or broken text would be quadratic, and grow where it is not.
constexpr std::size_t run_size_min = 8, run_size_max = 256;

Result<std::size_t> from_multibyte(std::string_view bytes, Charset charset, OnError on_error,
                                   Buffer<char>& out) {
  iconv_t handle = nullptr;
  std::size_t replaced = 0;
  std::size_t run_size = run_size_max;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t const ascii = ascii_prefix(bytes.substr(at));
    out.append(bytes.data() + at, ascii);
    at += ascii;
    if (at == bytes.size()) break;
    if (handle == nullptr) handle = multibyte_handle(charset);
    if (handle == nullptr) return fail(ErrorCode::unknown_charset, 0);

    std::size_t end = at;
    while (end < bytes.size() && byte(bytes[end]) >= 0x80 && end - at < run_size)
      end += multibyte_length(bytes.substr(end), charset);
    run_size = std::min(2 * run_size, run_size_max);
    while (at < end) {
      std::size_t const used = out.size();
      out.resize(used + 3 * (end - at) + 8);  // no byte of these sets becomes more than three
      char* in = const_cast<char*>(bytes.data()) + at;
      char* to = out.data() + used;
      std::size_t in_left = end - at;
      std::size_t to_left = out.size() - used;
      bool const done = iconv(handle, &in, &in_left, &to, &to_left) != static_cast<std::size_t>(-1);
      bool const full = !done && errno == E2BIG;
      out.resize(out.size() - to_left);
      at = end - in_left;
      if (done || full) continue;
      if (on_error == OnError::error) return fail(ErrorCode::bad_charset, at);
      iconv(handle, nullptr, nullptr, nullptr, nullptr);
      append_utf8(replacement_character, out);
      ++replaced;
      ++at;
      run_size = run_size_min;
      break;  // the next byte may be ASCII, or lead another way
    }
  }
  return replaced;
}

/// Units of UTF-16 (Size 2) and UTF-32 (Size 4), in the byte order that a mark or the place of the
/// NUL bytes tells; little-endian if nothing does.
template <std::size_t Size>
class WideText {
 public:
  explicit WideText(std::string_view bytes) noexcept : bytes_(bytes) {
    if (bytes.size() < Size) return;
    big_endian_ = true;
    char32_t const first = unit(0);
    big_endian_ = first == 0xFEFF || (first < 0x80 && first != 0);
    if (unit(0) == 0xFEFF) start_ = Size;
  }
  std::size_t start() const noexcept { return start_; }
  bool has(std::size_t at) const noexcept { return bytes_.size() - at >= Size; }
  char32_t unit(std::size_t at) const noexcept {
    char32_t value = 0;
    for (std::size_t i = 0; i < Size; ++i)
      value = (value << 8) | byte(bytes_[at + (big_endian_ ? i : Size - 1 - i)]);
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_endian_ = false;
  std::size_t start_ = 0;
};

constexpr char32_t no_unit = 0xFFFFFFFF;
constexpr bool is_surrogate(char32_t c) noexcept { return c >= 0xD800 && c <= 0xDFFF; }

template <std::size_t Size>
Result<std::size_t> from_wide(std::string_view bytes, OnError on_error, Buffer<char>& out) {
  WideText<Size> const text(bytes);
  std::size_t replaced = 0;
  std::size_t length = Size;
  for (std::size_t at = text.start(); at < bytes.size(); at += length) {
    length = text.has(at) ? Size : bytes.size() - at;
    char32_t character = text.has(at) ? text.unit(at) : no_unit;
    if (Size == 2 && character >= 0xD800 && character <= 0xDBFF && text.has(at + 2)) {
      char32_t const low = text.unit(at + 2);
      if (low >= 0xDC00 && low <= 0xDFFF) {
        character = 0x10000 + ((character - 0xD800) << 10) + (low - 0xDC00);
        length = 4;
      }
    }
    if (is_surrogate(character) || character > 0x10FFFF) {
      if (on_error == OnError::error) return fail(ErrorCode::bad_charset, at);
      character = replacement_character;
      ++replaced;
    }
    append_utf8(character, out);
  }
  return replaced;
}

}  // namespace

Result<std::size_t> to_utf8(std::string_view bytes, Charset charset,
                            CharsetPolicy::OnError on_error, Buffer<char>& out) {
  if (charset == Charset::utf8 || charset == Charset::unknown)
    return from_utf8(bytes, on_error, out);
  if (charset == Charset::utf_16) return from_wide<2>(bytes, on_error, out);
  if (charset == Charset::utf_32) return from_wide<4>(bytes, on_error, out);
  if (charset == Charset::iso_2022_jp) return iso_2022::append(bytes, {}, on_error, out);
  out.reserve(out.size() + bytes.size() + bytes.size() / 2);
  if (is_single_byte(charset)) return from_single_byte(bytes, charset, on_error, out);
  return from_multibyte(bytes, charset, on_error, out);
}

std::size_t offset_before_utf8(std::string_view bytes, Charset charset, std::size_t offset) {
  if (reads_as_utf8(bytes, charset)) return std::min(offset, bytes.size());
  Buffer<char> decoded;
  auto const size_of_first = [&](std::size_t count) {
    decoded.clear();
    auto const done =
        to_utf8(bytes.substr(0, count), charset, CharsetPolicy::OnError::replace, decoded);
    return done ? decoded.size() : count;
  };
  // The fewest bytes that reach beyond the offset end with the first one of its character.
  std::size_t low = 0, high = bytes.size();
  while (low < high) {
    std::size_t const middle = low + (high - low) / 2;
    if (size_of_first(middle + 1) > offset)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace hl7flow
