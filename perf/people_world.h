#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

// A made-up population for the rows find_or_create_*: the same persons in every run.
namespace hl7flow::perf {

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

/// The records that come once `known` persons are there: four of five are of a known person, with
/// up to three errors, the others are of new ones.
class Arrivals {
 public:
  Arrivals(const World& world, std::uint64_t known) : world_(world), known_(known) {}

  struct Arrival {
    std::uint64_t record, person;
    bool is_known;
    Described described;
  };
  Arrival next() {
    Arrival made;
    made.record = known_ + ++count_;
    made.is_known = random_.below(5) != 0;
    made.person = made.is_known ? random_.next() % known_ : made.record;
    made.described = world_.person(made.person);
    if (made.is_known)
      for (std::uint32_t n = random_.below(4); n > 0; --n) world_.mistake(made.described, random_);
    return made;
  }

 private:
  const World& world_;
  std::uint64_t const known_;
  std::uint64_t count_ = 0;
  Random random_{777};
};

}  // namespace hl7flow::perf
