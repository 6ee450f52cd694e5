// Loads a release of ICD-10-CM, makes a store of it, and asks it for every row of the order file:
// how many resolve to their code and have a parent that is found. Prints one line of JSON.
// Usage: hl7flow_perf_codes icd10 FOLDER

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/parsers/codes/code_resolver.h>

namespace {

using namespace hl7flow;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct Counted {
  std::size_t rows = 0, complete = 0;
};

/// True if the parent is one of the system's concepts, and above the code: a shorter code that it
/// begins with, or for a category a range.
bool has_parent(const codes::CodeStore& store, std::uint32_t subject) {
  std::uint32_t const parent = store.concepts()[subject].parent;
  if (parent >= store.concepts().size()) return false;
  std::string_view const code = store.code(subject), above = store.code(parent);
  return code.size() == 3
             ? above.size() == 7 && above[3] == '-' && above[0] <= code[0] && code[0] <= above[4]
             : code.starts_with(above) &&
                   store.find(store.concepts()[subject].system, above) == parent;
}

Counted count(const codes::CodeStore& store, std::string_view text) {
  Counted counted;
  codes::Resolver const resolver(store);
  codes::SystemId const system = store.find_system("ICD-10-CM");
  while (!text.empty()) {
    std::string_view const line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.size() < 15) continue;
    ++counted.rows;
    codes::Answer const answer =
        resolver.resolve({line.substr(6, 7), "ICD-10-CM", 20210101}, std::span(&system, 1));
    if (answer.found() && answer.target < store.concepts().size() &&
        has_parent(store, answer.target))
      ++counted.complete;
  }
  return counted;
}

int failed(const Failure& failure) {
  std::fprintf(stderr, "hl7flow_perf_codes: %s\n", failure.text.c_str());
  return 65;
}

}  // namespace

int main(int argument_count, char** arguments) {
  std::vector<std::string_view> const given(arguments + 1, arguments + argument_count);
  if (given.size() != 2 || given[0] != "icd10") {
    std::fputs("usage: hl7flow_perf_codes icd10 FOLDER\n", stderr);
    return 64;
  }
  auto const release = adapters::Release::open(given[1]);
  if (!release) return failed(release.error());
  auto const begin = Clock::now();
  codes::StoreBuilder builder;
  if (auto const loaded = adapters::load_icd10cm(builder, *release); !loaded)
    return failed(loaded.error());
  double const load_seconds = seconds_since(begin);
  auto const build_begin = Clock::now();
  auto const bytes = builder.build("icd10cm", "2021");
  if (!bytes) return failed(bytes.error());
  double const build_seconds = seconds_since(build_begin);
  auto const store = codes::CodeStore::view(*bytes);
  if (!store) return failed(store.error());
  auto const text = release->read(release->find("icd10cm*order*.txt"));
  if (!text) return failed(text.error());
  Counted const counted = count(*store, *text);
  std::printf(
      "{\"rows\": %zu, \"complete\": %zu, \"load_seconds\": %.4f, \"build_seconds\": %.4f, "
      "\"store_bytes\": %zu}\n",
      counted.rows, counted.complete, load_seconds, build_seconds, bytes->size());
  return 0;
}
