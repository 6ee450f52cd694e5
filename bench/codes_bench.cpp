// Looking up codes: the store's table against boost::unordered_flat_map with XXH3, which is the
// fastest general map there is. Codes look as they do in messages (LOINC, ICD-10-CM, RxNorm and NDC
// forms), stand in a text between delimiters, and come in random order, each in the table.
#include <benchmark/benchmark.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/codes/store_builder.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow::bench {
namespace {

struct Xxh3 {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return XXH3_64bits(text.data(), text.size());
  }
};
using FlatMap = boost::unordered_flat_map<std::string, std::uint32_t, Xxh3, std::equal_to<>>;

std::string code_number(std::uint32_t k) {
  std::string const number = std::to_string(k / 4 + 10);
  switch (k % 4) {
    case 0:
      return number + '-' + static_cast<char>('0' + k % 10);
    case 1: {
      std::string code(1, static_cast<char>('A' + k % 26));
      code += static_cast<char>('0' + k / 26 % 10);
      code += static_cast<char>('0' + k / 260 % 10);
      return code + '.' + number;
    }
    case 2:
      return number + "77";
    default:
      return std::string(11 - number.size(), '0') + number;
  }
}

struct Contest {
  explicit Contest(std::uint32_t count) {
    std::mt19937 random(count);
    codes::StoreBuilder builder;
    codes::SystemFacts facts;
    facts.name = "TEST";
    codes::SystemId const system = builder.system(facts);
    std::vector<std::string> all;
    for (std::uint32_t k = 0; k < count; ++k) {
      all.push_back(code_number(k));
      codes::ConceptFacts one;
      one.code = all.back();
      map.emplace(all.back(), builder.add(system, one));
    }
    bytes = *builder.build("bench", "");
    store = *codes::CodeStore::view(bytes);
    constexpr std::size_t query_count = 1 << 20;
    std::vector<std::size_t> places;
    for (std::size_t k = 0; k < query_count; ++k) {
      std::string const& code = all[random() % all.size()];
      text += "OBX|1|NM|";
      places.push_back(text.size());
      text += code + "^^LN|";
    }
    text.append(16, '\r');  // padding
    for (std::size_t const place : places) {
      std::size_t const end = text.find('^', place);
      queries.emplace_back(text.data() + place, end - place);
    }
    found.resize(queries.size());
  }

  std::vector<std::byte> bytes;
  codes::CodeStore store;
  FlatMap map;
  std::string text;
  std::vector<std::string_view> queries;
  std::vector<std::uint32_t> found;
};

/// Made when first asked for, kept for the peer's turns.
Contest& contest(std::int64_t count) {
  static std::vector<std::pair<std::int64_t, std::unique_ptr<Contest>>> made;
  for (auto const& [size, one] : made)
    if (size == count) return *one;
  made.emplace_back(count, std::make_unique<Contest>(static_cast<std::uint32_t>(count)));
  return *made.back().second;
}

void look_up(benchmark::State& state, std::int64_t count) {
  Contest& one = contest(count);
  for (auto _ : state) {
    one.store.find_many(0, one.queries, one.found.data());
    benchmark::DoNotOptimize(one.found.data());
  }
  for (std::size_t k = 0; k < one.queries.size(); k += 97)
    if (one.found[k] != one.map.find(one.queries[k])->second) state.SkipWithError("wrong answer");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(one.queries.size()));
}

void look_up_one_by_one(benchmark::State& state, std::int64_t count) {
  Contest& one = contest(count);
  for (auto _ : state) {
    for (std::size_t k = 0; k < one.queries.size(); ++k)
      one.found[k] = one.store.find(0, one.queries[k]);
    benchmark::DoNotOptimize(one.found.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(one.queries.size()));
}

void look_up_boost(benchmark::State& state, std::int64_t count) {
  Contest& one = contest(count);
  for (auto _ : state) {
    for (std::size_t k = 0; k < one.queries.size(); ++k)
      one.found[k] = one.map.find(one.queries[k])->second;
    benchmark::DoNotOptimize(one.found.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(one.queries.size()));
}

BENCHMARK_CAPTURE(look_up, 100k, 100'000)->Name("lookup_100k");
BENCHMARK_CAPTURE(look_up, 400k, 400'000)->Name("lookup_400k");
BENCHMARK_CAPTURE(look_up, 1m, 1'000'000)->Name("lookup_1m");
BENCHMARK_CAPTURE(look_up_one_by_one, 1m, 1'000'000)->Name("lookup_1m_one_by_one");
BENCHMARK_CAPTURE(look_up_boost, 100k, 100'000)->Name("boost_100k");
BENCHMARK_CAPTURE(look_up_boost, 400k, 400'000)->Name("boost_400k");
BENCHMARK_CAPTURE(look_up_boost, 1m, 1'000'000)->Name("boost_1m");

}  // namespace
}  // namespace hl7flow::bench
