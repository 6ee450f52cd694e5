// How a kernel that can make 64-bit masks of 64 bytes turns them into offsets: shared by the AVX2
// and SSE4 files, which include it inside their target region with `Classifier` in scope. It is a
// textual part of those two files, not a header for others.

/// For each byte value, the numbers of its set bits.
struct BitNumbers {
  alignas(64) unsigned char row[256][8];

  constexpr BitNumbers() : row{} {
    for (unsigned value = 0; value < 256; ++value)
      for (unsigned bit = 0, next = 0; bit < 8; ++bit)
        if ((value >> bit & 1) != 0) row[value][next++] = static_cast<unsigned char>(bit);
  }
};
constexpr BitNumbers bit_numbers;

/// Writes the numbers of the set bits: eight bits a step by look-up, without a branch on the data.
/// What a step writes too much, the next one overwrites.
HL7FLOW_TARGET inline std::uint32_t* flatten(std::uint64_t mask, std::uint32_t base,
                                             std::uint32_t* out) {
  for (std::uint32_t byte = 0; byte < 8; ++byte) {
    std::uint64_t const value = mask >> (8 * byte) & 0xff;
    store_sums(out, bit_numbers.row[value], base + 8 * byte);
    out += __builtin_popcountll(value);
  }
  return out;
}

inline std::uint64_t tail_mask(std::size_t left) {
  return left >= 64 ? ~0ull : (1ull << left) - 1;
}

HL7FLOW_TARGET std::size_t scan(const char* text, std::size_t begin, std::size_t end,
                                const Needles& needles, std::uint32_t* marks) {
  Classifier const classifier(needles);
  std::uint32_t* out = marks;
  for (std::size_t at = begin; at < end; at += 64)
    out = flatten(classifier.hits(text + at) & tail_mask(end - at), static_cast<std::uint32_t>(at),
                  out);
  return static_cast<std::size_t>(out - marks);
}

HL7FLOW_TARGET void index(const char* text, std::size_t begin, std::size_t end,
                          const IndexRequest& request, IndexOutput& output) {
  std::uint32_t* marks = output.marks;
  std::uint32_t* const first = marks - output.mark_count;
  for (std::size_t at = begin; at < end; at += 64) {
    std::uint64_t const valid = tail_mask(end - at);
    std::uint64_t terminators = equal(text + at, request.terminator) & valid;
    std::uint64_t const others = equal(text + at, request.other) & valid;
    std::uint64_t const all = (equal(text + at, request.field) & valid) | terminators;
    output.saw_other |= others != 0;
    output.saw_high |= (high(text + at) & valid) != 0;
    output.saw_stray_other |= (others & ~(terminators << 1 | output.carry)) != 0;
    output.carry = terminators >> ((end - at >= 64 ? 64 : end - at) - 1);
    auto const base = static_cast<std::uint32_t>(at);
    auto const rank = static_cast<std::uint32_t>(marks - first);
    marks = flatten(all, base, marks);
    while (terminators != 0) {
      auto const bit = static_cast<unsigned>(__builtin_ctzll(terminators));
      std::uint64_t const up_to = all & (~0ull >> (63 - bit));
      *output.segment_begin++ = base + bit + 1;
      *output.segment_mark++ = rank + static_cast<std::uint32_t>(__builtin_popcountll(up_to));
      terminators &= terminators - 1;
    }
  }
  output.mark_count = static_cast<std::uint32_t>(marks - first);
  output.marks = marks;
}
