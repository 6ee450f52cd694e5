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
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unordered_set>
#include <vector>

#include <hl7flow/parsers/linkage/person_registry.h>

namespace {

using namespace hl7flow::linkage;
using Clock = std::chrono::steady_clock;

/// SplitMix (Steele and others, 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t x = state_ += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
  }
  std::uint32_t below(std::uint32_t count) {
    return static_cast<std::uint32_t>((next() >> 32) * count >> 32);
  }
  double share() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

/// Names as frequent as names are: the k-th has one in k of the first's (Zipf).
class Names {
 public:
  Names(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    std::unordered_set<std::string> known;
    constexpr std::string_view consonants = "bcdfghjklmnprstvw", vowels = "aeiou";
    while (names_.size() < count) {
      std::string name;
      for (std::uint32_t n = 2 + random.below(3); n > 0; --n) {
        name += consonants[random.below(17)];
        name += vowels[random.below(5)];
        if (random.below(4) == 0) name += consonants[random.below(17)];
      }
      if (known.insert(name).second) names_.push_back(name);
    }
    double sum = 0;
    for (std::size_t k = 0; k < count; ++k)
      sums_.push_back(sum += 1 / (static_cast<double>(k) + 2.7));
  }
  const std::string& one(Random& random) const {
    double const at = random.share() * sums_.back();
    auto const found = std::lower_bound(sums_.begin(), sums_.end(), at);
    return names_[static_cast<std::size_t>(found - sums_.begin())];
  }

 private:
  std::vector<std::string> names_;
  std::vector<double> sums_;
};

struct Described {
  std::string given, family, born, sex, address, postcode, phone, identifier;
};

struct World {
  Names given{5000, 1}, family{100'000, 2}, streets{20'000, 3};

  std::string digits(Random& random, int count) const {
    std::string made(1, static_cast<char>('1' + random.below(9)));
    while (static_cast<int>(made.size()) < count) made += static_cast<char>('0' + random.below(10));
    return made;
  }
  std::string date(Random& random) const {
    char text[16];
    std::snprintf(text, sizeof text, "%04u%02u%02u", 1926 + random.below(100), 1 + random.below(12),
                  1 + random.below(28));
    return text;
  }
  void move(Described& one, Random& random) const {
    one.address = std::to_string(1 + random.below(2000)) + " " + streets.one(random) + " street";
    one.postcode = digits(random, 5);
  }
  Described person(std::uint64_t number) const {
    Random random(number * 0x1234567 + 99);
    Described one{given.one(random),
                  family.one(random),
                  date(random),
                  random.below(2) == 0 ? "F" : "M",
                  "",
                  "",
                  digits(random, 10),
                  digits(random, 9)};
    move(one, random);
    return one;
  }
  void mistake(Described& one, Random& random) const {
    switch (random.below(7)) {
      case 0:
        one.given[random.below(static_cast<std::uint32_t>(one.given.size()))] =
            static_cast<char>('a' + random.below(26));
        break;
      case 1:
        one.family[random.below(static_cast<std::uint32_t>(one.family.size()))] =
            static_cast<char>('a' + random.below(26));
        break;
      case 2:
        one.phone.clear();
        break;
      case 3:
        one.identifier.clear();
        break;
      case 4:
        move(one, random);
        break;
      case 5:
        one.born[3] = one.born[3] == '9' ? '0' : static_cast<char>(one.born[3] + 1);
        break;
      default:
        one.family = family.one(random);
        break;
    }
  }
};

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
  Random random(777);
  for (std::uint64_t pass = 0; pass < passes; ++pass) {
    all.clear();
    found.clear();
    std::vector<std::uint64_t> truth;
    for (std::uint64_t k = 0; k < queries; ++k) {
      std::uint64_t const record = known + pass * queries + k + 1;
      bool const is_known = random.below(5) != 0;
      std::uint64_t const person = is_known ? random.next() % known : record;
      Described one = world.person(person);
      if (is_known)
        for (std::uint32_t n = random.below(4); n > 0; --n) world.mistake(one, random);
      truth.push_back(is_known ? person : UINT64_MAX);
      all.push_back(evidence_of(record, one));
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
