// From bytes to messages, segments and fields: framing, scanning, segment table, field index.
#include <benchmark/benchmark.h>

#include <bench/corpus.h>

#include <algorithm>

namespace hl7flow::bench {
namespace {

struct Counts {
  std::uint64_t messages = 0, segments = 0, marks = 0;
  bool operator==(const Counts&) const = default;
};

/// Where the block would be cut is searched as the file source does it; the block was cut there
/// when it was made, so the search must find its last message.
bool index_block(TextBuffer& block, Er7Index& index, Counts& counts) {
  std::size_t const cut = last_message_boundary(block.view(), 0);
  index_er7(block, {}, index);
  counts.messages += index.messages.size();
  counts.segments += index.segment_count();
  counts.marks += index.mark.size();
  return !index.messages.empty() && index.messages.back().raw_begin == cut;
}

Counts count_plainly(const Corpus& corpus) {
  Counts counts;
  for (TextBuffer const& block : corpus.blocks)
    for (char const c : block.view()) {
      counts.segments += c == '\r' ? 1 : 0;
      counts.marks += c == '\r' || c == '|' ? 1 : 0;
    }
  counts.messages = corpus.records;
  return counts;
}

void index(benchmark::State& state) {
  Corpus& corpus = hl7_corpus();
  static Counts const expected = count_plainly(corpus);
  Er7Index index;
  for (auto _ : state) {
    Counts counts;
    for (TextBuffer& block : corpus.blocks)
      if (!index_block(block, index, counts)) return state.SkipWithError("a wrong boundary");
    if (counts != expected) return state.SkipWithError("not what a plain loop counts");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(corpus.bytes));
}
BENCHMARK(index);

}  // namespace
}  // namespace hl7flow::bench
