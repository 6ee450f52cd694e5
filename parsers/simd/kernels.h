#pragma once

#include <cstddef>
#include <cstdint>

// The only interface between SIMD code and the rest. Plain data in and out: kernel files include
// this header and an intrinsics header and no inline function of the standard library, so that no
// code compiled for a newer CPU can be linked into a path that runs on an older one. Every kernel
// may read up to `padding` bytes past the end of the text and write up to `slack` values past the
// last result; callers provide both.
namespace hl7flow::simd {

inline constexpr std::size_t padding = 64;
inline constexpr std::size_t slack = 64;

/// The characters a scan looks for, at most eight.
struct Needles {
  char byte[8];
  std::size_t count;
};

/// What to tell apart when indexing: `terminator` ends a segment; `other` is the newline character
/// that does not (LF where CR terminates, and the reverse) and is only watched for. All are ASCII.
struct IndexRequest {
  char field;
  char terminator;
  char other;
};

/// Where index() writes. The pointers advance past what was written.
struct IndexOutput {
  std::uint32_t* marks;          // offset of each field separator and terminator, in order
  std::uint32_t* segment_begin;  // offset after each terminator
  std::uint32_t* segment_mark;   // number of marks up to and with each terminator
  std::uint32_t mark_count;      // marks written so far, by this and earlier calls
  std::uint64_t carry;           // 1 if the last byte read was a terminator; 0 at the start
  bool saw_other;                // an `other` occurred
  bool saw_stray_other;          // an `other` occurred that does not directly follow a terminator
  bool saw_high;                 // a byte above 0x7f occurred
};

struct Kernel {
  const char* name;
  bool (*supported)();

  /// Writes the offset of every needle in text[begin, end) to `marks`, in order, and returns how
  /// many there are.
  std::size_t (*scan)(const char* text, std::size_t begin, std::size_t end, const Needles& needles,
                      std::uint32_t* marks);

  /// Marks, segment starts and mark ranks of text[begin, end), in one pass.
  void (*index)(const char* text, std::size_t begin, std::size_t end, const IndexRequest& request,
                IndexOutput& output);

  /// Packs the first three bytes at each of `count` offsets into ids (first character lowest) and
  /// returns how many segments are irregular: an id that is not [A-Z][A-Z0-9]{2}, one of a header
  /// or trailer FHS, BHS, BTS, FTS, an ADD or DSC continuation, or an id that is not followed
  /// by the field separator. `headers` receives the ordinals of the segments whose id is MSH.
  std::size_t (*identify)(const char* text, const std::uint32_t* begins, std::size_t count,
                          char field, std::uint32_t* ids, std::uint32_t* headers,
                          std::size_t* header_count);
};

/// identify() of the scalar kernel, which the AVX2 and SSE4 kernels share: without a gather there
/// is nothing to win.
std::size_t scalar_identify(const char* text, const std::uint32_t* begins, std::size_t count,
                            char field, std::uint32_t* ids, std::uint32_t* headers,
                            std::size_t* header_count);

extern const Kernel scalar;
extern const Kernel sse4;
extern const Kernel avx2;
extern const Kernel avx512;

/// Every kernel in this build, best first; tests and fuzzers compare them all with each other.
extern const Kernel* const kernels[];
extern const std::size_t kernel_count;

/// The best supported kernel, or the one that the environment variable HL7FLOW_SIMD names (scalar,
/// sse4, avx2, avx512). An unsupported or unknown name falls back to the best, and
/// requested_but_unavailable() says so. Chosen once, thread-safe.
const Kernel& active() noexcept;
const char* requested_but_unavailable() noexcept;

/// Three characters as one number, the first in the lowest byte.
constexpr std::uint32_t pack(char a, char b, char c) noexcept {
  return static_cast<std::uint32_t>(static_cast<unsigned char>(a)) |
         static_cast<std::uint32_t>(static_cast<unsigned char>(b)) << 8 |
         static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 16;
}

}  // namespace hl7flow::simd
