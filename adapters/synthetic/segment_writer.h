#pragma once

#include <cstdint>
#include <string_view>

#include <hl7flow/adapters/synthetic/hospital.h>
#include <hl7flow/parsers/buffer.h>

namespace hl7flow::synthetic {

/// Writes ER7 segments, part by part: begin("PID").skip(2).put("1")… Delimiters are the usual ones.
class SegmentWriter {
 public:
  explicit SegmentWriter(Buffer<char>& out) : out_(out) {}

  SegmentWriter& begin(std::string_view id) { return raw(id); }
  /// The next field; skip(n) leaves n fields empty before it.
  SegmentWriter& field() { return raw("|"); }
  SegmentWriter& skip(std::size_t fields) {
    for (; fields > 0; --fields) raw("|");
    return *this;
  }
  SegmentWriter& component() { return raw("^"); }
  SegmentWriter& repetition() { return raw("~"); }
  SegmentWriter& end() { return raw("\r"); }

  /// Text as it is; `text` escapes & and \.
  SegmentWriter& raw(std::string_view text) {
    out_.append(text.data(), text.size());
    return *this;
  }
  SegmentWriter& text(std::string_view text);
  SegmentWriter& number(std::uint64_t value, std::size_t digits_min = 1);
  /// value / 10^scale
  SegmentWriter& decimal(std::uint64_t value, std::uint32_t scale);
  SegmentWriter& time(const Moment& moment);    // YYYYMMDDHHMMSS
  SegmentWriter& minute(const Moment& moment);  // YYYYMMDDHHMM
  SegmentWriter& day(const Moment& moment);     // YYYYMMDD

 private:
  Buffer<char>& out_;
};

}  // namespace hl7flow::synthetic
