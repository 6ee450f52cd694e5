#pragma once

#include <cstdint>
#include <vector>

#include <hl7flow/parsers/linkage/huge_array.h>
#include <hl7flow/parsers/linkage/packed_person.h>

namespace hl7flow::linkage {

/// Which records have a key: grows and shrinks with the records. A key that too many have says too
/// little, and brings none. Two keys in four thousand million may be taken for one, which brings a
/// few more records. Not thread-safe.
class PersonBlocks {
 public:
  /// Records that may share a key.
  static constexpr std::uint32_t block_max = 64;

  PersonBlocks();
  void add(const BlockKeys& keys, std::uint32_t record);
  void remove(const BlockKeys& keys, std::uint32_t record);
  /// Appends the records that share a key, perhaps some more than once.
  void find(const BlockKeys& keys, std::vector<std::uint32_t>& records) const;
  /// Some time before find().
  void prefetch(const BlockKeys& keys) const noexcept {
    for (std::uint64_t const key : keys)
      if (key != 0) __builtin_prefetch(&slots_[home_of(static_cast<std::uint32_t>(key))]);
  }
  /// Keys that too many records have.
  std::uint64_t crowded() const noexcept { return crowded_; }
  std::size_t memory() const noexcept { return slots_.size() * sizeof(Slot); }

 private:
  /// One or two records stand here; of more, `second` is the number of a list.
  struct Slot {
    std::uint32_t tag, count, first, second;
  };
  static constexpr std::uint32_t crowd = 0xffffffff;  // a count

  /// The place follows from the tag alone: it is all that is left of a key when slots grow.
  std::size_t home_of(std::uint32_t tag) const noexcept { return tag >> 1 & mask_; }
  std::size_t slot_of(std::uint64_t key) const noexcept;
  void add(std::uint64_t key, std::uint32_t record);
  void remove(std::uint64_t key, std::uint32_t record);
  void grow();

  HugeArray<Slot> slots_;
  std::size_t mask_ = 0, used_ = 0;
  std::vector<std::vector<std::uint32_t>> lists_;
  std::vector<std::uint32_t> free_lists_;
  std::uint64_t crowded_ = 0;
};

}  // namespace hl7flow::linkage
