// simdjson On-Demand, as its users read records: four fields of each, one line after the other.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <bench/corpus.h>

namespace hl7flow::bench {
namespace {

/// Of 256 KiB, 1 MB (its default), 4 MB and whole blocks, the fastest.
constexpr std::size_t batch_size = 4000000;

struct Sum {
  std::uint64_t records = 0, bytes = 0;
};

/// Fields in the order in which they stand, which is On-Demand's fastest way.
bool read_block(simdjson::ondemand::parser& parser, const TextBuffer& block, Sum& sum) {
  simdjson::ondemand::document_stream records;
  if (parser.iterate_many(block.data(), block.size(), batch_size).get(records)) return false;
  for (auto record : records) {
    std::string_view id, number, family, visit;
    simdjson::ondemand::object root, patient;
    if (record.get_object().get(root)) return false;
    if (root["id"].get_string().get(id)) return false;
    if (root["patient"].get_object().get(patient)) return false;
    if (patient["number"].get_string().get(number)) return false;
    if (patient["family"].get_string().get(family)) return false;
    if (root["visit"]["number"].get_string().get(visit)) return false;
    sum.records += 1;
    sum.bytes += id.size() + number.size() + family.size() + visit.size();
  }
  return true;
}

void on_demand(benchmark::State& state) {
#if defined(__AVX2__)
  if (!__builtin_cpu_supports("avx2"))
    return state.SkipWithError("this machine lacks the instructions");
#endif
  Corpus const& corpus = json_corpus();
  simdjson::ondemand::parser parser;
#ifdef SIMDJSON_THREADS_ENABLED
  parser.threaded = false;  // one core
#endif
  for (auto _ : state) {
    Sum sum;
    for (TextBuffer const& block : corpus.blocks)
      if (!read_block(parser, block, sum)) return state.SkipWithError("JSON that does not parse");
    // id, both numbers and at least three letters of a name in each
    if (sum.records != corpus.records || sum.bytes < corpus.records * (12 + 8 + 9 + 3))
      return state.SkipWithError("not all fields were read");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(corpus.bytes));
}
BENCHMARK(on_demand)->Name("simdjson_on_demand");

}  // namespace
}  // namespace hl7flow::bench
