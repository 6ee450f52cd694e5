// The index of a block, the fast way. A block whose messages share one set of delimiters and one
// newline, and hold nothing unusual, is indexed in one pass over its bytes and one over its segment
// starts. Whatever does not fit goes message by message (careful_index.cpp); both ways give the
// same index for the same messages, so where a stream is cut into blocks never shows.

#include <hl7flow/parsers/er7_index.h>

#include <algorithm>
#include <cstring>

#include <hl7flow/parsers/careful_index.h>
#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow {
namespace {

/// The kernels write past what they report, so room is made for each step's worst case; steps keep
/// that worst case small beside a huge message.
constexpr std::size_t step_size = 64u << 10;

/// Header fields of one message, by the marks of its first segment.
std::string_view header_field(const char* text, const Er7Index& index, std::uint32_t segment,
                              std::uint32_t number) {
  std::uint32_t const first = index.segment_mark[segment] + number - 2;
  if (first + 1 >= index.segment_mark[segment + 1]) return {};
  std::uint32_t const begin = index.mark[first] + 1;
  return {text + begin, index.mark[first + 1] - begin};
}

/// Remembers the last MSH-18, which nearly always repeats.
class CharsetMemory {
 public:
  Charset of(std::string_view msh_18, char repetition_separator) {
    if (msh_18.empty()) return Charset::utf8;
    if (msh_18 != last_) {
      last_ = msh_18;
      charset_ = charset_of_message(msh_18, repetition_separator);
    }
    return charset_;
  }

 private:
  std::string_view last_;
  Charset charset_ = Charset::utf8;
};

bool index_uniform(const TextBuffer& text, const Er7Options& options, Er7Index& index) {
  std::string_view const view = text.view();
  if (!view.starts_with("MSH")) return false;
  auto const delimiters = read_delimiters(view);
  if (!delimiters) return false;
  std::size_t const newline = view.find_first_of("\r\n");
  if (newline == std::string_view::npos) return false;
  char const terminator = view[newline];
  char const other = terminator == '\r' ? '\n' : '\r';

  detail::scan_segments(view.data(), 0, view.size(), {delimiters->field, terminator, other}, index);
  bool const carriage = terminator == '\r';
  if (carriage ? index.saw_stray_other : index.saw_other) return false;
  if (index.saw_other)  // CR LF: the LF belongs to the terminator
    for (std::uint32_t& begin : index.segment_begin) begin += text.data()[begin] == '\n' ? 1 : 0;
  std::size_t segments = index.segment_begin.size() - 1;
  while (segments > 0 && index.segment_begin[segments - 1] >= view.size()) --segments;
  index.segment_id.resize(segments + simd::slack);
  index.headers.resize(segments + simd::slack);
  std::size_t headers = 0;
  std::size_t const irregular =
      simd::active().identify(view.data(), index.segment_begin.data(), segments, delimiters->field,
                              index.segment_id.data(), index.headers.data(), &headers);
  index.segment_id.resize(segments);
  if (irregular != 0 || headers == 0 || index.headers[0] != 0) return false;

  bool const automatic = options.charset.source == CharsetPolicy::Source::automatic;
  if (index.saw_high && !(automatic && is_utf8(view))) return false;

  // The first header's delimiters, terminated, must be those of all.
  std::size_t const declared = view.find(delimiters->field, 4);
  if (declared == std::string_view::npos || declared > newline) return false;
  std::string_view const prefix = view.substr(0, declared + 1);
  CharsetMemory memory;
  index.messages.reserve(headers);
  for (std::size_t k = 0; k < headers; ++k) {
    std::uint32_t const first = index.headers[k];
    std::uint32_t const last =
        k + 1 < headers ? index.headers[k + 1] : static_cast<std::uint32_t>(segments);
    MessageEntry entry{};
    entry.raw_begin = entry.begin = index.segment_begin[first];
    entry.raw_end = entry.end =
        k + 1 < headers ? index.segment_begin[last] : static_cast<std::uint32_t>(view.size());
    entry.first_segment = first;
    entry.segment_count = last - first;
    entry.delimiters = *delimiters;
    if (view.substr(entry.begin, prefix.size()) != prefix) return false;
    if (entry.end - entry.begin > options.limits.message_size_max ||
        entry.segment_count > options.limits.segment_count_max)
      return false;
    entry.charset = memory.of(header_field(view.data(), index, first, 18), delimiters->repetition);
    if (entry.charset != Charset::utf8) {
      // Seven-bit sets that hide delimiters, unknown names, and text that contradicts its header.
      if (needs_transcoding_before_scan(entry.charset) || entry.charset == Charset::unknown)
        return false;
      std::string_view const message = view.substr(entry.begin, entry.end - entry.begin);
      if (index.saw_high && !is_ascii(message)) entry.charset = Charset::utf8;
    }
    index.messages.push_back(entry);
  }
  return true;
}

bool begins_message(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '\v') ++at;
  if (at + 4 > text.size()) return false;
  std::string_view const id = text.substr(at, 3);
  return (id == "MSH" || id == "FHS" || id == "BHS") && may_delimit(text[at + 3]);
}

constexpr std::size_t boundary_window = 2048;

/// The last message that begins behind `from` and whose newline, or VT, is in text[begin, end). One
/// backward search for each character that may stand before a message; the latest candidate is
/// looked at first, and only its own search goes on.
std::size_t last_boundary_in(std::string_view text, std::size_t begin, std::size_t end,
                             std::size_t from) {
  constexpr char stops[] = {'\r', '\n', '\v'};
  auto const last_before = [&](char stop, std::size_t limit) -> std::size_t {
    const void* const found =
        limit <= begin ? nullptr : ::memrchr(text.data() + begin, stop, limit - begin);
    return found == nullptr
               ? std::string_view::npos
               : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
  };
  std::size_t last[3];
  for (int k = 0; k < 3; ++k) last[k] = last_before(stops[k], end);
  for (;;) {
    int nearest = -1;
    for (int k = 0; k < 3; ++k)
      if (last[k] != std::string_view::npos && (nearest < 0 || last[k] > last[nearest]))
        nearest = k;
    if (nearest < 0) return std::string_view::npos;
    std::size_t const stop = last[nearest];
    std::size_t const at = stops[nearest] == '\v' ? stop : stop + 1;
    if (at > from && begins_message(text, at)) return at;
    last[nearest] = last_before(stops[nearest], stop);
  }
}

}  // namespace

void Er7Index::clear() noexcept {
  mark.clear();
  segment_begin.clear();
  segment_mark.clear();
  segment_id.clear();
  messages.clear();
  extras.clear();
  headers.clear();
  saw_other = saw_stray_other = saw_high = false;
}

void TextBuffer::reserve(std::size_t size) { bytes_.reserve(size + simd::padding); }

void TextBuffer::resize(std::size_t size) {
  reserve(size);
  size_ = size;
}

void TextBuffer::append(std::string_view text) {
  bytes_.reserve(size_ + text.size() + simd::padding);
  if (!text.empty()) std::memcpy(bytes_.data() + size_, text.data(), text.size());
  size_ += text.size();
}

namespace detail {

void scan_segments(const char* text, std::size_t begin, std::size_t end,
                   const simd::IndexRequest& request, Er7Index& index) {
  simd::Kernel const& kernel = simd::active();
  auto const first_mark = static_cast<std::uint32_t>(index.mark.size());
  index.segment_begin.push_back(static_cast<std::uint32_t>(begin));
  index.segment_mark.push_back(first_mark);
  std::uint64_t carry = 0;
  for (std::size_t at = begin; at < end; at += step_size) {
    std::size_t const stop = std::min(end, at + step_size);
    index.mark.reserve(index.mark.size() + (stop - at) + simd::slack);
    index.segment_begin.reserve(index.segment_begin.size() + (stop - at) + simd::slack);
    index.segment_mark.reserve(index.segment_mark.size() + (stop - at) + simd::slack);
    simd::IndexOutput output{index.mark.data() + index.mark.size(),
                             index.segment_begin.data() + index.segment_begin.size(),
                             index.segment_mark.data() + index.segment_mark.size(),
                             static_cast<std::uint32_t>(index.mark.size()),
                             carry,
                             index.saw_other,
                             index.saw_stray_other,
                             index.saw_high};
    kernel.index(text, at, stop, request, output);
    index.mark.resize(output.mark_count);
    index.segment_begin.resize(
        static_cast<std::size_t>(output.segment_begin - index.segment_begin.data()));
    index.segment_mark.resize(
        static_cast<std::size_t>(output.segment_mark - index.segment_mark.data()));
    carry = output.carry;
    index.saw_other = output.saw_other;
    index.saw_stray_other = output.saw_stray_other;
    index.saw_high = output.saw_high;
  }
  if (end == begin || carry != 0) return;
  // The last segment has no terminator: the end of the text ends it.
  index.mark.push_back(static_cast<std::uint32_t>(end));
  index.segment_begin.push_back(static_cast<std::uint32_t>(end));
  index.segment_mark.push_back(static_cast<std::uint32_t>(index.mark.size()));
}

}  // namespace detail

void index_er7(TextBuffer& text, const Er7Options& options, Er7Index& index) {
  index.clear();
  if (text.size() == 0) return;
  text.reserve(text.size());
  std::memset(text.data() + text.size(), 0, simd::padding);
  if (index_uniform(text, options, index)) return;
  index.clear();
  detail::index_carefully(text, options, index);
}

std::size_t last_message_boundary(std::string_view text, std::size_t from) noexcept {
  // Window by window from the end, so that characters which the text lacks are not looked for in
  // all of it: a boundary is usually a message's length away.
  for (std::size_t end = text.size(); end > from;) {
    std::size_t const begin = end - from > boundary_window ? end - boundary_window : from;
    std::size_t const found = last_boundary_in(text, begin, end, from);
    if (found != std::string_view::npos) return found;
    end = begin;
  }
  return std::string_view::npos;
}

std::size_t next_message_boundary(std::string_view text, std::size_t from) noexcept {
  for (std::size_t at = from;; ++at) {
    if (begins_message(text, at)) return at;
    at = text.find_first_of("\r\n\v", at);
    if (at == std::string_view::npos) return at;
    if (text[at] == '\v' && begins_message(text, at)) return at;
  }
}

}  // namespace hl7flow
