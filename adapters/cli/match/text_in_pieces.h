#pragma once

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <hl7flow/adapters/cli/match/threads.h>

namespace hl7flow::cli {

/// A text of `count` things, written on so many threads: write(begin, end, text) appends some.
template <class Write>
std::string text_in_pieces(std::string head, std::size_t count, std::size_t threads,
                           Write&& write) {
  std::vector<std::string> parts(threads);
  parts.front() = std::move(head);
  in_pieces(count, threads, [&](std::size_t begin, std::size_t end, std::size_t piece) {
    write(begin, end, parts[piece]);
  });
  std::string whole = std::move(parts.front());
  for (std::size_t k = 1; k < parts.size(); ++k) whole += std::exchange(parts[k], {});
  return whole;
}

template <class... Values>
void append_formatted(std::string& text, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
}

}  // namespace hl7flow::cli
