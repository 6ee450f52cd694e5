#pragma once

#include <cstdint>
#include <optional>

#include <hl7flow/parsers/linkage/evidence.h>
#include <hl7flow/parsers/linkage/huge_array.h>

namespace hl7flow::linkage {

/// The number of each record key. The keys themselves stand in an array by number, so that a slot
/// is eight bytes. Not thread-safe.
class RecordNumbers {
 public:
  RecordNumbers() : slots_(1 << 12) {}

  template <class Keys>
  std::optional<std::uint32_t> find(const RecordKey& key, const Keys& keys) const noexcept {
    std::size_t const at = place(key, keys);
    if (slots_[at].next_number == 0) return std::nullopt;
    return slots_[at].next_number - 1;
  }
  /// The number of a key; `number`, if it is new: then the caller puts it into the array.
  template <class Keys>
  std::uint32_t find_or_add(const RecordKey& key, std::uint32_t number, const Keys& keys) {
    std::size_t at = place(key, keys);
    if (slots_[at].next_number != 0) return slots_[at].next_number - 1;
    if ((used_ + 1) * 10 > slots_.size() * 7) {
      grow(keys);
      at = place(key, keys);
    }
    slots_[at] = {tag_of(key), number + 1};
    ++used_;
    return number;
  }
  void prefetch(const RecordKey& key) const noexcept {
    __builtin_prefetch(&slots_[key.low & (slots_.size() - 1)]);
  }

 private:
  struct Slot {
    std::uint32_t tag, next_number;  // the number and one; 0: empty
  };
  static std::uint32_t tag_of(const RecordKey& key) noexcept {
    return static_cast<std::uint32_t>(key.high);
  }
  template <class Keys>
  std::size_t place(const RecordKey& key, const Keys& keys) const noexcept {
    std::size_t const mask = slots_.size() - 1;
    std::size_t at = key.low & mask;
    while (slots_[at].next_number != 0 &&
           (slots_[at].tag != tag_of(key) || !(keys[slots_[at].next_number - 1] == key)))
      at = (at + 1) & mask;
    return at;
  }
  template <class Keys>
  void grow(const Keys& keys) {
    HugeArray<Slot> const old = std::move(slots_);
    slots_ = HugeArray<Slot>(old.size() * 2);
    std::size_t const mask = slots_.size() - 1;
    for (std::size_t k = 0; k < old.size(); ++k) {
      if (old[k].next_number == 0) continue;
      std::size_t at = keys[old[k].next_number - 1].low & mask;
      while (slots_[at].next_number != 0) at = (at + 1) & mask;
      slots_[at] = old[k];
    }
  }

  HugeArray<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace hl7flow::linkage
