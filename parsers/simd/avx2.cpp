// AVX2: 64 bytes a step as two halves.

#if defined(__x86_64__)

#include <immintrin.h>

#include <hl7flow/parsers/simd/kernels.h>

#define HL7FLOW_TARGET [[gnu::target("avx2,bmi,bmi2,popcnt,lzcnt")]]

namespace hl7flow::simd {
namespace {

HL7FLOW_TARGET inline __m256i load(const char* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

HL7FLOW_TARGET inline std::uint64_t bits(__m256i low, __m256i high) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

HL7FLOW_TARGET inline std::uint64_t equal(const char* at, char c) {
  __m256i const wanted = _mm256_set1_epi8(c);
  return bits(_mm256_cmpeq_epi8(load(at), wanted), _mm256_cmpeq_epi8(load(at + 32), wanted));
}

/// Bytes above 0x7f.
HL7FLOW_TARGET inline std::uint64_t high(const char* at) { return bits(load(at), load(at + 32)); }

/// Any set of up to eight ASCII characters, by two look-ups of half a byte each: needle n owns bit
/// n in the row of its low half and in that of its high half; a byte hits where the rows meet.
struct Classifier {
  __m256i low, high;

  HL7FLOW_TARGET explicit Classifier(const Needles& needles) {
    alignas(32) unsigned char rows[2][32] = {};
    for (std::size_t n = 0; n < needles.count; ++n) {
      auto const c = static_cast<unsigned char>(needles.byte[n]);
      for (std::size_t lane = 0; lane < 32 && c < 128; lane += 16) {
        rows[0][lane + (c & 15)] |= static_cast<unsigned char>(1u << n);
        rows[1][lane + (c >> 4)] |= static_cast<unsigned char>(1u << n);
      }
    }
    low = _mm256_load_si256(reinterpret_cast<const __m256i*>(rows[0]));
    high = _mm256_load_si256(reinterpret_cast<const __m256i*>(rows[1]));
  }

  /// Zero bytes where nothing hits.
  HL7FLOW_TARGET __m256i meet(__m256i bytes) const {
    // A byte with its top bit set looks up zero in `low`: that is how non-ASCII misses.
    __m256i const upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
    return _mm256_and_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, upper));
  }

  HL7FLOW_TARGET std::uint64_t hits(const char* at) const {
    __m256i const zero = _mm256_setzero_si256();
    return ~bits(_mm256_cmpeq_epi8(meet(load(at)), zero),
                 _mm256_cmpeq_epi8(meet(load(at + 32)), zero));
  }
};

/// Stores eight numbers, each plus `base`.
HL7FLOW_TARGET inline void store_sums(std::uint32_t* out, const unsigned char* numbers,
                                      std::uint32_t base) {
  __m256i const wide =
      _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(numbers)));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out),
                      _mm256_add_epi32(wide, _mm256_set1_epi32(static_cast<int>(base))));
}

bool supported() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
         __builtin_cpu_supports("popcnt");
}

#include <hl7flow/parsers/simd/blocks.h>

}  // namespace

const Kernel avx2{"avx2", supported, scan, index, scalar_identify};

}  // namespace hl7flow::simd

#undef HL7FLOW_TARGET
#endif
