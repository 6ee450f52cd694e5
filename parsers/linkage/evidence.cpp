#include <hl7flow/parsers/linkage/evidence.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow::linkage {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

void append_in_capitals(std::string_view text, std::string& out) {
  for (char const c : trimmed(text)) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

}  // namespace

RecordKey record_key(std::string_view assigning_authority, std::string_view identifier) {
  std::string text;
  append_in_capitals(assigning_authority, text);
  text += '\n';
  append_in_capitals(identifier, text);
  XXH128_hash_t const hash = XXH3_128bits(text.data(), text.size());
  return {hash.high64, hash.low64};
}

}  // namespace hl7flow::linkage
