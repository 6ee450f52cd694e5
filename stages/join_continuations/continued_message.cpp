#include <hl7flow/stages/join_continuations/continued_message.h>

#include <algorithm>
#include <cstring>

namespace hl7flow::stages {
namespace {

constexpr std::uint32_t add_id = simd::pack('A', 'D', 'D');
constexpr std::uint32_t dsc_id = simd::pack('D', 'S', 'C');

/// What may begin a part, or end it, without being part of the whole message.
bool is_bare_add(const SegmentView& segment) {
  return segment.packed_id() == add_id && segment.raw().size() == 3;
}

std::string key_of(const SegmentView& header, std::string_view pointer) {
  std::string key(header.field(3).raw());
  key += header.field(1).raw();
  key += header.field(4).raw();
  key += header.field(1).raw();
  return key += pointer;
}

}  // namespace

std::string continued_by(const MessageView& message) {
  SegmentView const header = message.segment(0);
  std::string_view const pointer = header.field(14).raw();
  return pointer.empty() ? std::string{} : key_of(header, pointer);
}

std::string awaited_by(const MessageView& message) {
  SegmentView const last = message.segment(message.segment_count() - 1);
  if (last.packed_id() != dsc_id || message.segment_count() < 2) return {};
  std::string_view const pointer = last.field(1).raw();
  if (pointer.empty() || last.field(2).raw() == "I") return {};
  return key_of(message.segment(0), pointer);
}

void ContinuedMessage::append(const Batch& batch, std::size_t ordinal) {
  MessageView const message = batch.message(ordinal);
  MessageEntry const& entry = message.entry();
  bool const first = segments_.empty();
  if (first) {
    delimiters_ = entry.delimiters;
    charset_ = entry.charset;
  }
  awaits_ = awaited_by(message);
  last_part_ = batch.place_of(ordinal);
  joined_lines_ += entry.joined_lines;
  raw_ += message.raw();
  std::size_t count = message.segment_count();
  if (!awaits_.empty()) --count;  // DSC
  if (!awaits_.empty() && count > 1 && is_bare_add(message.segment(count - 1))) --count;
  for (std::size_t position = first ? 0 : 1; position < count; ++position) {
    SegmentView const segment = message.segment(position);
    bool const goes_on = !first && position == 1 && segment.packed_id() == add_id;
    if (goes_on)
      extend_last(batch, segment.ordinal(), segment);
    else
      add_segment(batch, segment.ordinal(), segment);
  }
}

void ContinuedMessage::add_segment(const Batch& batch, std::uint32_t segment,
                                   const SegmentView& view) {
  auto const begin = static_cast<std::uint32_t>(text_.size());
  segments_.push_back({begin, view.packed_id(), static_cast<std::uint32_t>(marks_.size())});
  std::uint32_t const from = batch.index.segment_begin[segment];
  for (std::uint32_t m = batch.index.segment_mark[segment];
       m < batch.index.segment_mark[segment + 1]; ++m)
    marks_.push_back(batch.index.mark[m] - from + begin);
  text_ += view.raw();
  text_ += '\r';
}

void ContinuedMessage::extend_last(const Batch& batch, std::uint32_t segment,
                                   const SegmentView& view) {
  if (view.raw().size() < 4) return;  // nothing behind its name
  text_.pop_back();
  marks_.pop_back();  // the end of the segment that goes on
  std::string_view const rest = view.raw().substr(4);
  std::uint32_t const from = batch.index.segment_begin[segment] + 4;
  auto const begin = static_cast<std::uint32_t>(text_.size());
  // The first mark is the separator behind "ADD".
  for (std::uint32_t m = batch.index.segment_mark[segment] + 1;
       m < batch.index.segment_mark[segment + 1]; ++m)
    marks_.push_back(batch.index.mark[m] - from + begin);
  text_ += rest;
  text_ += '\r';
}

std::size_t ContinuedMessage::memory() const noexcept {
  return raw_.size() + text_.size() + segments_.size() * sizeof(Segment) +
         marks_.size() * sizeof(std::uint32_t);
}

void ContinuedMessage::place(Batch& batch, std::size_t ordinal) const {
  Er7Index& index = batch.index;
  // A block's index may have more starts than segments: those behind its end.
  auto const known = static_cast<std::uint32_t>(index.segment_count());
  if (index.segment_mark.empty()) index.segment_mark.push_back(0);
  index.segment_begin.resize(known);
  index.segment_mark.resize(known + 1);
  index.mark.resize(index.segment_mark[known]);

  MessageEntry entry{};
  entry.raw_begin = static_cast<std::uint32_t>(batch.text.size());
  batch.text.append(raw_);
  entry.raw_end = entry.begin = static_cast<std::uint32_t>(batch.text.size());
  batch.text.append(text_);
  entry.end = static_cast<std::uint32_t>(batch.text.size());
  std::memset(batch.text.data() + batch.text.size(), 0, simd::padding);
  entry.first_segment = known;
  entry.segment_count = static_cast<std::uint32_t>(segments_.size());
  entry.delimiters = delimiters_;
  entry.charset = charset_;
  entry.rewritten = true;
  entry.joined_lines = joined_lines_;
  for (std::size_t s = 0; s < segments_.size(); ++s) {
    std::size_t const past = s + 1 < segments_.size() ? segments_[s + 1].first_mark : marks_.size();
    for (std::size_t m = segments_[s].first_mark; m < past; ++m)
      index.mark.push_back(marks_[m] + entry.begin);
    index.segment_begin.push_back(segments_[s].begin + entry.begin);
    index.segment_id.push_back(segments_[s].id);
    index.segment_mark.push_back(static_cast<std::uint32_t>(index.mark.size()));
  }
  if (ordinal == batch.message_count()) {
    index.messages.push_back(entry);
    batch.fates.push_back(Fate::accepted);
  } else {
    index.messages[ordinal] = entry;
  }
}

}  // namespace hl7flow::stages
