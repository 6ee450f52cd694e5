#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace hl7flow {

/// A growable array of plain values that does not initialise them and keeps its memory when
/// cleared, so that a reused batch allocates nothing. Not thread-safe. Terminates by std::bad_alloc
/// only when memory is exhausted.
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer() { std::free(data_); }

  T* data() noexcept { return data_; }
  const T* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  bool empty() const noexcept { return size_ == 0; }
  T& operator[](std::size_t i) noexcept { return data_[i]; }
  const T& operator[](std::size_t i) const noexcept { return data_[i]; }
  T& back() noexcept { return data_[size_ - 1]; }
  const T& back() const noexcept { return data_[size_ - 1]; }
  T* begin() noexcept { return data_; }
  T* end() noexcept { return data_ + size_; }
  const T* begin() const noexcept { return data_; }
  const T* end() const noexcept { return data_ + size_; }

  void clear() noexcept { size_ = 0; }

  /// Room for `count` values in all. Grows by half, so that appending is linear.
  void reserve(std::size_t count) {
    if (count > capacity_) grow(count);
  }

  /// Sets the size; new values are not initialised.
  void resize(std::size_t count) {
    reserve(count);
    size_ = count;
  }

  void push_back(const T& value) {
    T const copy = value;
    if (size_ == capacity_) grow(size_ + 1);
    data_[size_++] = copy;
  }

  void append(const T* values, std::size_t count) {
    if (count == 0) return;
    reserve(size_ + count);
    std::memcpy(data_ + size_, values, count * sizeof(T));
    size_ += count;
  }

  /// Gives memory back if more than `count` values are held.
  void shrink(std::size_t count) {
    if (capacity_ <= count) return;
    std::free(data_);
    data_ = nullptr;
    size_ = capacity_ = 0;
  }

  void swap(Buffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  void grow(std::size_t count) {
    std::size_t const wanted =
        count > capacity_ + capacity_ / 2 ? count : capacity_ + capacity_ / 2;
    void* const moved = std::realloc(static_cast<void*>(data_), wanted * sizeof(T));
    if (moved == nullptr) throw std::bad_alloc();
    data_ = static_cast<T*>(moved);
    capacity_ = wanted;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace hl7flow
