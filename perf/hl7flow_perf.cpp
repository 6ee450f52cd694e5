// Reads 24 values of each message of a file with the library's views and says how fast. The values,
// the checksum and the protocol on stdin and stdout are those of perf/README.md, the same as the
// peers'. Usage: hl7flow_perf extract24 FILE [--serve]

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/er7.h>

namespace {

using namespace hl7flow;

struct Place {
  std::uint16_t field;
  std::uint16_t component;
};

constexpr std::uint32_t msh = simd::pack('M', 'S', 'H');
constexpr std::uint32_t pid = simd::pack('P', 'I', 'D');
constexpr std::uint32_t pv1 = simd::pack('P', 'V', '1');
constexpr std::uint32_t obx = simd::pack('O', 'B', 'X');

constexpr Place in_msh[] = {{3, 1}, {4, 1}, {5, 1},  {6, 1}, {7, 1},
                            {9, 1}, {9, 2}, {10, 1}, {12, 1}};
constexpr Place in_pid[] = {{3, 1}, {5, 1}, {5, 2}, {7, 1}, {8, 1}, {11, 1}, {11, 3}};
constexpr Place in_pv1[] = {{2, 1}, {3, 1}, {19, 1}};
constexpr Place in_obx[] = {{2, 1}, {3, 1}, {5, 1}, {6, 1}, {11, 1}};
constexpr std::size_t value_count =
    std::size(in_msh) + std::size(in_pid) + std::size(in_pv1) + std::size(in_obx);
static_assert(value_count == 24);

// A block and what is made of it stay in the second-level cache.
constexpr std::size_t block_size = 256 << 10;

struct Input {
  std::string text;
  std::vector<std::string_view> blocks;  // of whole messages
  std::vector<char> counted;             // by message: no escape sequence in it
};

struct Pass {
  double seconds = 0;
  std::uint64_t messages = 0, values = 0, bytes = 0;
};

std::vector<std::string_view> cut(std::string_view text) {
  std::vector<std::string_view> blocks;
  while (!text.empty()) {
    std::size_t size = text.size();
    if (size > block_size) {
      size = last_message_boundary(text.substr(0, block_size), 1);
      if (size == std::string_view::npos) size = next_message_boundary(text, block_size);
      if (size == std::string_view::npos) size = text.size();
    }
    blocks.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return blocks;
}

template <std::size_t count>
std::string_view* take(const MessageView& message, std::uint32_t id, const Place (&places)[count],
                       std::string_view* out) {
  auto const segment = message.find(id);
  for (Place const place : places) {
    *out++ = segment ? segment->field(place.field).component(place.component).subcomponent(1).raw()
                     : std::string_view{};
  }
  return out;
}

class Extractor {
 public:
  Pass pass(const Input& input) {
    Pass result;
    std::array<std::string_view, value_count> values;
    auto const begin = std::chrono::steady_clock::now();
    for (std::string_view const block : input.blocks) {
      text_.clear();
      text_.append(block);
      index_.clear();
      index_er7(text_, {}, index_);
      for (std::size_t number = 0; number < index_.messages.size(); ++number) {
        MessageView const message(text_.data(), index_, number);
        std::string_view* out = take(message, msh, in_msh, values.data());
        out = take(message, pid, in_pid, out);
        out = take(message, pv1, in_pv1, out);
        take(message, obx, in_obx, out);
        if (input.counted[result.messages++] == 0) continue;
        for (std::string_view const value : values) {
          result.values += value.empty() ? 0 : 1;
          result.bytes += value.size();
        }
      }
    }
    std::chrono::duration<double> const taken = std::chrono::steady_clock::now() - begin;
    result.seconds = taken.count();
    return result;
  }

  /// Untimed: which messages have no escape sequence. MSH-2 itself holds the escape character.
  std::vector<char> counted(const Input& input) {
    std::vector<char> counted;
    for (std::string_view const block : input.blocks) {
      text_.clear();
      text_.append(block);
      index_.clear();
      index_er7(text_, {}, index_);
      for (const MessageEntry& entry : index_.messages) {
        std::string_view const raw = block.substr(entry.raw_begin, entry.raw_end - entry.raw_begin);
        counted.push_back(raw.find('\\', 9) == std::string_view::npos ? 1 : 0);
      }
    }
    return counted;
  }

 private:
  TextBuffer text_;
  Er7Index index_;
};

void report(const Pass& pass) {
  std::printf(
      "{\"reader\": \"hl7flow\", \"messages\": %llu, \"seconds\": %.6f, "
      "\"messages_per_second\": %.1f, \"checksum\": \"%llu:%llu\"}\n",
      static_cast<unsigned long long>(pass.messages), pass.seconds,
      static_cast<double>(pass.messages) / pass.seconds,
      static_cast<unsigned long long>(pass.values), static_cast<unsigned long long>(pass.bytes));
  std::fflush(stdout);
}

}  // namespace

int main(int argument_count, char** arguments) {
  std::vector<std::string_view> const given(arguments + 1, arguments + argument_count);
  if (given.size() < 2 || given[0] != "extract24") {
    std::fputs("usage: hl7flow_perf extract24 FILE [--serve]\n", stderr);
    return 64;
  }
  std::ifstream file(std::string(given[1]), std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "hl7flow_perf: cannot read %s\n", arguments[2]);
    return 66;
  }
  Input input;
  input.text.assign(std::istreambuf_iterator<char>(file), {});
  input.blocks = cut(input.text);
  Extractor extractor;
  input.counted = extractor.counted(input);
  extractor.pass(input);

  if (given.size() > 2 && given[2] == "--serve") {
    std::puts("ready");
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) report(extractor.pass(input));
    return 0;
  }
  std::array<Pass, 5> passes;
  for (Pass& pass : passes) pass = extractor.pass(input);
  std::sort(passes.begin(), passes.end(),
            [](const Pass& a, const Pass& b) { return a.seconds < b.seconds; });
  report(passes[passes.size() / 2]);
}
