#pragma once

#include <charconv>
#include <iterator>
#include <string>

namespace hl7flow {

/// The shortest text that reads as the same number. Does not depend on the locale.
template <class Number>
std::string number_text(Number number) {
  char text[32];  // longer than any number's
  return {std::begin(text), std::to_chars(std::begin(text), std::end(text), number).ptr};
}

}  // namespace hl7flow
