// UCUM: the public functional tests, and how fast units convert. Usage:
//   ucum_perf suite ESSENCE FILE ...      runs the cases; prints JSON: cases, listed, failed
//   ucum_perf convert ESSENCE PAIRS [--serve]
//                                         converts each line VALUE<tab>FROM<tab>TO of a file,
//                                         from the texts of both units; protocol of
//                                         perf/README.md

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/adapters/codes/ucum_essence.h>
#include <hl7flow/parsers/ucum/unit_cache.h>
#include <hl7flow/parsers/ucum/unit_table.h>

#include "tests/corpus/ucum_suite.h"

namespace {

using namespace hl7flow;

struct Pair {
  double value;
  std::string from, to;
};

/// Passes over the pairs for about half a second.
void pass(const ucum::UnitTable& table, const std::vector<Pair>& pairs) {
  ucum::UnitCache units(table);
  auto const begin = std::chrono::steady_clock::now();
  double seconds = 0, sum = 0;
  std::size_t count = 0;
  while (seconds < 0.5) {
    for (Pair const& pair : pairs) {
      const ucum::Unit *const from = units.parse(pair.from), *const to = units.parse(pair.to);
      if (from == nullptr || to == nullptr) continue;
      auto const conversion = ucum::Conversion::between(*from, *to);
      if (!conversion) continue;
      sum += (*conversion)(pair.value);
      ++count;
    }
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  std::printf("{\"reader\": \"hl7flow\", \"conversions_per_second\": %.0f, \"sum\": %.6g}\n",
              static_cast<double>(count) / seconds,
              sum / static_cast<double>(count) * static_cast<double>(pairs.size()));
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string> const given(arguments + 1, arguments + count);
  if (given.size() < 3 || (given[0] != "suite" && given[0] != "convert")) {
    std::fputs("usage: ucum_perf suite ESSENCE FILE ... | convert ESSENCE PAIRS [--serve]\n",
               stderr);
    return 64;
  }
  std::ifstream file(given[1], std::ios::binary);
  std::string const essence{std::istreambuf_iterator<char>(file), {}};
  auto const definitions = adapters::read_ucum_essence(essence);
  auto const table =
      definitions ? ucum::UnitTable::make(*definitions)
                  : Result<ucum::UnitTable, Failure>(tl::unexpected<Failure>(definitions.error()));
  if (!table) {
    std::fprintf(stderr, "ucum_perf: %s\n", table.error().text.c_str());
    return 65;
  }
  if (given[0] == "suite") {
    std::size_t cases = 0, listed = 0, failed = 0;
    for (std::size_t k = 2; k < given.size(); ++k) {
      auto const suite = test::UcumSuiteRunner(*table).run(given[k]);
      cases += suite.validations + suite.conversions + suite.products;
      listed += suite.listed;
      failed += suite.failures.size();
      for (std::string const& failure : suite.failures)
        std::fprintf(stderr, "%s\n", failure.c_str());
    }
    std::printf("{\"cases\": %zu, \"listed\": %zu, \"failed\": %zu}\n", cases, listed, failed);
    return 0;
  }
  std::ifstream lines(given[2]);
  std::vector<Pair> pairs;
  for (std::string line; std::getline(lines, line);) {
    std::size_t const first = line.find('\t'), second = line.rfind('\t');
    pairs.push_back({std::atof(line.c_str()), line.substr(first + 1, second - first - 1),
                     line.substr(second + 1)});
  }
  if (given.back() != "--serve") {
    pass(*table, pairs);
    return 0;
  }
  std::puts("ready");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) pass(*table, pairs);
}
