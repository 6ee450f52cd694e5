#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hl7flow {

/// A byte of the id and one of the content of each of the newest entries of a log, by the entry's
/// number: where among hundreds of them one may be, without reading them. Not thread-safe.
class RecentTags {
 public:
  /// The id's byte below, the content's above.
  using Tag = std::uint16_t;
  static Tag tag_of(std::uint64_t id, std::uint64_t content) noexcept {
    return static_cast<Tag>((id & 0xff) | content << 8);
  }
  /// What two entries have in common.
  enum class Has : Tag { id = 0xff, content = 0xff00, both = 0xffff };

  /// `begin`: the first number that will be entered.
  explicit RecentTags(std::uint64_t begin) : begin_(begin), tags_(kept) {}

  std::size_t memory() const noexcept { return kept * sizeof(Tag); }
  void enter(std::uint64_t number, Tag tag) noexcept { tags_[number % kept] = tag; }
  /// Whether it has the tags of a number that was entered; `next` is the one to come.
  bool has(std::uint64_t number, std::uint64_t next) const noexcept {
    return number >= begin_ && next - number <= kept;
  }

  /// Visits numbers from `begin`, which it has, to before `end`, whose tags have that in common
  /// with `tag`; the newest first, until visit(number) is true.
  template <class Visit>
  void find(std::uint64_t begin, std::uint64_t end, Tag tag, Has has, Visit&& visit) const {
    while (end > begin) {
      // A piece that does not wrap around.
      std::uint64_t const first = std::max(begin, (end - 1) / kept * kept);
      std::size_t const alike = alike_before(tags_.data() + first % kept,
                                             static_cast<std::size_t>(end - first), tag, has);
      end = first + alike;
      if (alike != 0 && visit(--end)) return;
    }
  }

 private:
  static constexpr std::uint64_t kept = std::uint64_t{1} << 19;

  /// The end of the last of them that is alike; 0: none is.
  static std::size_t alike_before(const Tag* tags, std::size_t end, Tag tag, Has has) noexcept {
    auto const difference = [&](std::size_t k) {
      return static_cast<Tag>((tags[k] ^ tag) & static_cast<Tag>(has));
    };
    // Compared side by side, for which the loop's length is known.
    constexpr std::size_t block = 64;
    for (; end >= block; end -= block) {
      unsigned alike = 0;
      for (std::size_t k = 0; k < block; ++k) alike |= difference(end - 1 - k) == 0 ? 1u : 0u;
      if (alike != 0) break;
    }
    while (end > 0 && difference(end - 1) != 0) --end;
    return end;
  }

  std::uint64_t const begin_;
  std::vector<Tag> tags_;  // by number modulo `kept`
};

}  // namespace hl7flow
