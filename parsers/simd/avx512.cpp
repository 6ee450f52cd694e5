// AVX-512 with VBMI2: 64 bytes a step. Classification is one table look-up for any set of needles;
// offsets come from one compress of the numbers 0..63 under the mask.
//
// Two traps of this hardware family decide the form: (1) a zero-masked compress depends on the old
// value of its destination on Zen 4 and 5, so we merge into a register that the compiler cannot
// know to be zero; (2) a compress to memory is microcoded, so we compress to a register and store
// the whole register past the end. Masks are gathered for a round of blocks first and flattened
// after: fused, the line-crossing stores stall the loads.

#if defined(__x86_64__)

// GCC 12's own header initialises "undefined" vectors with themselves (GCC bug 105593).
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#include <hl7flow/parsers/simd/kernels.h>

#define HL7FLOW_TARGET                                                             \
  [[gnu::target(                                                                   \
      "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt," \
      "lzcnt")]]

namespace hl7flow::simd {
namespace {

constexpr std::size_t block = 64;
// Measured on Zen 5: marks of two blocks of a scan, or three of an index, are few enough to fit 64
// places nearly always.
constexpr std::size_t blocks_per_scan_group = 2;
constexpr std::size_t blocks_per_index_group = 3;
constexpr std::size_t blocks_per_round = 60;  // whole groups
constexpr std::size_t prefetch_distance = 12288;

alignas(64) constexpr unsigned char iota[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

bool supported() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
         __builtin_cpu_supports("bmi2");
}

HL7FLOW_TARGET inline std::uint64_t low_bits(std::size_t count) {
  return _bzhi_u64(~0ull, static_cast<unsigned>(count < 64 ? count : 64));
}

/// Constants in registers.
struct Numbers {
  __m512i of_block[4];  // 0..63, 64..127, …: the places of a group's bytes
  __m512i part[4];      // moves byte 16 n + k to the low byte of number k
  __m512i zero;         // the compiler does not know that it is

  HL7FLOW_TARGET Numbers() {
    __m512i const numbers = _mm512_load_si512(iota);
    for (std::size_t k = 0; k < 4; ++k)
      of_block[k] = _mm512_add_epi8(numbers, _mm512_set1_epi8(static_cast<char>(block * k)));
    __m512i const lane = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(numbers));
    for (int k = 0; k < 4; ++k) part[k] = _mm512_add_epi32(lane, _mm512_set1_epi32(16 * k));
    zero = _mm512_setzero_si512();
    asm volatile("" : "+v"(zero));
  }

  /// Sixteen of the packed bytes, each plus `base`.
  template <int n>
  HL7FLOW_TARGET __m512i wide(__m512i packed, __m512i base) const {
    constexpr __mmask64 low_bytes = 0x1111111111111111;
    return _mm512_add_epi32(base, _mm512_maskz_permutexvar_epi8(low_bytes, part[n], packed));
  }
};

/// Stores the numbers of the set bits of `mask`, plus `base`, at `out`.
HL7FLOW_TARGET inline void flatten(std::uint64_t mask, std::uint32_t base, const Numbers& numbers,
                                   std::uint32_t* out) {
  __m512i const packed = _mm512_mask_compress_epi8(numbers.zero, mask, numbers.of_block[0]);
  __m512i const offset = _mm512_set1_epi32(static_cast<int>(base));
  _mm512_storeu_si512(out, numbers.wide<0>(packed, offset));
  if (__builtin_expect(_mm_popcnt_u64(mask) <= 16, 1)) return;
  _mm512_storeu_si512(out + 16, numbers.wide<1>(packed, offset));
  _mm512_storeu_si512(out + 32, numbers.wide<2>(packed, offset));
  _mm512_storeu_si512(out + 48, numbers.wide<3>(packed, offset));
}

/// The marks of `blocks` blocks, at most four.
template <std::size_t blocks>
struct Group {
  __m512i packed;                  // their places in the group, as bytes, if they fit
  std::size_t before[blocks + 1];  // how many lie before each block

  HL7FLOW_TARGET Group(const std::uint64_t* masks, const Numbers& numbers) {
    packed = _mm512_mask_compress_epi8(numbers.zero, masks[0], numbers.of_block[0]);
    before[0] = 0;
    before[1] = static_cast<std::size_t>(_mm_popcnt_u64(masks[0]));
    for (std::size_t k = 1; k < blocks; ++k) {
      // Expanding sets the next block's places behind those that are there.
      packed = _mm512_mask_expand_epi8(
          packed, ~low_bits(before[k]),
          _mm512_mask_compress_epi8(numbers.zero, masks[k], numbers.of_block[k]));
      before[k + 1] = before[k] + static_cast<std::size_t>(_mm_popcnt_u64(masks[k]));
    }
  }
  std::size_t count() const { return before[blocks]; }
  bool fits() const { return count() <= 64; }
};

HL7FLOW_TARGET inline void store_packed(__m512i packed, std::uint32_t base, const Numbers& numbers,
                                        std::uint32_t* out) {
  __m512i const offset = _mm512_set1_epi32(static_cast<int>(base));
  _mm512_storeu_si512(out, numbers.wide<0>(packed, offset));
  _mm512_storeu_si512(out + 16, numbers.wide<1>(packed, offset));
  _mm512_storeu_si512(out + 32, numbers.wide<2>(packed, offset));
  _mm512_storeu_si512(out + 48, numbers.wide<3>(packed, offset));
}

/// The blocks of one round: what is left, at most blocks_per_round.
struct Round {
  std::size_t count;      // of blocks, the last of which may be cut short
  std::uint64_t in_last;  // the bytes of the last that count
};

HL7FLOW_TARGET inline Round round_of(std::size_t left) {
  if (left >= block * blocks_per_round) return {blocks_per_round, ~0ull};
  std::size_t const count = (left + block - 1) / block;
  return {count, low_bits(left - block * (count - 1))};
}

/// Asks for text that a later round reads. The flattening loops do it, evenly: the loops that read
/// text would ask for a whole round in a burst, and memory would idle while marks are stored.
template <std::size_t blocks>
HL7FLOW_TARGET inline void prefetch(const char* at) {
  for (std::size_t n = 0; n < blocks; ++n)
    _mm_prefetch(at + block * n + prefetch_distance, _MM_HINT_T0);
}

HL7FLOW_TARGET std::size_t scan(const char* text, std::size_t begin, std::size_t end,
                                const Needles& needles, std::uint32_t* marks) {
  alignas(64) unsigned char table[128] = {};
  for (std::size_t n = 0; n < needles.count; ++n) {
    auto const c = static_cast<unsigned char>(needles.byte[n]);
    if (c < 128) table[c] = 0x80;
  }
  __m512i const low = _mm512_load_si512(table), high = _mm512_load_si512(table + 64);
  __m512i const sign = _mm512_set1_epi8(static_cast<char>(0x80));
  Numbers const numbers;
  std::uint32_t* const first = marks;
  alignas(64) std::uint64_t masks[blocks_per_round];
  for (std::size_t at = begin; at < end; at += block * blocks_per_round) {
    Round const round = round_of(end - at);
    for (std::size_t k = 0; k < round.count; ++k) {
      __m512i const bytes = _mm512_loadu_si512(text + at + block * k);
      __m512i const looked_up = _mm512_permutex2var_epi8(low, bytes, high);
      // The look-up uses seven bits of a byte; "and not the eighth" makes others miss.
      __m512i const hit = _mm512_ternarylogic_epi64(looked_up, bytes, sign, 0x70);
      masks[k] = _mm512_movepi8_mask(hit);
    }
    masks[round.count - 1] &= round.in_last;
    for (std::size_t k = round.count; k % blocks_per_scan_group != 0; ++k) masks[k] = 0;
    for (std::size_t k = 0; k < round.count; k += blocks_per_scan_group) {
      prefetch<blocks_per_scan_group>(text + at + block * k);
      auto const base = static_cast<std::uint32_t>(at + block * k);
      Group<blocks_per_scan_group> const group(masks + k, numbers);
      if (__builtin_expect(group.fits(), 1)) {
        store_packed(group.packed, base, numbers, marks);
      } else {
        for (std::size_t n = 0; n < blocks_per_scan_group; ++n)
          flatten(masks[k + n], base + static_cast<std::uint32_t>(block * n), numbers,
                  marks + group.before[n]);
      }
      marks += group.count();
    }
  }
  return static_cast<std::size_t>(marks - first);
}

/// Tells the bytes of blocks apart, and remembers what was seen.
struct Classes {
  __m512i field, terminator;
  __m512i unusual_of[2];  // 0x80 for the characters below 128 that are only watched for
  __m512i unusual;        // the sign of a lane that one of them passed
  __m512i seen;           // the bits of all bytes

  HL7FLOW_TARGET explicit Classes(const IndexRequest& request)
      : field(_mm512_set1_epi8(request.field)),
        terminator(_mm512_set1_epi8(request.terminator)),
        unusual(_mm512_setzero_si512()),
        seen(_mm512_setzero_si512()) {
    alignas(64) unsigned char table[128];
    for (int c = 0; c < 128; ++c) {
      char const byte = static_cast<char>(c);
      table[c] = byte == request.other || is_control(byte) ? 0x80 : 0;
    }
    for (std::size_t k = 0; k < 2; ++k) unusual_of[k] = _mm512_load_si512(table + 64 * k);
  }

  HL7FLOW_TARGET void classify(__m512i bytes, std::uint64_t& all, std::uint64_t& ends) {
    ends = _mm512_cmpeq_epi8_mask(bytes, terminator);
    all = _mm512_cmpeq_epi8_mask(bytes, field) | ends;
    // The look-up uses seven bits of a byte; "or, if the eighth is not set" makes others miss.
    __m512i const looked_up = _mm512_permutex2var_epi8(unusual_of[0], bytes, unusual_of[1]);
    unusual = _mm512_ternarylogic_epi64(unusual, looked_up, bytes, 0xf4);
    seen = _mm512_or_si512(seen, bytes);
  }
  HL7FLOW_TARGET bool saw_unusual() const { return _mm512_movepi8_mask(unusual) != 0; }
};

/// Looks again at a round that has something unusual: what is it, and does an `other` stand where
/// it does not directly follow a terminator?
HL7FLOW_TARGET void look_again(const char* text, Round round, const IndexRequest& request,
                               std::uint64_t carry, const std::uint64_t* ends,
                               IndexOutput& output) {
  __m512i const wanted = _mm512_set1_epi8(request.other);
  std::uint64_t found = 0, stray = 0, control = 0;
  for (std::size_t k = 0; k < round.count; ++k) {
    std::uint64_t const counts = k + 1 == round.count ? round.in_last : ~0ull;
    __m512i const bytes = _mm512_loadu_si512(text + block * k);
    std::uint64_t const others = _mm512_cmpeq_epi8_mask(bytes, wanted) & counts;
    found |= others;
    stray |= others & ~(ends[k] << 1 | carry);
    carry = ends[k] >> 63;
    __m512i const distance =
        _mm512_sub_epi8(_mm512_or_si512(bytes, _mm512_set1_epi8(0x10)), _mm512_set1_epi8(0x1b));
    control |= _mm512_cmple_epu8_mask(distance, _mm512_set1_epi8(1)) & counts;
  }
  output.saw_other |= found != 0;
  output.saw_stray_other |= stray != 0;
  output.saw_control |= control != 0;
}

HL7FLOW_TARGET void index(const char* text, std::size_t begin, std::size_t end,
                          const IndexRequest& request, IndexOutput& output) {
  Classes classes(request);
  Numbers const numbers;
  std::uint32_t* marks = output.marks;
  std::uint32_t* const first_mark = marks - output.mark_count;
  std::uint32_t* segment_begin = output.segment_begin;
  std::uint32_t* segment_mark = output.segment_mark;
  std::uint64_t carry = output.carry;
  alignas(64) std::uint64_t all[blocks_per_round], ends[blocks_per_round];
  for (std::size_t at = begin; at < end; at += block * blocks_per_round) {
    Round const round = round_of(end - at);
    std::size_t const last = round.count - 1;
    for (std::size_t k = 0; k < last; ++k)
      classes.classify(_mm512_loadu_si512(text + at + block * k), all[k], ends[k]);
    // Bytes past the end become field separators, which are ASCII and not unusual.
    classes.classify(_mm512_mask_loadu_epi8(classes.field, round.in_last, text + at + block * last),
                     all[last], ends[last]);
    all[last] &= round.in_last;
    for (std::size_t k = round.count; k % blocks_per_index_group != 0; ++k) all[k] = ends[k] = 0;
    if (__builtin_expect(classes.saw_unusual(), 0)) {
      classes.unusual = _mm512_setzero_si512();
      look_again(text + at, round, request, carry, ends, output);
    }
    carry = ends[last] >> (_mm_popcnt_u64(round.in_last) - 1);

    std::uint32_t* const round_segments = segment_mark;
    for (std::size_t k = 0; k < round.count; k += blocks_per_index_group) {
      prefetch<blocks_per_index_group>(text + at + block * k);
      auto const base = static_cast<std::uint32_t>(at + block * k);
      auto const rank = static_cast<std::uint32_t>(marks - first_mark) + 1;
      Group<blocks_per_index_group> const group(all + k, numbers);
      if (__builtin_expect(group.fits(), 1)) {
        store_packed(group.packed, base, numbers, marks);
        // Which marks are terminators, in the numbering of marks: that is what a rank is.
        std::uint64_t ranks = 0;
        for (std::size_t n = 0; n < blocks_per_index_group; ++n)
          ranks |= _pext_u64(ends[k + n], all[k + n]) << (group.before[n] & 63);
        flatten(ranks, rank, numbers, segment_mark);
        segment_mark += _mm_popcnt_u64(ranks);
      } else {
        for (std::size_t n = 0; n < blocks_per_index_group; ++n) {
          auto const before = static_cast<std::uint32_t>(group.before[n]);
          flatten(all[k + n], base + static_cast<std::uint32_t>(block * n), numbers,
                  marks + before);
          flatten(_pext_u64(ends[k + n], all[k + n]), rank + before, numbers, segment_mark);
          segment_mark += _mm_popcnt_u64(ends[k + n]);
        }
      }
      marks += group.count();
    }
    for (const std::uint32_t* mark = round_segments; mark != segment_mark; ++mark)
      *segment_begin++ = first_mark[*mark - 1] + 1;
  }
  output.mark_count = static_cast<std::uint32_t>(marks - first_mark);
  output.marks = marks;
  output.segment_begin = segment_begin;
  output.segment_mark = segment_mark;
  output.carry = carry;
  output.saw_high |= _mm512_movepi8_mask(classes.seen) != 0;
}

/// Bytes of `v` in [low, low + size), as 0xff; others 0. The top byte of each id is ignored later.
HL7FLOW_TARGET inline __mmask64 in_range(__m512i v, char low, char size) {
  return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8(low)), _mm512_set1_epi8(size));
}

HL7FLOW_TARGET std::size_t identify(const char* text, const std::uint32_t* begins,
                                    std::size_t count, char field, std::uint32_t* ids,
                                    std::uint32_t* headers, std::size_t* header_count) {
  __m512i const id_bytes = _mm512_set1_epi32(0x00ffffff);
  __m512i const separator = _mm512_set1_epi32(
      static_cast<int>(static_cast<std::uint32_t>(static_cast<unsigned char>(field)) << 24));
  __m512i const msh = _mm512_set1_epi32(static_cast<int>(pack('M', 'S', 'H')));
  __m512i const irregular_ids[] = {_mm512_set1_epi32(static_cast<int>(pack('F', 'H', 'S'))),
                                   _mm512_set1_epi32(static_cast<int>(pack('B', 'H', 'S'))),
                                   _mm512_set1_epi32(static_cast<int>(pack('B', 'T', 'S'))),
                                   _mm512_set1_epi32(static_cast<int>(pack('F', 'T', 'S'))),
                                   _mm512_set1_epi32(static_cast<int>(pack('A', 'D', 'D'))),
                                   _mm512_set1_epi32(static_cast<int>(pack('D', 'S', 'C')))};
  __m512i const numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  std::size_t irregular = 0, found = 0;
  for (std::size_t i = 0; i < count; i += 16) {
    auto const lanes = static_cast<__mmask16>(count - i >= 16 ? 0xffff : (1u << (count - i)) - 1);
    __m512i const at = _mm512_maskz_loadu_epi32(lanes, begins + i);
    __m512i const four = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), lanes, at, text, 1);
    __m512i const id = _mm512_and_si512(four, id_bytes);
    _mm512_mask_storeu_epi32(ids + i, lanes, id);
    std::uint64_t const letters = in_range(four, 'A', 26);
    std::uint64_t const digits = in_range(four, '0', 10);
    // Per id: byte 0 a letter, bytes 1 and 2 a letter or a digit; byte 3 is not looked at here.
    std::uint64_t const well_formed =
        (letters | (digits & 0x6666666666666666ull)) | 0x8888888888888888ull;
    auto bad = static_cast<__mmask16>(
        _mm512_cmpneq_epi32_mask(_mm512_movm_epi8(well_formed), _mm512_set1_epi32(-1)));
    bad = static_cast<__mmask16>(
        bad | _mm512_cmpneq_epi32_mask(_mm512_andnot_si512(id_bytes, four), separator));
    for (__m512i const& unusual : irregular_ids)
      bad = static_cast<__mmask16>(bad | _mm512_cmpeq_epi32_mask(id, unusual));
    irregular += static_cast<std::size_t>(_mm_popcnt_u32(bad & lanes));
    auto const header = static_cast<__mmask16>(_mm512_cmpeq_epi32_mask(id, msh) & lanes);
    __m512i const ordinal = _mm512_add_epi32(numbers, _mm512_set1_epi32(static_cast<int>(i)));
    _mm512_storeu_si512(headers + found, _mm512_maskz_compress_epi32(header, ordinal));
    found += static_cast<std::size_t>(_mm_popcnt_u32(header));
  }
  *header_count = found;
  return irregular;
}

}  // namespace

const Kernel avx512{"avx512", supported, scan, index, identify};

}  // namespace hl7flow::simd

#undef HL7FLOW_TARGET
#endif
