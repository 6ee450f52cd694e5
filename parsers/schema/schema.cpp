#include <hl7flow/parsers/schema/schema.h>

#include <algorithm>
#include <array>
#include <span>

#include <hl7flow/parsers/schema/tables.h>

namespace hl7flow::schema {
namespace {

std::string_view name_of(std::uint16_t row) noexcept {
  return {name_text + name_begin[row], name_begin[row + 1] - name_begin[row]};
}

const VersionTables& tables(Version version) noexcept {
  return version_tables[static_cast<std::size_t>(version)];
}

/// The definition whose key is `wanted` in a version's sorted list of rows; nullptr if none.
template <class Def, class Key, class KeyOf>
const Def* bisect(const RowList& list, const Def* rows, Key wanted, KeyOf key_of) noexcept {
  std::span const all(list.rows, list.count);
  auto const found = std::ranges::lower_bound(
      all, wanted, {}, [&](std::uint16_t row) { return key_of(rows[row]); });
  if (found == all.end() || key_of(rows[*found]) != wanted) return nullptr;
  return &rows[*found];
}

/// What `find` finds in `version`, in the nearest lower version, or in the nearest higher one.
template <class Find>
auto nearest(Version version, Find find) noexcept -> decltype(find(version)) {
  auto const own = static_cast<std::size_t>(version);
  for (std::size_t at = own + 1; at-- > 0;)
    if (auto const* found = find(static_cast<Version>(at))) return found;
  for (std::size_t at = own + 1; at < version_count; ++at)
    if (auto const* found = find(static_cast<Version>(at))) return found;
  return nullptr;
}

/// Three characters as simd::pack packs them; 0 for any other length.
std::uint32_t pack_code(std::string_view code) noexcept {
  if (code.size() != 3) return 0;
  std::uint32_t packed = 0;
  for (std::size_t k = 0; k < 3; ++k)
    packed |= static_cast<std::uint32_t>(static_cast<unsigned char>(code[k])) << (8 * k);
  return packed;
}

const StructureDef* find_event(Version version, std::string_view code,
                               std::string_view trigger) noexcept {
  if (code.size() == 3 && trigger.size() == 3) {
    std::array<char, 7> const own{code[0],    code[1],    code[2],   '_',
                                  trigger[0], trigger[1], trigger[2]};
    if (auto const* found = find_structure(version, std::string_view(own.data(), own.size())))
      return found;
  }
  EventRow const wanted{pack_code(code), pack_code(trigger), 0};
  std::span const all(event_rows, event_row_count);
  auto const rows = std::ranges::equal_range(all, wanted, [](const EventRow& a, const EventRow& b) {
    return a.code != b.code ? a.code < b.code : a.trigger < b.trigger;
  });
  if (wanted.code == 0 || (wanted.trigger == 0 && !trigger.empty())) return nullptr;
  for (const EventRow& row : rows)
    if (auto const* found = find_structure(version, name_of(row.structure_name_row))) return found;
  return nullptr;
}

}  // namespace

std::string_view text(Version version) noexcept {
  static constexpr std::array<std::string_view, version_count> texts = {
      "2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8"};
  return texts[static_cast<std::size_t>(version)];
}

Version version_from_text(std::string_view msh_12) noexcept {
  // "2.5.1^USA" -> 2, 5, 1; anything that is not a number ends it.
  std::array<std::uint32_t, 3> part{};
  std::size_t parts = 0;
  std::size_t at = 0;
  while (at < msh_12.size() && msh_12[at] == ' ') ++at;
  while (parts < part.size() && at < msh_12.size()) {
    std::size_t const begin = at;
    for (; at < msh_12.size() && msh_12[at] >= '0' && msh_12[at] <= '9' && part[parts] < 1000; ++at)
      part[parts] = part[parts] * 10 + static_cast<std::uint32_t>(msh_12[at] - '0');
    if (at == begin) break;
    ++parts;
    if (at == msh_12.size() || msh_12[at] != '.') break;
    ++at;
  }
  auto [major, minor, patch] = part;
  if (parts < 2 || major != 2) return latest;
  if (minor > 9 && minor < 100 && parts == 2) {
    patch = minor % 10;
    minor /= 10;
  }
  Version found = Version::v2_1;
  for (std::size_t k = 0; k < version_count; ++k) {
    std::string_view const known = text(static_cast<Version>(k));
    std::uint32_t const known_minor = static_cast<std::uint32_t>(known[2] - '0');
    std::uint32_t const known_patch =
        known.size() > 3 ? static_cast<std::uint32_t>(known[4] - '0') : 0;
    if (known_minor < minor || (known_minor == minor && known_patch <= patch))
      found = static_cast<Version>(k);
  }
  return found;
}

std::string_view FieldDef::name() const noexcept { return name_of(name_row); }
std::string_view FieldDef::type() const noexcept { return name_of(type_row); }

std::string_view SegmentDef::id() const noexcept { return name_of(id_row); }
std::string_view SegmentDef::name() const noexcept { return name_of(name_row); }
const FieldDef* SegmentDef::field(std::size_t number) const noexcept {
  if (number == 0 || number > field_count) return nullptr;
  return &field_rows[field_lists[first_field + number - 1]];
}

std::string_view TypeDef::id() const noexcept { return name_of(id_row); }
std::string_view TypeDef::name() const noexcept { return name_of(name_row); }
const FieldDef* TypeDef::component(std::size_t number) const noexcept {
  if (number == 0 || number > component_count) return nullptr;
  return &field_rows[field_lists[first_component + number - 1]];
}

std::string_view StructureNode::name() const noexcept { return name_of(name_row); }
std::string_view StructureDef::name() const noexcept { return name_of(name_row); }
const StructureNode& StructureDef::node(std::size_t position) const noexcept {
  return node_rows[node_lists[first_node + position]];
}

const SegmentDef* find_segment(Version version, std::uint32_t packed_id) noexcept {
  return bisect(tables(version).segments, segment_rows, packed_id,
                [](const SegmentDef& def) { return def.packed_id; });
}

const SegmentDef* find_segment_nearest(Version version, std::uint32_t packed_id) noexcept {
  return nearest(version, [&](Version one) { return find_segment(one, packed_id); });
}

const TypeDef* find_type(Version version, std::string_view id) noexcept {
  return bisect(tables(version).types, type_rows, id, [](const TypeDef& def) { return def.id(); });
}

const StructureDef* find_structure(Version version, std::string_view name) noexcept {
  return bisect(tables(version).structures, structure_rows, name,
                [](const StructureDef& def) { return def.name(); });
}

const StructureDef* find_structure(Version version, std::string_view message_code,
                                   std::string_view trigger, std::string_view declared) noexcept {
  if (!declared.empty())
    if (auto const* found = find_structure(version, declared)) return found;
  auto const* found =
      nearest(version, [&](Version one) { return find_event(one, message_code, trigger); });
  if (found == nullptr && message_code == "ACK") found = find_structure(version, "ACK");
  if (found != nullptr || declared.empty()) return found;
  // Only the declared structure is known, elsewhere; or it is an event by mistake (ADT_A04).
  return nearest(version, [&](Version one) {
    auto const* by_name = find_structure(one, declared);
    if (by_name != nullptr || declared.size() != 7) return by_name;
    return find_event(one, declared.substr(0, 3), declared.substr(4));
  });
}

const StructureDef& generic_structure() noexcept { return structure_rows[generic_structure_row]; }

}  // namespace hl7flow::schema
