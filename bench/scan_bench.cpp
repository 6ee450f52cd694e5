// Structural scans: all six delimiters of HL7, and simdjson's stage 1 of JSON.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <bench/corpus.h>

#include <memory>
#include <vector>

#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow::bench {
namespace {

constexpr simd::Needles delimiters{{'|', '^', '~', '\\', '&', '\r'}, 6};

bool same_as_scalar(const simd::Kernel& kernel, std::vector<std::uint32_t>& marks) {
  std::vector<std::uint32_t> expected(marks.size());
  for (TextBuffer const& block : hl7_corpus().blocks) {
    std::size_t const count = kernel.scan(block.data(), 0, block.size(), delimiters, marks.data());
    std::size_t const wanted =
        simd::scalar.scan(block.data(), 0, block.size(), delimiters, expected.data());
    if (count != wanted || !std::equal(marks.data(), marks.data() + count, expected.data()))
      return false;
  }
  return true;
}

void scan_with(benchmark::State& state, const simd::Kernel& kernel) {
  if (!kernel.supported()) return state.SkipWithError("this machine lacks the instructions");
  Corpus const& corpus = hl7_corpus();
  std::vector<std::uint32_t> marks(block_size + simd::slack);
  if (state.thread_index() == 0 && !same_as_scalar(kernel, marks))
    return state.SkipWithError("not what the scalar kernel finds");
  for (auto _ : state)
    for (TextBuffer const& block : corpus.blocks)
      benchmark::DoNotOptimize(
          kernel.scan(block.data(), 0, block.size(), delimiters, marks.data()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(corpus.bytes));
}

using Stage1 = std::unique_ptr<simdjson::internal::dom_parser_implementation>;

Stage1 make(const simdjson::implementation& implementation) {
  Stage1 parser;
  if (implementation.create_dom_parser_implementation(json_block_size, 16, parser) !=
      simdjson::SUCCESS)
    parser.reset();
  return parser;
}

std::uint32_t structurals(simdjson::internal::dom_parser_implementation& parser,
                          const TextBuffer& block) {
  auto const failed = parser.stage1(reinterpret_cast<const std::uint8_t*>(block.data()),
                                    block.size(), simdjson::stage1_mode::regular);
  return failed ? 0 : parser.n_structural_indexes;
}

void stage1_with(benchmark::State& state, const char* name) {
  auto const& all = simdjson::get_available_implementations();
  auto const* const chosen = name == nullptr ? &*simdjson::get_active_implementation() : all[name];
  if (chosen == nullptr || !chosen->supported_by_runtime_system())
    return state.SkipWithError("this machine lacks the instructions");
  Corpus const& corpus = json_corpus();
  Stage1 const parser = make(*chosen);
  Stage1 const reference = make(*all["fallback"]);
  if (!parser || !reference) return state.SkipWithError("simdjson gives no parser");
  if (structurals(*parser, corpus.blocks[0]) != structurals(*reference, corpus.blocks[0]))
    return state.SkipWithError("not what simdjson's fallback finds");
  for (auto _ : state)
    for (TextBuffer const& block : corpus.blocks)
      benchmark::DoNotOptimize(structurals(*parser, block));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(corpus.bytes));
}

void scan(benchmark::State& state) { scan_with(state, simd::active()); }
void stage1(benchmark::State& state) { stage1_with(state, nullptr); }
BENCHMARK(scan);
BENCHMARK(stage1)->Name("simdjson_stage1");

#if defined(__x86_64__)
void scan_avx2(benchmark::State& state) { scan_with(state, simd::avx2); }
void stage1_avx2(benchmark::State& state) { stage1_with(state, "haswell"); }
BENCHMARK(scan_avx2);
BENCHMARK(stage1_avx2)->Name("simdjson_stage1_avx2");
#endif

}  // namespace
}  // namespace hl7flow::bench
