#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include <hl7flow/parsers/codes/store_format.h>

// The key of a code in a store's tables, and where it begins to look.
namespace hl7flow::codes::detail {

/// The twelve bytes of Slot::key as two numbers.
struct CodeKey {
  std::uint64_t low;
  std::uint32_t high;
  friend constexpr bool operator==(CodeKey, CodeKey) = default;
};

inline std::uint64_t folded(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  Wide const product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Spreads keys over lines (wyhash's step: two products folded).
inline std::uint64_t spread(CodeKey key) noexcept {
  return folded(key.low ^ 0x2d358dccaa6c78a5ull, key.high ^ 0x8bb84b93962eacc9ull);
}

/// The key of a code of more than inline_code_max bytes: its hash.
CodeKey long_key(std::string_view code) noexcept;

template <class T>
inline T loaded(const char* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Reads no byte outside `code`: loads overlap instead.
inline CodeKey key_of(std::string_view code) noexcept {
  std::size_t const size = code.size();
  const char* const text = code.data();
  if (size > inline_code_max) return long_key(code);
  std::uint32_t const mark = static_cast<std::uint32_t>(size) << 24;
  if (size >= 8) {
    // Bytes 8 to 10, if there are any, are the top of the last four.
    std::uint32_t const last = loaded<std::uint32_t>(text + size - 4);
    std::uint32_t const above =
        static_cast<std::uint32_t>(static_cast<std::uint64_t>(last) >> (8 * (12 - size)));
    return {loaded<std::uint64_t>(text), above | mark};
  }
  if (size >= 4) {
    std::uint64_t const first = loaded<std::uint32_t>(text);
    std::uint64_t const last = loaded<std::uint32_t>(text + size - 4);
    return {first | last << (8 * (size - 4)), mark};
  }
  std::uint64_t low = 0;
  if (size > 0) {
    auto const byte = [&](std::size_t k) {
      return static_cast<std::uint64_t>(static_cast<std::uint8_t>(text[k])) << (8 * k);
    };
    low = byte(0) | byte(size / 2) | byte(size - 1);
  }
  return {low, mark};
}

}  // namespace hl7flow::codes::detail
