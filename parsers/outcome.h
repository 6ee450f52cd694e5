#pragma once

#include <hl7flow/parsers/error.h>

namespace hl7flow::detail {

/// A value of eight bytes or an error, as two plain words that a call returns in registers. A
/// Result goes through memory there, its flag stored as one byte and loaded with more, and that
/// stall is half the time of reading a number. So the hottest functions return this out of line,
/// and an inline function in the header makes it the Result that callers see, which the compiler
/// then takes apart.
template <class T>
class Outcome {
  static_assert(sizeof(T) == 8);

 public:
  constexpr Outcome(T value) noexcept : value_(value), error_(0) {}
  constexpr Outcome(tl::unexpected<Error> error) noexcept
      : value_(0),
        error_(std::uint64_t{error.value().offset} << 32 |
               static_cast<std::uint64_t>(error.value().code)) {}

  /// `U` is T, or a smaller integer that all values fit.
  template <class U = T>
  constexpr Result<U> result() const noexcept {
    if (error_ == 0) return static_cast<U>(value_);
    return tl::unexpected<Error>(
        Error{static_cast<ErrorCode>(error_ & 0xffff), static_cast<std::uint32_t>(error_ >> 32)});
  }

 private:
  T value_;
  std::uint64_t error_;  // code in the low half, offset in the high half; 0 if there is a value
};

}  // namespace hl7flow::detail
