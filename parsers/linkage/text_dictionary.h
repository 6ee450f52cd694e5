#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hl7flow::linkage {

/// Numbers for texts, from 1 in the order in which they came; 0 is the empty text. Not thread-safe
/// while it grows.
class TextDictionary {
 public:
  /// Numbers are below this.
  std::size_t size() const noexcept { return begins_.size() - 1; }
  /// Valid until a text is added.
  std::string_view text(std::uint32_t number) const noexcept {
    return {bytes_.data() + begins_[number],
            static_cast<std::size_t>(begins_[number + 1] - begins_[number])};
  }
  /// 0 if the text is not there.
  std::uint32_t find(std::string_view text) const noexcept;
  std::uint32_t find_or_add(std::string_view text);

 private:
  struct Slot {
    std::uint32_t hash = 0, number = 0;  // 0: nothing
  };

  const Slot* slot(std::string_view text, std::uint32_t hash) const noexcept;
  void grow();

  std::vector<char> bytes_;  // of all texts, one after the other
  std::vector<std::uint64_t> begins_{0, 0};
  std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two, at most two thirds full
};

}  // namespace hl7flow::linkage
