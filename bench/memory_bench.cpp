// The limits of the machine: how fast one core reads memory, and copies it.
#include <benchmark/benchmark.h>

#include <bench/corpus.h>

#include <cstring>
#include <memory>

#if defined(__x86_64__)
// GCC 12's own header initialises "undefined" vectors with themselves (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#endif

namespace hl7flow::bench {
namespace {

std::uint64_t fold_plain(const char* text, std::size_t size) {
  std::uint64_t folded[4] = {};
  for (std::size_t at = 0; at + 32 <= size; at += 32)
    for (std::size_t k = 0; k < 4; ++k) {
      std::uint64_t word;
      std::memcpy(&word, text + at + 8 * k, 8);
      folded[k] ^= word;
    }
  return folded[0] ^ folded[1] ^ folded[2] ^ folded[3];
}

#if defined(__x86_64__)
/// The fastest plain loop that was found: four accumulators of the widest vector, aligned.
[[gnu::target("avx512f")]] std::uint64_t fold_wide(const char* text, std::size_t size) {
  __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
  for (std::size_t at = 0; at + 256 <= size; at += 256) {
    a = _mm512_xor_si512(a, _mm512_loadu_si512(text + at));
    b = _mm512_xor_si512(b, _mm512_loadu_si512(text + at + 64));
    c = _mm512_xor_si512(c, _mm512_loadu_si512(text + at + 128));
    d = _mm512_xor_si512(d, _mm512_loadu_si512(text + at + 192));
  }
  __m512i const all = _mm512_xor_si512(_mm512_xor_si512(a, b), _mm512_xor_si512(c, d));
  alignas(64) std::uint64_t words[8];
  _mm512_store_si512(words, all);
  std::uint64_t folded = 0;
  for (std::uint64_t const word : words) folded ^= word;
  return folded;
}
#endif

using Fold = std::uint64_t (*)(const char*, std::size_t);

Fold best_fold() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return fold_wide;
#endif
  return fold_plain;
}

void read(benchmark::State& state) {
  Corpus const& corpus = hl7_corpus();
  Fold const fold = best_fold();
  for (auto _ : state)
    for (TextBuffer const& block : corpus.blocks)
      benchmark::DoNotOptimize(fold(block.data(), block.size()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(corpus.bytes));
}

void copy(benchmark::State& state) {
  Corpus const& corpus = hl7_corpus();
  static std::unique_ptr<char[]> const to(new char[corpus.bytes]);
  static bool const touched = std::memset(to.get(), 1, corpus.bytes) != nullptr;
  benchmark::DoNotOptimize(touched);
  for (auto _ : state) {
    char* at = to.get();
    for (TextBuffer const& block : corpus.blocks) {
      std::memcpy(at, block.data(), block.size());
      at += block.size();
    }
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(corpus.bytes));
}

BENCHMARK(read)->Name("read_bandwidth");
BENCHMARK(copy)->Name("memcpy");

}  // namespace
}  // namespace hl7flow::bench
