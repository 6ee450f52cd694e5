#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <hl7flow/parsers/error.h>

namespace hl7flow {

/// Names a place in a message. Parsed once (at compile time for literals), read many times.
///
///   path       = segment [ "(" occurrence ")" ] "-" field [ repetition ] [ "." component [ "."
///   subcomponent ] ] repetition = "(" number ")" | "(*)" | "[" component [ "." subcomponent ] "="
///   value "]" occurrence = number | "*"
///
/// All numbers count from 1. "PID-3-1", "PID.3.1" and "PID-3.1" are the same path. Without an
/// occurrence or a repetition the first is meant. "PID-3[5=MR].1" is component 1 of the first
/// repetition whose component 5 is MR. A path without a component means the whole field.
struct Path {
  static constexpr std::uint16_t all = 0xffff;
  static constexpr std::size_t match_size_max = 20;

  std::uint32_t segment = 0;     // simd::pack'ed
  std::uint16_t occurrence = 1;  // of the segment in the message; `all` for (*)
  std::uint16_t field = 0;       // 0: the segment identifier itself
  std::uint16_t repetition = 1;  // `all` for (*)
  std::uint16_t component = 0;   // 0: the whole field repetition
  std::uint16_t subcomponent = 0;
  std::uint16_t match_component = 0;  // not 0: the repetition is chosen by this component's text
  std::uint16_t match_subcomponent = 0;
  std::uint8_t match_size = 0;
  std::array<char, match_size_max> match_text{};

  constexpr std::string_view match() const noexcept { return {match_text.data(), match_size}; }
  constexpr bool has_match() const noexcept { return match_component != 0; }
  friend constexpr bool operator==(const Path&, const Path&) = default;

  /// Errors: bad_path, with the offset of the character that does not fit.
  static constexpr Result<Path> parse(std::string_view text);
};

namespace detail {

class PathParser {
 public:
  constexpr explicit PathParser(std::string_view text) : text_(text) {}

  constexpr Result<Path> parse() {
    if (!segment()) return failed();
    if (take('(')) {
      if (take('*'))
        path_.occurrence = Path::all;
      else if (!number(path_.occurrence))
        return failed();
      if (!take(')')) return failed();
    }
    if (!take('-') && !take('.')) return failed();
    if (!number(path_.field)) return failed();
    if (take('(')) {
      if (take('*'))
        path_.repetition = Path::all;
      else if (!number(path_.repetition))
        return failed();
      if (!take(')')) return failed();
    } else if (take('[')) {
      if (!match()) return failed();
    }
    if (take('.') || take('-')) {
      if (!number(path_.component)) return failed();
      if ((take('.') || take('-')) && !number(path_.subcomponent)) return failed();
    }
    if (at_ != text_.size()) return failed();
    return path_;
  }

 private:
  constexpr tl::unexpected<Error> failed() const { return fail(ErrorCode::bad_path, at_); }
  constexpr bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  constexpr bool segment() {
    for (std::uint32_t k = 0; k < 3; ++k, ++at_) {
      if (at_ == text_.size()) return false;
      char const c = text_[at_];
      bool const letter = c >= 'A' && c <= 'Z';
      bool const digit = c >= '0' && c <= '9';
      if (!letter && !(digit && k > 0)) return false;
      path_.segment |= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << (8 * k);
    }
    return true;
  }
  constexpr bool number(std::uint16_t& out) {
    std::uint32_t value = 0;
    std::size_t const begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && value < 6000)
      value = value * 10 + static_cast<std::uint32_t>(text_[at_++] - '0');
    out = static_cast<std::uint16_t>(value);
    return at_ > begin && value > 0 && value < Path::all;
  }
  constexpr bool match() {
    if (!number(path_.match_component)) return false;
    if (take('.') && !number(path_.match_subcomponent)) return false;
    if (!take('=')) return false;
    while (at_ < text_.size() && text_[at_] != ']') {
      if (path_.match_size == Path::match_size_max) return false;
      path_.match_text[path_.match_size++] = text_[at_++];
    }
    return take(']');
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Path path_;
};

}  // namespace detail

constexpr Result<Path> Path::parse(std::string_view text) {
  return detail::PathParser(text).parse();
}

namespace literals {
/// "PID-5.1"_path; a wrong path does not compile.
consteval Path operator""_path(const char* text, std::size_t size) {
  return Path::parse({text, size}).value();
}
}  // namespace literals

}  // namespace hl7flow
