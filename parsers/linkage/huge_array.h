#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include <hl7flow/parsers/huge_pages.h>

namespace hl7flow::linkage {

/// A fixed number of plain values, all zero at first, in huge pages.
template <class T>
class HugeArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  HugeArray() = default;
  explicit HugeArray(std::size_t count) : count_(count) {
    if (count > 0) values_ = static_cast<T*>(take_huge_pages(bytes()));
  }
  ~HugeArray() {
    if (values_ != nullptr) give_huge_pages(values_, bytes());
  }
  HugeArray(HugeArray&& other) noexcept
      : values_(std::exchange(other.values_, nullptr)), count_(std::exchange(other.count_, 0)) {}
  HugeArray& operator=(HugeArray&& other) noexcept {
    std::swap(values_, other.values_);
    std::swap(count_, other.count_);
    return *this;
  }

  std::size_t size() const noexcept { return count_; }
  T& operator[](std::size_t k) noexcept { return values_[k]; }
  const T& operator[](std::size_t k) const noexcept { return values_[k]; }
  const T* data() const noexcept { return values_; }

 private:
  std::size_t bytes() const noexcept { return count_ * sizeof(T); }
  T* values_ = nullptr;
  std::size_t count_ = 0;
};

/// Plain values by number, which stay where they are as more come.
template <class T, std::size_t chunk = 32768>
class GrowingArray {
 public:
  std::size_t size() const noexcept { return size_; }
  T& push_back(const T& value) {
    if (size_ == chunks_.size() * chunk) chunks_.emplace_back(chunk);
    T& place = chunks_[size_ / chunk][size_ % chunk];
    place = value;
    ++size_;
    return place;
  }
  T& operator[](std::size_t k) noexcept { return chunks_[k / chunk][k % chunk]; }
  const T& operator[](std::size_t k) const noexcept { return chunks_[k / chunk][k % chunk]; }

 private:
  std::vector<HugeArray<T>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace hl7flow::linkage
