#include <hl7flow/parsers/dedup/content_fingerprint.h>

#include <algorithm>
#include <array>

#include <hl7flow/parsers/datetime.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow {

namespace {

constexpr std::array<VolatileField, 4> always_volatile = {{{simd::pack('M', 'S', 'H'), 7},
                                                           {simd::pack('M', 'S', 'H'), 10},
                                                           {simd::pack('M', 'S', 'H'), 13},
                                                           {simd::pack('E', 'V', 'N'), 2}}};

std::int64_t seconds_of(std::string_view text) {
  auto const time = parse_datetime(text);
  if (!time) return ContentFingerprint::no_time;
  std::int64_t const days =
      days_from_civil(static_cast<std::uint32_t>(time->year), time->month, time->day);
  std::int64_t const minutes =
      (days * 24 + time->hour) * 60 + time->minute - time->zone_minutes.value_or(0);
  return minutes * 60 + time->second;
}

}  // namespace

Fingerprinter::Fingerprinter(const std::vector<VolatileField>& more, MessageIdentity identity)
    : identity_(std::move(identity)), volatile_(always_volatile.begin(), always_volatile.end()) {
  volatile_.insert(volatile_.end(), more.begin(), more.end());
  for (VolatileField const& one : volatile_)
    if (std::find(segments_.begin(), segments_.end(), one.segment) == segments_.end())
      segments_.push_back(one.segment);
}

bool Fingerprinter::is_volatile(std::uint32_t segment, std::size_t field) const noexcept {
  return std::any_of(volatile_.begin(), volatile_.end(), [&](VolatileField const& one) {
    return one.segment == segment && one.field == field;
  });
}

void Fingerprinter::append(const SegmentView& segment) {
  std::string_view text = segment.raw();
  while (!text.empty() && text.back() == field_separator_) text.remove_suffix(1);
  content_.insert(content_.end(), text.begin(), text.end());
}

void Fingerprinter::append_without(const SegmentView& segment) {
  std::uint32_t const id = segment.packed_id();
  std::string_view const name = segment.id();
  std::size_t const begin = content_.size();
  content_.insert(content_.end(), name.begin(), name.end());
  std::size_t const count = segment.field_count();
  for (std::size_t field = 1; field <= count; ++field) {
    content_.push_back(field_separator_);
    if (is_volatile(id, field)) continue;
    std::string_view const text = segment.field(field).raw();
    content_.insert(content_.end(), text.begin(), text.end());
  }
  while (content_.size() > begin && content_.back() == field_separator_) content_.pop_back();
}

ContentFingerprint Fingerprinter::take(const MessageView& message, std::string_view source) {
  content_.clear();
  field_separator_ = message.delimiters().field;
  for (std::size_t k = 0; k < message.segment_count(); ++k) {
    SegmentView const segment = message.segment(k);
    if (std::find(segments_.begin(), segments_.end(), segment.packed_id()) != segments_.end())
      append_without(segment);
    else
      append(segment);
    content_.push_back('\r');
  }
  XXH128_hash_t const hash = XXH3_128bits(content_.data(), content_.size());
  ContentFingerprint made;
  made.content_high = hash.high64;
  made.content_low = hash.low64;
  XXH128_hash_t const whole = XXH3_128bits(message.raw().data(), message.raw().size());
  made.bytes_high = whole.high64;
  made.bytes_low = whole.low64;
  made.id = identity_.of(message, source);
  made.sent_at = seconds_of(message.segment(0).field(7).component(1).raw());
  return made;
}

}  // namespace hl7flow
