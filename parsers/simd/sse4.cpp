// SSE4.2: 64 bytes a step as four quarters.

#if defined(__x86_64__)

#include <immintrin.h>

#include <hl7flow/parsers/simd/kernels.h>

#define HL7FLOW_TARGET [[gnu::target("sse4.2,popcnt")]]

namespace hl7flow::simd {
namespace {

HL7FLOW_TARGET inline __m128i load(const char* at) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

HL7FLOW_TARGET inline std::uint64_t bits(__m128i part) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(part));
}

HL7FLOW_TARGET inline std::uint64_t equal(const char* at, char c) {
  __m128i const wanted = _mm_set1_epi8(c);
  std::uint64_t mask = 0;
  for (int k = 0; k < 4; ++k) mask |= bits(_mm_cmpeq_epi8(load(at + 16 * k), wanted)) << (16 * k);
  return mask;
}

/// Bytes above 0x7f.
HL7FLOW_TARGET inline std::uint64_t high(const char* at) {
  std::uint64_t mask = 0;
  for (int k = 0; k < 4; ++k) mask |= bits(load(at + 16 * k)) << (16 * k);
  return mask;
}

/// See avx2.cpp: two look-ups of half a byte each.
struct Classifier {
  __m128i low, high;

  HL7FLOW_TARGET explicit Classifier(const Needles& needles) {
    alignas(16) unsigned char rows[2][16] = {};
    for (std::size_t n = 0; n < needles.count; ++n) {
      auto const c = static_cast<unsigned char>(needles.byte[n]);
      if (c >= 128) continue;
      rows[0][c & 15] |= static_cast<unsigned char>(1u << n);
      rows[1][c >> 4] |= static_cast<unsigned char>(1u << n);
    }
    low = _mm_load_si128(reinterpret_cast<const __m128i*>(rows[0]));
    high = _mm_load_si128(reinterpret_cast<const __m128i*>(rows[1]));
  }

  HL7FLOW_TARGET std::uint64_t hits(const char* at) const {
    std::uint64_t misses = 0;
    for (int k = 0; k < 4; ++k) {
      __m128i const bytes = load(at + 16 * k);
      __m128i const upper = _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(15));
      __m128i const meet =
          _mm_and_si128(_mm_shuffle_epi8(low, bytes), _mm_shuffle_epi8(high, upper));
      misses |= bits(_mm_cmpeq_epi8(meet, _mm_setzero_si128())) << (16 * k);
    }
    return ~misses;
  }
};

/// Stores eight numbers, each plus `base`.
HL7FLOW_TARGET inline void store_sums(std::uint32_t* out, const unsigned char* numbers,
                                      std::uint32_t base) {
  __m128i const eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(numbers));
  __m128i const offset = _mm_set1_epi32(static_cast<int>(base));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                   _mm_add_epi32(_mm_cvtepu8_epi32(eight), offset));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 4),
                   _mm_add_epi32(_mm_cvtepu8_epi32(_mm_srli_si128(eight, 4)), offset));
}

bool supported() { return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt"); }

#include <hl7flow/parsers/simd/blocks.h>

}  // namespace

const Kernel sse4{"sse4", supported, scan, index, scalar_identify};

}  // namespace hl7flow::simd

#undef HL7FLOW_TARGET
#endif
