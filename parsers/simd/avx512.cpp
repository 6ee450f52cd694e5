// AVX-512 with VBMI2: 64 bytes a step. Classification is one table look-up for any set of needles;
// offsets come from one compress of the numbers 0..63 under the mask.
//
// Two traps of this hardware family decide the form: (1) a zero-masked compress depends on the old
// value of its destination on Zen 4 and 5, so we merge into a register that the compiler cannot
// know to be zero; (2) a compress to memory is microcoded, so we compress to a register and store
// the whole register past the end. Masks are gathered for 4 KiB first and flattened after: fused,
// the line-crossing stores stall the loads.

#if defined(__x86_64__)

// GCC 12's own header initialises "undefined" vectors with themselves (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>

#include <hl7flow/parsers/simd/kernels.h>

#define HL7FLOW_TARGET                                                             \
  [[gnu::target(                                                                   \
      "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt," \
      "lzcnt")]]

namespace hl7flow::simd {
namespace {

constexpr std::size_t block = 64;
constexpr std::size_t blocks_per_round = 64;

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

HL7FLOW_TARGET inline __m512i widen(__m512i offset, __m128i part) {
  return _mm512_add_epi32(_mm512_cvtepu8_epi32(part), offset);
}

/// Stores the numbers of the set bits of `mask`, plus `base`, at `out`.
HL7FLOW_TARGET inline void flatten(std::uint64_t mask, std::uint32_t base, __m512i opaque_zero,
                                   __m512i numbers, std::uint32_t* out) {
  __m512i const packed = _mm512_mask_compress_epi8(opaque_zero, mask, numbers);
  __m512i const offset = _mm512_set1_epi32(static_cast<int>(base));
  _mm512_storeu_si512(out, widen(offset, _mm512_castsi512_si128(packed)));
  _mm512_storeu_si512(out + 16, widen(offset, _mm512_extracti32x4_epi32(packed, 1)));
  if (__builtin_expect(_mm_popcnt_u64(mask) > 32, 0)) {
    _mm512_storeu_si512(out + 32, widen(offset, _mm512_extracti32x4_epi32(packed, 2)));
    _mm512_storeu_si512(out + 48, widen(offset, _mm512_extracti32x4_epi32(packed, 3)));
  }
}

/// The same for eight bits or fewer in one half-width store; the general case otherwise.
HL7FLOW_TARGET inline void flatten_few(std::uint64_t mask, std::uint32_t base, __m512i opaque_zero,
                                       __m512i numbers, std::uint32_t* out) {
  if (__builtin_expect(_mm_popcnt_u64(mask) > 8, 0))
    return flatten(mask, base, opaque_zero, numbers, out);
  __m512i const packed = _mm512_mask_compress_epi8(opaque_zero, mask, numbers);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out),
                      _mm256_add_epi32(_mm256_cvtepu8_epi32(_mm512_castsi512_si128(packed)),
                                       _mm256_set1_epi32(static_cast<int>(base))));
}

HL7FLOW_TARGET inline std::uint64_t tail_mask(std::size_t left) {
  return left >= block ? ~0ull : _bzhi_u64(~0ull, static_cast<unsigned>(left));
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
  __m512i const numbers = _mm512_load_si512(iota);
  __m512i zero = _mm512_setzero_si512();
  asm volatile("" : "+v"(zero));
  std::uint32_t* const first = marks;
  alignas(64) std::uint64_t masks[blocks_per_round];
  for (std::size_t at = begin; at < end; at += block * blocks_per_round) {
    std::size_t const left = end - at;
    std::size_t const count =
        left >= block * blocks_per_round ? blocks_per_round : (left + block - 1) / block;
    for (std::size_t k = 0; k < count; ++k) {
      __m512i const bytes = _mm512_loadu_si512(text + at + block * k);
      _mm_prefetch(text + at + block * k + 2 * block * blocks_per_round, _MM_HINT_T0);
      __m512i const looked_up = _mm512_permutex2var_epi8(low, bytes, high);
      // The look-up uses seven bits of a byte; "and not the eighth" makes others miss.
      __m512i const hit = _mm512_ternarylogic_epi64(looked_up, bytes, sign, 0x70);
      masks[k] = _mm512_movepi8_mask(hit);
    }
    masks[count - 1] &= tail_mask(left - block * (count - 1));
    for (std::size_t k = 0; k < count; ++k) {
      flatten(masks[k], static_cast<std::uint32_t>(at + block * k), zero, numbers, marks);
      marks += _mm_popcnt_u64(masks[k]);
    }
  }
  return static_cast<std::size_t>(marks - first);
}

HL7FLOW_TARGET void index(const char* text, std::size_t begin, std::size_t end,
                          const IndexRequest& request, IndexOutput& output) {
  __m512i const field = _mm512_set1_epi8(request.field);
  __m512i const terminator = _mm512_set1_epi8(request.terminator);
  __m512i const other = _mm512_set1_epi8(request.other);
  __m512i const fold = _mm512_set1_epi8(0x10), first_control = _mm512_set1_epi8(0x1b);
  __m512i const one = _mm512_set1_epi8(1);
  __m512i const numbers = _mm512_load_si512(iota);
  __m512i zero = _mm512_setzero_si512();
  asm volatile("" : "+v"(zero));
  std::uint32_t* marks = output.marks;
  std::uint32_t* segment_begin = output.segment_begin;
  std::uint32_t* segment_mark = output.segment_mark;
  std::uint32_t mark_count = output.mark_count;
  std::uint64_t carry = output.carry, seen = 0, stray = 0, controls = 0;
  alignas(64) std::uint64_t all[blocks_per_round], ends[blocks_per_round];
  for (std::size_t at = begin; at < end; at += block * blocks_per_round) {
    std::size_t const left = end - at;
    std::size_t const count =
        left >= block * blocks_per_round ? blocks_per_round : (left + block - 1) / block;
    for (std::size_t k = 0; k < count; ++k) {
      __m512i const bytes = _mm512_loadu_si512(text + at + block * k);
      _mm_prefetch(text + at + block * k + 2 * block * blocks_per_round, _MM_HINT_T0);
      std::uint64_t const valid = tail_mask(left - block * k);
      std::uint64_t const terminators = _mm512_cmpeq_epi8_mask(bytes, terminator) & valid;
      std::uint64_t const others = _mm512_cmpeq_epi8_mask(bytes, other) & valid;
      all[k] = (_mm512_cmpeq_epi8_mask(bytes, field) & valid) | terminators;
      ends[k] = terminators;
      seen |= others;
      controls |= valid & _mm512_cmple_epu8_mask(
                              _mm512_sub_epi8(_mm512_or_si512(bytes, fold), first_control), one);
      stray |= others & ~(terminators << 1 | carry);
      carry = terminators >> 63;
      if (valid != ~0ull) carry = terminators >> (left - block * k - 1);
    }
    for (std::size_t k = 0; k < count; ++k) {
      auto const base = static_cast<std::uint32_t>(at + block * k);
      flatten(all[k], base, zero, numbers, marks);
      // Which marks are terminators, in the numbering of marks: that is what a rank is.
      std::uint64_t const ranks = _pext_u64(ends[k], all[k]);
      flatten_few(ends[k], base + 1, zero, numbers, segment_begin);
      flatten_few(ranks, mark_count + 1, zero, numbers, segment_mark);
      auto const mark_step = static_cast<std::uint32_t>(_mm_popcnt_u64(all[k]));
      auto const segment_step = static_cast<std::uint32_t>(_mm_popcnt_u64(ends[k]));
      marks += mark_step;
      mark_count += mark_step;
      segment_begin += segment_step;
      segment_mark += segment_step;
    }
  }
  output.marks = marks;
  output.segment_begin = segment_begin;
  output.segment_mark = segment_mark;
  output.mark_count = mark_count;
  output.carry = carry;
  output.saw_other |= seen != 0;
  output.saw_stray_other |= stray != 0;
  output.saw_control |= controls != 0;
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
