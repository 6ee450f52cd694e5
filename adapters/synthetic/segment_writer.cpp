#include <hl7flow/adapters/synthetic/segment_writer.h>

namespace hl7flow::synthetic {

SegmentWriter& SegmentWriter::text(std::string_view text) {
  for (char const c : text) {
    if (c == '&')
      raw("\\T\\");
    else if (c == '\\')
      raw("\\E\\");
    else
      out_.push_back(c);
  }
  return *this;
}

SegmentWriter& SegmentWriter::number(std::uint64_t value, std::size_t digits_min) {
  char digits[20];
  std::size_t size = 0;
  do {
    digits[size++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value > 0);
  for (; size < digits_min && size < sizeof digits; ++size) digits[size] = '0';
  while (size > 0) out_.push_back(digits[--size]);
  return *this;
}

SegmentWriter& SegmentWriter::decimal(std::uint64_t value, std::uint32_t scale) {
  std::uint64_t power = 1;
  for (std::uint32_t k = 0; k < scale; ++k) power *= 10;
  number(value / power);
  return scale == 0 ? *this : raw(".").number(value % power, scale);
}

SegmentWriter& SegmentWriter::day(const Moment& moment) {
  return number(moment.year, 4).number(moment.month, 2).number(moment.day, 2);
}
SegmentWriter& SegmentWriter::minute(const Moment& moment) {
  return day(moment).number(moment.hour, 2).number(moment.minute, 2);
}
SegmentWriter& SegmentWriter::time(const Moment& moment) {
  return minute(moment).number(moment.second, 2);
}

}  // namespace hl7flow::synthetic
