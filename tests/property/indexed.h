#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/careful_index.h>
#include <hl7flow/parsers/er7.h>

// What an index says, in a form that two indexes can be compared by, and what must hold of every
// index: for property tests and fuzzers.
namespace hl7flow::test {

/// One message by its text: nothing that depends on where in a block it stands.
struct IndexedMessage {
  std::string raw;
  Error error;
  Delimiters delimiters;
  Charset charset = Charset::utf8;
  std::uint32_t joined_lines = 0;
  std::vector<std::string> segments;             // as indexed
  std::vector<std::vector<std::string>> fields;  // of each segment, by SegmentView::field
  bool operator==(const IndexedMessage&) const = default;
};

struct Indexed {
  std::vector<IndexedMessage> messages;
  std::uint64_t extra_bytes[5] = {};  // by ExtraRange::Kind
  bool operator==(const Indexed&) const = default;

  void operator+=(const Indexed& more) {
    messages.insert(messages.end(), more.messages.begin(), more.messages.end());
    for (std::size_t k = 0; k < 5; ++k) extra_bytes[k] += more.extra_bytes[k];
  }
};

inline void PrintTo(const IndexedMessage& message, std::ostream* out) {
  *out << "\n  " << name(message.error.code) << '@' << message.error.offset << ' '
       << name(message.charset) << " joined " << message.joined_lines << ' '
       << testing::PrintToString(message.raw) << ' ' << testing::PrintToString(message.segments);
}
inline void PrintTo(const Indexed& all, std::ostream* out) {
  *out << testing::PrintToString(all.messages) << " extra "
       << testing::PrintToString(all.extra_bytes);
}

inline Indexed describe_index(const TextBuffer& text, const Er7Index& index) {
  Indexed all;
  for (std::size_t k = 0; k < index.messages.size(); ++k) {
    MessageEntry const& entry = index.messages[k];
    MessageView const view(text.data(), index, k);
    IndexedMessage message{std::string(view.raw()),
                           entry.error,
                           entry.delimiters,
                           entry.charset,
                           entry.joined_lines,
                           {},
                           {}};
    for (std::size_t s = 0; s < view.segment_count(); ++s) {
      SegmentView const segment = view.segment(s);
      message.segments.emplace_back(segment.raw());
      auto& fields = message.fields.emplace_back();
      for (std::size_t number = 0; number <= segment.field_count() + 1; ++number)
        fields.emplace_back(segment.field(number).raw());
    }
    all.messages.push_back(std::move(message));
  }
  for (ExtraRange const& extra : index.extras)
    all.extra_bytes[static_cast<std::size_t>(extra.kind)] += extra.end - extra.begin;
  return all;
}

enum class Way : std::uint8_t { usual, careful };

inline Indexed index_text(std::string_view text, const Er7Options& options = {},
                          Way way = Way::usual, Er7Index* reused = nullptr) {
  TextBuffer block;
  block.append(text);
  std::memset(block.data() + block.size(), 0, simd::padding);
  Er7Index own;
  Er7Index& index = reused != nullptr ? *reused : own;
  if (way == Way::usual) {
    index_er7(block, options, index);
  } else {
    index.clear();
    if (!text.empty()) detail::index_carefully(block, options, index);
  }
  return describe_index(block, index);
}

/// What is wrong with an index of the first `size` bytes of `text`; empty if nothing is. The bytes
/// of messages and extra ranges, in order, are exactly the block; segments lie in their message and
/// marks in their segment, in order.
inline std::string defect_of(const TextBuffer& text, std::size_t size, const Er7Index& index) {
  auto const& messages = index.messages;
  auto const& extras = index.extras;
  std::size_t at = 0, message = 0, extra = 0;
  while (message < messages.size() || extra < extras.size()) {
    if (message < messages.size() && messages[message].raw_begin == at &&
        (extra == extras.size() || extras[extra].begin != at)) {
      if (messages[message].raw_end <= at) return "an empty message at " + std::to_string(at);
      at = messages[message++].raw_end;
    } else if (extra < extras.size() && extras[extra].begin == at) {
      if (extras[extra].end <= at) return "an empty extra range at " + std::to_string(at);
      if (extras[extra].before_message != message) return "before_message is wrong";
      at = extras[extra++].end;
    } else {
      return "nothing begins at " + std::to_string(at);
    }
  }
  if (at != size) return "the ranges end at " + std::to_string(at);

  std::size_t segment = 0;
  for (std::size_t k = 0; k < messages.size(); ++k) {
    MessageEntry const& entry = messages[k];
    if (entry.first_segment != segment) return "first_segment is wrong";
    bool const good = entry.error.code == ErrorCode::none;
    if (good != (entry.segment_count > 0)) return "segments and error contradict each other";
    if (!entry.rewritten && (entry.begin != entry.raw_begin || entry.end != entry.raw_end))
      return "indexed elsewhere without being rewritten";
    if (entry.end > text.size() || entry.begin > entry.end) return "the text is not in the block";
    std::size_t from = entry.begin;
    for (std::size_t s = 0; s < entry.segment_count; ++s, ++segment) {
      std::size_t const begin = index.segment_begin[segment];
      if (begin < from) return "segments overlap";
      std::size_t const first = index.segment_mark[segment];
      std::size_t const past = index.segment_mark[segment + 1];
      if (past <= first || past > index.mark.size()) return "a segment without marks";
      for (std::size_t m = first; m < past; ++m)
        if (index.mark[m] < (m == first ? begin + 3 : index.mark[m - 1] + 1))
          return "marks out of order";
      from = index.mark[past - 1];
      if (from > entry.end) return "a segment ends behind its message";
    }
  }
  if (segment != index.segment_count()) return "segments without a message";
  return {};
}

}  // namespace hl7flow::test
