#include <hl7flow/pipeline/message_id.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow {

MessageId message_id(std::string_view raw) noexcept {
  XXH128_hash_t const hash = XXH3_128bits(raw.data(), raw.size());
  return message_id(hash.high64, hash.low64);
}

MessageId message_id(std::uint64_t high, std::uint64_t low) noexcept {
  MessageId id{};
  constexpr char digits[] = "0123456789abcdef";
  std::uint64_t const halves[] = {high, low};
  for (std::size_t k = 0; k < id.size(); ++k)
    id[k] = digits[halves[k / 16] >> (60 - 4 * (k % 16)) & 15];
  return id;
}

}  // namespace hl7flow
