// Find or create a person, on one core, in memory. Usage: find_or_create_perf PERSONS QUERIES
// PASSES
//
// So many persons are known first. Then, PASSES times, records come, each with an identifier that
// is new: four of five are of a known person with up to three errors, the others are of new ones.
// Prints JSON: per_second (median), right, wrong (joined to another person), missed, fill_seconds,
// bytes_a_record. Evidence is ready when the clock runs: taking it from messages is done on all
// threads.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <hl7flow/parsers/linkage/person_registry.h>

#include "perf/people_world.h"

namespace {

using namespace hl7flow::linkage;
using namespace hl7flow::perf;
using Clock = std::chrono::steady_clock;

Evidence evidence_of(std::uint64_t record, const Described& one) {
  Evidence made;
  made.record = {record, record * 0x9e3779b97f4a7c15u};
  made.said = 0x7f;
  made.at = 1;
  PersonTexts texts;
  texts.given_name = one.given;
  texts.family_name = one.family;
  texts.birth_date = one.born;
  texts.sex = one.sex;
  texts.address_line = one.address;
  texts.postcode = one.postcode;
  texts.phone = one.phone;
  texts.identifier = one.identifier;
  made.person = pack(texts);
  made.keys = block_keys(made.person);
  return made;
}

bool apply_all(PersonRegistry& persons, const std::vector<Evidence>& all,
               std::vector<PersonNumber>& found) {
  constexpr std::size_t far = 16, near = 8;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (k + far < all.size()) persons.prefetch_keys(all[k + far]);
    if (k + near < all.size()) persons.prefetch_records(all[k + near]);
    auto const done = persons.apply(all[k]);
    if (!done) return false;
    found.push_back(done->person);
  }
  return true;
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4)
    return std::fputs("usage: find_or_create_perf PERSONS QUERIES PASSES\n", stderr), 2;
  std::uint64_t const known = std::strtoull(argv[1], nullptr, 10);
  std::uint64_t const queries = std::strtoull(argv[2], nullptr, 10);
  std::uint64_t const passes = std::strtoull(argv[3], nullptr, 10);
  World const world;
  RegistryOptions options;
  options.records_max = static_cast<std::uint32_t>(known + queries * passes + 10);
  PersonRegistry persons(options);
  std::vector<Evidence> all;
  std::vector<PersonNumber> found, person_of_known;
  auto const began = Clock::now();
  for (std::uint64_t k = 0; k < known;) {
    all.clear();
    for (; all.size() < 100'000 && k < known; ++k)
      all.push_back(evidence_of(k + 1, world.person(k)));
    if (!apply_all(persons, all, person_of_known)) return 1;
  }
  double const fill_seconds = seconds_since(began);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  double const bytes = static_cast<double>(usage.ru_maxrss) * 1024 / static_cast<double>(known);
  std::vector<double> rates;
  std::uint64_t right = 0, wrong = 0, missed = 0;
  Arrivals arrivals(world, known);
  for (std::uint64_t pass = 0; pass < passes; ++pass) {
    all.clear();
    found.clear();
    std::vector<std::uint64_t> truth;
    for (std::uint64_t k = 0; k < queries; ++k) {
      Arrivals::Arrival const one = arrivals.next();
      truth.push_back(one.is_known ? one.person : UINT64_MAX);
      all.push_back(evidence_of(one.record, one.described));
    }
    auto const start = Clock::now();
    if (!apply_all(persons, all, found)) return 1;
    rates.push_back(static_cast<double>(queries) / seconds_since(start));
    for (std::uint64_t k = 0; k < queries; ++k) {
      auto const own = static_cast<PersonNumber>(known + pass * queries + k);
      bool const created = found[k] == own;
      if (truth[k] == UINT64_MAX ? created : found[k] == person_of_known[truth[k]]) {
        ++right;
      } else {
        ++(created ? missed : wrong);
      }
    }
  }
  std::sort(rates.begin(), rates.end());
  std::printf(
      "{\"per_second\": %.0f, \"right\": %llu, \"wrong\": %llu, \"missed\": %llu, "
      "\"crowded\": %llu, \"fill_seconds\": %.1f, \"bytes_a_record\": %.0f}\n",
      rates[rates.size() / 2], static_cast<unsigned long long>(right),
      static_cast<unsigned long long>(wrong), static_cast<unsigned long long>(missed),
      static_cast<unsigned long long>(persons.crowded()), fill_seconds, bytes);
}
