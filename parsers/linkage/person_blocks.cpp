#include <hl7flow/parsers/linkage/person_blocks.h>

#include <algorithm>

namespace hl7flow::linkage {

namespace {

constexpr std::size_t slots_at_first = 1 << 14;

/// Keys are odd, so that no tag is 0, which is an empty slot's.
std::uint32_t tag_of(std::uint64_t key) noexcept { return static_cast<std::uint32_t>(key); }

}  // namespace

PersonBlocks::PersonBlocks() : slots_(slots_at_first), mask_(slots_at_first - 1) {}

std::size_t PersonBlocks::slot_of(std::uint64_t key) const noexcept {
  std::uint32_t const tag = tag_of(key);
  std::size_t at = home_of(tag);
  while (slots_[at].tag != 0 && slots_[at].tag != tag) at = (at + 1) & mask_;
  return at;
}

void PersonBlocks::add(const BlockKeys& keys, std::uint32_t record) {
  for (std::uint64_t const key : keys)
    if (key != 0) add(key, record);
}

void PersonBlocks::remove(const BlockKeys& keys, std::uint32_t record) {
  for (std::uint64_t const key : keys)
    if (key != 0) remove(key, record);
}

void PersonBlocks::find(const BlockKeys& keys, std::vector<std::uint32_t>& records) const {
  for (std::uint64_t const key : keys) {
    if (key == 0) continue;
    Slot const& slot = slots_[slot_of(key)];
    if (slot.tag == 0 || slot.count == crowd || slot.count == 0) continue;
    if (slot.count <= 2) {
      records.push_back(slot.first);
      if (slot.count == 2) records.push_back(slot.second);
    } else {
      records.insert(records.end(), lists_[slot.second].begin(), lists_[slot.second].end());
    }
  }
}

void PersonBlocks::add(std::uint64_t key, std::uint32_t record) {
  if (used_ * 10 >= slots_.size() * 7) grow();
  Slot& slot = slots_[slot_of(key)];
  if (slot.tag == 0) {
    slot.tag = tag_of(key);
    ++used_;
  }
  if (slot.count == crowd) return;
  ++slot.count;
  if (slot.count == 1) {
    slot.first = record;
  } else if (slot.count == 2) {
    slot.second = record;
  } else if (slot.count == 3) {
    if (free_lists_.empty()) {
      free_lists_.push_back(static_cast<std::uint32_t>(lists_.size()));
      lists_.emplace_back();
    }
    std::uint32_t const list = free_lists_.back();
    free_lists_.pop_back();
    lists_[list] = {slot.first, slot.second, record};
    slot.second = list;
  } else if (slot.count <= block_max) {
    lists_[slot.second].push_back(record);
  } else {
    std::vector<std::uint32_t>().swap(lists_[slot.second]);
    free_lists_.push_back(slot.second);
    slot.count = crowd;
    ++crowded_;
  }
}

void PersonBlocks::remove(std::uint64_t key, std::uint32_t record) {
  Slot& slot = slots_[slot_of(key)];
  if (slot.tag == 0 || slot.count == crowd || slot.count == 0) return;
  if (slot.count <= 2) {
    if (slot.first == record) {
      slot.first = slot.second;
      --slot.count;
    } else if (slot.count == 2 && slot.second == record) {
      --slot.count;
    }
    return;
  }
  std::vector<std::uint32_t>& list = lists_[slot.second];
  auto const found = std::find(list.begin(), list.end(), record);
  if (found == list.end()) return;
  list.erase(found);
  if (--slot.count > 2) return;
  std::uint32_t const emptied = slot.second;
  slot.first = list[0];
  slot.second = list[1];
  list.clear();
  free_lists_.push_back(emptied);
}

void PersonBlocks::grow() {
  HugeArray<Slot> const old = std::move(slots_);
  slots_ = HugeArray<Slot>(old.size() * 2);
  mask_ = slots_.size() - 1;
  for (std::size_t k = 0; k < old.size(); ++k) {
    if (old[k].tag == 0) continue;
    std::size_t at = home_of(old[k].tag);
    while (slots_[at].tag != 0) at = (at + 1) & mask_;
    slots_[at] = old[k];
  }
}

}  // namespace hl7flow::linkage
