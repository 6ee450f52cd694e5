#include <hl7flow/parsers/codes/code_store.h>

#include <algorithm>
#include <bit>
#include <string>

#include <hl7flow/parsers/codes/code_key.h>
#include <hl7flow/parsers/simd/code_match.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow::codes {

namespace detail {

CodeKey long_key(std::string_view code) noexcept {
  XXH128_hash_t const hash = XXH3_128bits(code.data(), code.size());
  return {hash.low64, static_cast<std::uint32_t>(hash.high64 & 0xffffff) |
                          static_cast<std::uint32_t>(long_code) << 24};
}

std::uint64_t store_checksum(std::span<const std::byte> bytes) noexcept {
  StoreHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  header.checksum = 0;
  std::uint64_t const seed = XXH3_64bits(&header, sizeof header);
  return XXH3_64bits_withSeed(bytes.data() + sizeof header, bytes.size() - sizeof header, seed);
}

}  // namespace detail

namespace {

/// Looks through the lines of a table from where the key begins. `confirm` is asked about what a
/// hash found.
template <class Confirm>
std::uint32_t probe(const Slot* lines, std::uint64_t line_mask, detail::CodeKey key,
                    std::uint64_t spread, Confirm&& confirm) noexcept {
  bool const is_long = key.high >> 24 == long_code;
  for (std::uint64_t turn = 0; turn <= line_mask; ++turn) {
    const Slot* const line = lines + ((spread + turn) & line_mask) * slots_a_line;
    for (std::size_t k = 0; k < slots_a_line; ++k) {
      Slot const& slot = line[k];
      if (slot.concept_plus_one == 0) return no_concept;
      std::uint64_t low;
      std::uint32_t high;
      std::memcpy(&low, slot.key.data(), sizeof low);
      std::memcpy(&high, slot.key.data() + sizeof low, sizeof high);
      if (low != key.low || high != key.high) continue;
      if (!is_long || confirm(slot.concept_plus_one - 1)) return slot.concept_plus_one - 1;
    }
  }
  return no_concept;
}

}  // namespace

template <class Record>
std::span<const Record> CodeStore::section(Section which) const noexcept {
  SectionPlace const place = header_->sections[static_cast<std::size_t>(which)];
  return {reinterpret_cast<const Record*>(bytes_.data() + place.offset),
          place.size / sizeof(Record)};
}

Result<CodeStore, Failure> CodeStore::view(std::span<const std::byte> bytes) {
  static_assert(std::endian::native == std::endian::little, "stores are little-endian");
  auto const bad = [](std::string text) { return fail(ErrorCode::bad_store, std::move(text)); };
  if (bytes.size() < sizeof(store_magic) ||
      std::memcmp(bytes.data(), store_magic.data(), store_magic.size()) != 0)
    return bad("this is no code store (hl7flow codes build makes one)");
  if (bytes.size() < sizeof(StoreHeader)) return bad("the code store is cut off in its header");
  CodeStore store;
  store.bytes_ = bytes;
  store.header_ = reinterpret_cast<const StoreHeader*>(bytes.data());
  StoreHeader const& header = *store.header_;
  if (header.format_version != store_format_version)
    return bad("the code store has format " + std::to_string(header.format_version) +
               ", this program reads format " + std::to_string(store_format_version) +
               ": build it anew");
  if (header.header_size != sizeof(StoreHeader) || header.store_size != bytes.size())
    return bad("the code store should have " + std::to_string(header.store_size) +
               " bytes and has " + std::to_string(bytes.size()) + ": it is cut off or damaged");
  if (detail::store_checksum(bytes) != header.checksum)
    return bad("the code store is damaged: its checksum does not match");
  for (SectionPlace const& place : header.sections)
    if (place.offset % 64 != 0 || place.offset > bytes.size() ||
        place.size > bytes.size() - place.offset)
      return bad("the code store is damaged: a section lies outside of it");
  auto const characters = store.section<char>(Section::strings);
  store.strings_ = {characters.data(), characters.size()};
  store.systems_ = store.section<SystemRecord>(Section::systems);
  store.system_names_ = store.section<Slot>(Section::system_names);
  store.aliases_ = store.section<AliasRecord>(Section::aliases);
  store.concepts_ = store.section<ConceptRecord>(Section::concepts);
  store.slots_ = store.section<Slot>(Section::slots);
  store.targets_ = store.section<TargetRecord>(Section::targets);
  store.maps_ = store.section<MapRecord>(Section::maps);
  store.names_ = store.section<NameRecord>(Section::names);
  store.value_sets_ = store.section<ValueSetRecord>(Section::value_sets);
  store.members_ = store.section<std::uint32_t>(Section::members);
  store.loads_ = store.section<LoadRecord>(Section::loads);
  for (SystemRecord const& system : store.systems_) {
    std::uint64_t const lines = std::uint64_t{system.line_mask} + 1;
    if (!std::has_single_bit(lines) ||
        (system.first_line + lines) * slots_a_line > store.slots_.size())
      return bad("the code store is damaged: the table of a system lies outside of it");
  }
  if (!std::has_single_bit(store.system_names_.size()) || store.system_names_.size() < slots_a_line)
    return bad("the code store is damaged: it has no names of systems");
  return store;
}

std::string_view CodeStore::units() const noexcept {
  auto const characters = section<char>(Section::units);
  return {characters.data(), characters.size()};
}

SystemId CodeStore::find_system(std::string_view name) const noexcept {
  char upper[128];
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  if (name.empty() || name.size() > sizeof upper) return no_system;
  std::transform(name.begin(), name.end(), upper,
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string_view const wanted(upper, name.size());
  detail::CodeKey const key = detail::key_of(wanted);
  std::uint64_t const line_mask = system_names_.size() / slots_a_line - 1;
  std::uint32_t const alias =
      probe(system_names_.data(), line_mask, key, detail::spread(key), [&](std::uint32_t found) {
        return found < aliases_.size() && text(aliases_[found].name) == wanted;
      });
  if (alias >= aliases_.size() || aliases_[alias].system >= systems_.size()) return no_system;
  return aliases_[alias].system;
}

std::uint32_t CodeStore::find(SystemId system, std::string_view wanted) const noexcept {
  if (system >= systems_.size()) return no_concept;
  SystemRecord const& record = systems_[system];
  detail::CodeKey const key = detail::key_of(wanted);
  std::uint32_t const found =
      probe(slots_.data() + std::size_t{record.first_line} * slots_a_line, record.line_mask, key,
            detail::spread(key), [&](std::uint32_t subject) { return code(subject) == wanted; });
  return found < concepts_.size() ? found : no_concept;
}

void CodeStore::find_many(SystemId system, std::span<const std::string_view> codes,
                          std::uint32_t* concepts) const noexcept {
  if (system >= systems_.size()) {
    std::fill_n(concepts, codes.size(), no_concept);
    return;
  }
  constexpr std::size_t together = 32;
  SystemRecord const& record = systems_[system];
  const Slot* const lines = slots_.data() + std::size_t{record.first_line} * slots_a_line;
  detail::CodeKey keys[together];
  const Slot* starts[together];
  for (std::size_t begin = 0; begin < codes.size(); begin += together) {
    std::size_t const count = std::min(together, codes.size() - begin);
    for (std::size_t k = 0; k < count; ++k) {
      std::string_view const wanted = codes[begin + k];
      if (wanted.size() <= inline_code_max) {
        simd::ShortKey const key = simd::short_key(wanted.data(), wanted.size());
        keys[k] = {key.low, key.high};
      } else {
        keys[k] = detail::long_key(wanted);
      }
      starts[k] = lines + (detail::spread(keys[k]) & record.line_mask) * slots_a_line;
      __builtin_prefetch(starts[k]);
    }
    for (std::size_t k = 0; k < count; ++k) {
      std::size_t const place = simd::match_line(starts[k], {keys[k].low, keys[k].high});
      std::string_view const wanted = codes[begin + k];
      // Nearly all codes lie in the first line; what does not, or is long, is looked for with care.
      std::uint32_t const found = place < slots_a_line && wanted.size() <= inline_code_max
                                      ? starts[k][place].concept_plus_one - 1
                                      : find(system, wanted);
      concepts[begin + k] = found < concepts_.size() ? found : no_concept;
    }
  }
}

template <class Record>
std::span<const Record> CodeStore::between(std::span<const Record> all, std::uint32_t begin,
                                           std::uint32_t end) const noexcept {
  if (begin > end || end > all.size()) return {};
  return all.subspan(begin, end - begin);
}

std::span<const TargetRecord> CodeStore::targets_of(std::uint32_t subject) const noexcept {
  if (subject >= concepts_.size()) return {};
  std::uint32_t const end = subject + 1 < concepts_.size()
                                ? concepts_[subject + 1].first_target
                                : static_cast<std::uint32_t>(targets_.size());
  return between(targets_, concepts_[subject].first_target, end);
}

std::span<const NameRecord> CodeStore::names_of(std::uint32_t subject) const noexcept {
  if (subject >= concepts_.size()) return {};
  std::uint32_t const end = subject + 1 < concepts_.size()
                                ? concepts_[subject + 1].first_name
                                : static_cast<std::uint32_t>(names_.size());
  return between(names_, concepts_[subject].first_name, end);
}

std::span<const std::uint32_t> CodeStore::members_of(const ValueSetRecord& set) const noexcept {
  if (set.first_member > members_.size() || set.member_count > members_.size() - set.first_member)
    return {};
  return members_.subspan(set.first_member, set.member_count);
}

namespace {
constexpr std::string_view status_names[] = {"active", "trial", "discouraged", "deprecated",
                                             "retired"};
constexpr std::string_view equivalence_names[] = {"equivalent", "wider",   "narrower",
                                                  "inexact",    "related", "unmatched"};
}  // namespace

std::string_view name(CodeStatus status) noexcept {
  auto const number = static_cast<std::size_t>(status);
  return number < std::size(status_names) ? status_names[number] : "unknown";
}

std::string_view name(Equivalence equivalence) noexcept {
  auto const number = static_cast<std::size_t>(equivalence);
  return number < std::size(equivalence_names) ? equivalence_names[number] : "unknown";
}

std::optional<CodeStatus> code_status(std::string_view name) noexcept {
  for (std::size_t k = 0; k < std::size(status_names); ++k)
    if (status_names[k] == name) return static_cast<CodeStatus>(k);
  return std::nullopt;
}

std::optional<Equivalence> equivalence(std::string_view name) noexcept {
  for (std::size_t k = 0; k < std::size(equivalence_names); ++k)
    if (equivalence_names[k] == name) return static_cast<Equivalence>(k);
  if (name == "equal") return Equivalence::equivalent;
  if (name == "relatedto" || name == "related-to") return Equivalence::related;
  if (name == "subsumes" || name == "source-is-broader-than-target") return Equivalence::narrower;
  if (name == "specializes" || name == "source-is-narrower-than-target") return Equivalence::wider;
  if (name == "not-related-to" || name == "disjoint") return Equivalence::unmatched;
  return std::nullopt;
}

}  // namespace hl7flow::codes
