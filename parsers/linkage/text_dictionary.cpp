#include <hl7flow/parsers/linkage/text_dictionary.h>

#include <bit>
#include <cstring>

#include <hl7flow/parsers/simd/name_match.h>

namespace hl7flow::linkage {

namespace {

std::uint32_t hash_of(std::string_view text) noexcept {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u, other = 0xc2b2ae3d27d4eb4fu;
  std::uint64_t hash = text.size() * odd;
  auto const mix = [&](std::string_view piece) {
    auto const words = std::bit_cast<std::array<std::uint64_t, 2>>(simd::padded<16>(piece));
    hash = (hash ^ words[0]) * odd;
    hash = (std::rotl(hash, 29) ^ words[1]) * other;
  };
  for (; text.size() > 16; text.remove_prefix(16)) mix(text.substr(0, 16));
  mix(text);
  return static_cast<std::uint32_t>((hash ^ hash >> 31) * odd >> 32);
}

}  // namespace

/// Where the text is, or where it belongs.
const TextDictionary::Slot* TextDictionary::slot(std::string_view wanted,
                                                 std::uint32_t hash) const noexcept {
  std::size_t const mask = slots_.size() - 1;
  std::size_t k = hash & mask;
  while (slots_[k].number != 0 && (slots_[k].hash != hash || text(slots_[k].number) != wanted))
    k = (k + 1) & mask;
  return &slots_[k];
}

std::uint32_t TextDictionary::find(std::string_view text) const noexcept {
  return text.empty() ? 0 : slot(text, hash_of(text))->number;
}

std::uint32_t TextDictionary::find_or_add(std::string_view text) {
  if (text.empty()) return 0;
  std::uint32_t const hash = hash_of(text);
  if (Slot const* found = slot(text, hash); found->number != 0) return found->number;
  auto const number = static_cast<std::uint32_t>(size());
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  begins_.push_back(bytes_.size());
  if (size() * 3 > slots_.size() * 2) grow();
  slots_[static_cast<std::size_t>(slot(text, hash) - slots_.data())] = {hash, number};
  return number;
}

void TextDictionary::grow() {
  std::vector<Slot> const old = std::move(slots_);
  slots_ = std::vector<Slot>(old.size() * 2);
  std::size_t const mask = slots_.size() - 1;
  for (Slot const& one : old) {
    if (one.number == 0) continue;
    std::size_t k = one.hash & mask;
    while (slots_[k].number != 0) k = (k + 1) & mask;
    slots_[k] = one;
  }
}

}  // namespace hl7flow::linkage
