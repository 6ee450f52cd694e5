#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace hl7flow {

/// A byte of the id and one of the content of each of the newest entries of a log, by the entry's
/// number: where among hundreds of them one may be, without reading them. Not thread-safe.
class RecentTags {
 public:
  struct Tags {
    std::uint8_t id, content;
  };

  /// `begin`: the first number that will be entered.
  explicit RecentTags(std::uint64_t begin) : begin_(begin), bytes_(2 * kept) {}

  std::size_t memory() const noexcept { return bytes_.size(); }
  void enter(std::uint64_t number, Tags tags) noexcept {
    std::uint8_t* const place = bytes_.data() + number % kept;
    place[0] = tags.id;
    place[kept] = tags.content;
  }
  /// Whether it has the tags of a number that was entered; `next` is the one to come.
  bool has(std::uint64_t number, std::uint64_t next) const noexcept {
    return number >= begin_ && next - number <= kept;
  }

  /// Visit numbers from `begin`, which it has, to before `end`: those with the id's tag, the
  /// content's, or both; the newest first, until visit(number) is true.
  template <class Visit>
  void find_id(std::uint64_t begin, std::uint64_t end, Tags tags, Visit&& visit) const {
    find(bytes_.data(), begin, end, tags.id, visit);
  }
  template <class Visit>
  void find_content(std::uint64_t begin, std::uint64_t end, Tags tags, Visit&& visit) const {
    find(bytes_.data() + kept, begin, end, tags.content, visit);
  }
  template <class Visit>
  void find_both(std::uint64_t begin, std::uint64_t end, Tags tags, Visit&& visit) const {
    find_id(begin, end, tags, [&](std::uint64_t number) {
      return bytes_[kept + number % kept] == tags.content && visit(number);
    });
  }

 private:
  static constexpr std::uint64_t kept = std::uint64_t{1} << 19;

  template <class Visit>
  static void find(const std::uint8_t* bytes, std::uint64_t begin, std::uint64_t end,
                   std::uint8_t tag, Visit&& visit) {
    while (end > begin) {
      // A piece that does not wrap around.
      std::uint64_t const first = std::max(begin, (end - 1) / kept * kept);
      const std::uint8_t* const piece = bytes + first % kept;
      const void* const found = ::memrchr(piece, tag, end - first);
      end = first;
      if (found == nullptr) continue;
      end += static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(found) - piece);
      if (visit(end)) return;
    }
  }

  std::uint64_t const begin_;
  std::vector<std::uint8_t> bytes_;  // of ids, then of contents, by number modulo `kept`
};

}  // namespace hl7flow
