#include <algorithm>
#include <string>
#include <vector>

#include <hl7flow/parsers/simd/kernels.h>

#include "tests/fuzz/fuzz.h"

// Every kernel that this machine has against the scalar one. The first bytes choose where to begin
// and where to cut, the separator and how often the text is repeated, so that short inputs fill
// whole registers too.
namespace hl7flow::simd {
namespace {

using fuzz::require;

struct Indexed {
  std::vector<std::uint32_t> marks, begins, ranks;
  std::uint64_t carry;
  bool other, stray, high, control;
  bool operator==(const Indexed&) const = default;
};

Indexed index_with(const Kernel& kernel, const std::string& text, std::size_t begin,
                   std::size_t cut, std::size_t end, IndexRequest request) {
  Indexed made{};
  for (auto* const values : {&made.marks, &made.begins, &made.ranks})
    values->resize(end - begin + slack);
  IndexOutput output{};
  output.marks = made.marks.data();
  output.segment_begin = made.begins.data();
  output.segment_mark = made.ranks.data();
  kernel.index(text.data(), begin, cut, request, output);
  kernel.index(text.data(), cut, end, request, output);
  made.marks.resize(output.mark_count);
  made.begins.resize(static_cast<std::size_t>(output.segment_begin - made.begins.data()));
  made.ranks.resize(static_cast<std::size_t>(output.segment_mark - made.ranks.data()));
  made.carry = output.carry;
  made.other = output.saw_other;
  made.stray = output.saw_stray_other;
  made.high = output.saw_high;
  made.control = output.saw_control;
  return made;
}

std::vector<std::uint32_t> scan_with(const Kernel& kernel, const std::string& text,
                                     std::size_t begin, std::size_t end, const Needles& needles) {
  std::vector<std::uint32_t> marks(end - begin + slack);
  marks.resize(kernel.scan(text.data(), begin, end, needles, marks.data()));
  return marks;
}

struct Identified {
  std::vector<std::uint32_t> ids, headers;
  std::size_t irregular;
  bool operator==(const Identified&) const = default;
};

Identified identify_with(const Kernel& kernel, const std::string& text,
                         const std::vector<std::uint32_t>& begins, char field) {
  Identified made{};
  made.ids.resize(begins.size() + slack);
  made.headers.resize(begins.size() + slack);
  std::size_t headers = 0;
  made.irregular = kernel.identify(text.data(), begins.data(), begins.size(), field,
                                   made.ids.data(), made.headers.data(), &headers);
  made.ids.resize(begins.size());
  made.headers.resize(headers);
  return made;
}

}  // namespace
}  // namespace hl7flow::simd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hl7flow::simd;
  hl7flow::fuzz::Input input(data, size);
  std::size_t const skip = input.choose(256), cut_at = input.choose(256);
  constexpr char separators[] = {'|', '#', '^', '$'};
  char const field = separators[input.choose(std::size(separators))];
  bool const carriage = input.choose(2) == 0;
  std::size_t const copies = 1 + input.choose(8);
  std::size_t const needle_count = 1 + input.choose(8);
  Needles needles{{field, '\r', '\n', '^', '~', '\\', '&', '\v'}, needle_count};

  std::string text;
  for (std::size_t copy = 0; copy < copies; ++copy) text += input.rest();
  std::size_t const end = text.size();
  std::size_t const begin = std::min(skip, end);
  std::size_t const cut = begin + (end == begin ? 0 : cut_at % (end - begin));
  // What stands behind the text must not show; that it is no needle would hide reading too far.
  text.append(padding, field);

  IndexRequest const request =
      carriage ? IndexRequest{field, '\r', '\n'} : IndexRequest{field, '\n', '\r'};
  Indexed const indexed = index_with(scalar, text, begin, begin, end, request);
  auto const scanned = scan_with(scalar, text, begin, end, needles);
  std::vector<std::uint32_t> begins{static_cast<std::uint32_t>(begin)};
  begins.insert(begins.end(), indexed.begins.begin(), indexed.begins.end());
  Identified const identified = identify_with(scalar, text, begins, field);

  require(std::is_sorted(scanned.begin(), scanned.end()), "a scan's marks are in order");
  for (std::size_t k = 0; k < kernel_count; ++k) {
    Kernel const& kernel = *kernels[k];
    if (!kernel.supported()) continue;
    require(scan_with(kernel, text, begin, end, needles) == scanned, kernel.name);
    require(index_with(kernel, text, begin, cut, end, request) == indexed, kernel.name);
    require(identify_with(kernel, text, begins, field) == identified, kernel.name);
  }
  return 0;
}
