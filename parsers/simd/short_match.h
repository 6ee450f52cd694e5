#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

// Searches in short texts: most HL7 values are shorter than a vector, so splitting one is a compare
// and a bit scan. The instructions are those of the build's base (x86-64-v2), so there is nothing
// to dispatch; other machines take the plain loops. All may read up to 16 bytes past the text,
// which the text's padding covers. A program that uses the library may be compiled for another base
// than the library was: the two have different names, so that no linker takes one for the other.
#if defined(__SSE4_1__)
namespace hl7flow::simd::inline sse4_1 {
#else
namespace hl7flow::simd::inline plain {
#endif

#if defined(__SSE4_1__)
/// Sixteen bytes, or sixteen times one character.
struct Bytes16 {
  __m128i v;
  static Bytes16 load(const char* at) noexcept {
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))};
  }
  static Bytes16 all(char c) noexcept { return {_mm_set1_epi8(c)}; }
  /// Bit k: byte k equals that of `other`.
  std::uint32_t equal(Bytes16 other) const noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(v, other.v)));
  }
};
#else
struct Bytes16 {
  char v[16];
  static Bytes16 load(const char* at) noexcept {
    Bytes16 bytes;
    std::memcpy(bytes.v, at, 16);
    return bytes;
  }
  static Bytes16 all(char c) noexcept {
    Bytes16 bytes;
    std::memset(bytes.v, c, 16);
    return bytes;
  }
  std::uint32_t equal(Bytes16 other) const noexcept {
    std::uint32_t mask = 0;
    for (std::uint32_t k = 0; k < 16; ++k) mask |= (v[k] == other.v[k] ? 1u : 0u) << k;
    return mask;
  }
};
#endif

/// The first place in text[0, size) that holds a or b; size if there is none.
inline std::size_t find_either(const char* text, std::size_t size, char a, char b) noexcept {
  Bytes16 const first = Bytes16::all(a), second = Bytes16::all(b);
  for (std::size_t at = 0; at < size; at += 16) {
    Bytes16 const bytes = Bytes16::load(text + at);
    std::uint32_t const hits = bytes.equal(first) | bytes.equal(second);
    if (hits == 0) continue;
    std::size_t const found = at + static_cast<std::size_t>(__builtin_ctz(hits));
    return found < size ? found : size;
  }
  return size;
}

/// A piece of text that holds no delimiter of interest, and whether it holds an escape character.
struct Leaf {
  const char* text;
  std::uint32_t size;
  bool escaped;
};

/// One set of delimiters, ready for splitting fields. Undeclared ones are 0xff, never in UTF-8.
class Splitter {
 public:
  Splitter() noexcept : Splitter('~', '^', '&', '\\') {}
  Splitter(char repetition, char component, char subcomponent, char escape) noexcept
      : repetition_(Bytes16::all(repetition)),
        component_(Bytes16::all(component)),
        subcomponent_(Bytes16::all(subcomponent)),
        escape_(Bytes16::all(escape)) {}

  /// Component and subcomponent (from 1; 0: all of it) of the first repetition in text[0, size).
  Leaf split(const char* text, std::uint32_t size, std::uint32_t component,
             std::uint32_t subcomponent) const noexcept {
    if (component == 0) return first(text, size, repetition_, repetition_, repetition_);
    for (; component > 1; --component) {
      Leaf const skipped = first(text, size, repetition_, component_, component_);
      if (skipped.size == size || Bytes16::load(text + skipped.size).equal(repetition_) % 2 == 1)
        return {text, 0, false};
      text += skipped.size + 1;
      size -= skipped.size + 1;
    }
    if (subcomponent == 0) return first(text, size, repetition_, component_, component_);
    if (subcomponent == 1) return first(text, size, repetition_, component_, subcomponent_);
    size = first(text, size, repetition_, component_, component_).size;
    for (; subcomponent > 1; --subcomponent) {
      Leaf const skipped = first(text, size, subcomponent_, subcomponent_, subcomponent_);
      if (skipped.size == size) return {text, 0, false};
      text += skipped.size + 1;
      size -= skipped.size + 1;
    }
    return first(text, size, subcomponent_, subcomponent_, subcomponent_);
  }

  /// The first component (and, if `subcomponent` is 1, its first subcomponent; or, if `component`
  /// is 0, the whole first repetition) of base[begin, begin + size) as a 16-byte view: size and
  /// text, or size, four bytes of text, buffer 0 and offset. Takes no branch on the data in the
  /// frequent case: short text, no escape. Otherwise false, and nothing is written. `valid` becomes
  /// 0 for no text, else 1; the text "" (two quotation marks) becomes empty and valid.
  bool store_first(const char* base, std::uint32_t begin, std::uint32_t size,
                   std::uint32_t component, std::uint32_t subcomponent, void* view,
                   std::uint8_t* valid) const noexcept {
#if defined(__SSE4_1__)
    Bytes16 const& second = component == 0 ? repetition_ : component_;
    Bytes16 const& third = subcomponent == 0 ? second : subcomponent_;
    Bytes16 const bytes = Bytes16::load(base + begin);
    std::uint32_t const end = size < 16 ? 1u << size : 0;
    std::uint32_t const hits =
        bytes.equal(repetition_) | bytes.equal(second) | bytes.equal(third) | end;
    std::uint32_t const low = hits & (~hits + 1);
    if (hits == 0 || (bytes.equal(escape_) & (low - 1)) != 0) return false;
    auto const found = static_cast<std::uint32_t>(__builtin_ctz(low));
    auto const head = static_cast<std::uint32_t>(_mm_cvtsi128_si32(bytes.v));
    bool const deletes = (found == 2) & ((head & 0xffff) == 0x2222);
    std::uint32_t const kept = deletes ? 0 : found;
    alignas(16) static constexpr unsigned char ones_then_zeros[32] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    __m128i const mask =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(ones_then_zeros + 16 - kept));
    __m128i const inlined = _mm_slli_si128(_mm_and_si128(bytes.v, mask), 4);
    __m128i const far = _mm_set_epi32(static_cast<int>(begin), 0, static_cast<int>(head), 0);
    __m128i const is_far =
        _mm_cmpgt_epi32(_mm_set1_epi32(static_cast<int>(kept)), _mm_set1_epi32(12));
    __m128i const chosen = _mm_blendv_epi8(inlined, far, is_far);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(view),
                     _mm_insert_epi32(chosen, static_cast<int>(kept), 0));
    *valid = found != 0 ? 1 : 0;
    return true;
#else
    (void)base, (void)begin, (void)size, (void)component, (void)subcomponent, (void)view;
    (void)valid;
    return false;
#endif
  }

 private:
  /// Up to the first a, b or c.
  Leaf first(const char* text, std::uint32_t size, Bytes16 a, Bytes16 b, Bytes16 c) const noexcept {
    std::uint32_t escapes = 0;
    for (std::uint32_t at = 0; at < size; at += 16) {
      Bytes16 const bytes = Bytes16::load(text + at);
      std::uint32_t const left = size - at;
      // The end of the text stops the search like a delimiter does.
      std::uint32_t const stop = left < 16 ? 1u << left : 1u << 16;
      std::uint32_t const hits = bytes.equal(a) | bytes.equal(b) | bytes.equal(c) | stop;
      std::uint32_t const low = hits & (~hits + 1);
      escapes |= bytes.equal(escape_) & (low - 1);
      if (low != 1u << 16)
        return {text, at + static_cast<std::uint32_t>(__builtin_ctz(low)), escapes != 0};
    }
    return {text, size, escapes != 0};
  }

  Bytes16 repetition_, component_, subcomponent_, escape_;
};

/// Writes a 32-bit size and size <= 12 bytes of text, padded with zeros, as 16 bytes: Arrow's
/// inlined binary view.
inline void store_sized_12(void* to, const char* text, std::uint32_t size) noexcept {
#if defined(__SSE4_1__)
  alignas(16) static constexpr unsigned char ones_then_zeros[32] = {
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  __m128i const mask =
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(ones_then_zeros + 16 - size));
  __m128i const bytes =
      _mm_and_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text)), mask);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                   _mm_insert_epi32(_mm_slli_si128(bytes, 4), static_cast<int>(size), 0));
#else
  char sized[16] = {};
  std::memcpy(sized, &size, 4);
  std::memcpy(sized + 4, text, size);
  std::memcpy(to, sized, 16);
#endif
}

}  // namespace hl7flow::simd::inline sse4_1 or plain
