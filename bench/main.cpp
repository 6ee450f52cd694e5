// hl7flow_bench [--json FILE] [Google Benchmark's own options]
// Exit codes: 0 all rows hold, 1 one does not or could not be measured, 64 usage, 74 cannot write.
#include <benchmark/benchmark.h>

#include <bench/report.h>

#include <cstdio>
#include <string>
#include <vector>

#include <mimalloc.h>
#include <sched.h>

namespace {

/// To the last core this process may use: the first serves interrupts.
int pin() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 0;
  int const cores = CPU_COUNT(&allowed);
  int last = CPU_SETSIZE - 1;
  while (last > 0 && !CPU_ISSET(last, &allowed)) --last;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(last, &one);
  sched_setaffinity(0, sizeof one, &one);
  return cores;
}

}  // namespace

int main(int count, char** values) {
  // Large pages for every contender: else the page tables are measured too.
  mi_option_enable(mi_option_large_os_pages);
  // Taking turns in random order, so that a noisy neighbour meets all; the user's options win.
  std::vector<std::string> given{values[0], "--benchmark_repetitions=7",
                                 "--benchmark_enable_random_interleaving=true",
                                 "--benchmark_min_time=0.2"};
  std::string json;
  for (int k = 1; k < count; ++k) {
    std::string const value = values[k];
    if (value == "--json" && k + 1 < count)
      json = values[++k];
    else
      given.push_back(value);
  }
  std::vector<char*> arguments;
  for (std::string& value : given) arguments.push_back(value.data());
  int argument_count = static_cast<int>(arguments.size());
  benchmark::Initialize(&argument_count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(argument_count, arguments.data())) return 64;

  int const cores = pin();
  hl7flow::bench::Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  std::printf("%s, one of %d cores\n\n", hl7flow::bench::cpu_name().c_str(), cores);
  collector.print_benchmarks();
  auto const rows = collector.rows();
  if (!rows.empty()) std::printf("\n");
  if (!rows.empty()) hl7flow::bench::print_rows(rows);
  bool good = collector.errors().empty();
  for (auto const& row : rows) good = good && row.holds;
  for (std::string const& error : collector.errors())
    std::fprintf(stderr, "hl7flow_bench: %s\n", error.c_str());
  if (!json.empty() && !hl7flow::bench::write_json(rows, json)) {
    std::fprintf(stderr, "hl7flow_bench: cannot write %s\n", json.c_str());
    return 74;
  }
  return good ? 0 : 1;
}
