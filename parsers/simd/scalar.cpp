// The reference: what every other kernel must equal, byte for byte of output.

#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow::simd {
namespace {

std::size_t scan(const char* text, std::size_t begin, std::size_t end, const Needles& needles,
                 std::uint32_t* marks) {
  std::size_t count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    bool hit = false;
    for (std::size_t n = 0; n < needles.count; ++n) hit |= text[i] == needles.byte[n];
    marks[count] = static_cast<std::uint32_t>(i);
    count += hit ? 1 : 0;
  }
  return count;
}

void index(const char* text, std::size_t begin, std::size_t end, const IndexRequest& request,
           IndexOutput& output) {
  for (std::size_t i = begin; i < end; ++i) {
    bool const terminator = text[i] == request.terminator;
    bool const other = text[i] == request.other;
    output.saw_other |= other;
    output.saw_high |= static_cast<unsigned char>(text[i]) > 0x7f;
    output.saw_stray_other |= other && output.carry == 0;
    output.carry = terminator ? 1 : 0;
    if (!terminator && text[i] != request.field) continue;
    *output.marks++ = static_cast<std::uint32_t>(i);
    ++output.mark_count;
    if (!terminator) continue;
    *output.segment_begin++ = static_cast<std::uint32_t>(i + 1);
    *output.segment_mark++ = output.mark_count;
  }
}

bool is_regular(std::uint32_t id, char next, char field) {
  auto const is_letter = [](std::uint32_t c) { return c - 'A' < 26; };
  auto const is_digit = [](std::uint32_t c) { return c - '0' < 10; };
  std::uint32_t const first = id & 0xff, second = id >> 8 & 0xff, third = id >> 16;
  bool const named = is_letter(first) && (is_letter(second) || is_digit(second)) &&
                     (is_letter(third) || is_digit(third));
  bool const envelope = id == pack('F', 'H', 'S') || id == pack('B', 'H', 'S') ||
                        id == pack('B', 'T', 'S') || id == pack('F', 'T', 'S');
  bool const continuation = id == pack('A', 'D', 'D') || id == pack('D', 'S', 'C');
  return named && !envelope && !continuation && next == field;
}

}  // namespace

std::size_t scalar_identify(const char* text, const std::uint32_t* begins, std::size_t count,
                            char field, std::uint32_t* ids, std::uint32_t* headers,
                            std::size_t* header_count) {
  std::size_t irregular = 0, found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char* const at = text + begins[i];
    ids[i] = pack(at[0], at[1], at[2]);
    headers[found] = static_cast<std::uint32_t>(i);
    found += ids[i] == pack('M', 'S', 'H') ? 1 : 0;
    irregular += is_regular(ids[i], at[3], field) ? 0 : 1;
  }
  *header_count = found;
  return irregular;
}

const Kernel scalar{"scalar", [] { return true; }, scan, index, scalar_identify};

}  // namespace hl7flow::simd
