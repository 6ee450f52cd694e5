#include <hl7flow/parsers/linkage/one_counterpart.h>

#include <algorithm>
#include <cmath>

namespace hl7flow::linkage {

namespace {

// No list is complete: so many of a hundred are in no other, however many were found.
constexpr double alone_least = 0.01;
// Sums of odds, less one of them, stay exact enough.
constexpr double bits_most = 40;

double odds_of(double bits) { return std::exp2(std::min(bits, bits_most)); }

/// A number for each record and each list that it may have a counterpart in.
class Sums {
 public:
  Sums(std::size_t records, std::size_t lists) : lists_(lists), sums_(records * lists) {}
  double& at(std::uint32_t record, std::uint32_t list) { return sums_[record * lists_ + list]; }

 private:
  std::size_t lists_;
  std::vector<double> sums_;
};

/// The share of a list's records that have no counterpart in another list.
class Alone {
 public:
  Alone(std::span<const std::uint32_t> sources, std::size_t lists, Sums& odds)
      : lists_(lists), share_(lists * lists) {
    std::vector<double> sizes(lists);
    for (std::uint32_t record = 0; record < sources.size(); ++record) {
      sizes[sources[record]] += 1;
      for (std::uint32_t list = 0; list < lists; ++list)
        share_[sources[record] * lists + list] += odds.at(record, list) >= 1 ? 1 : 0;
    }
    for (std::size_t k = 0; k < share_.size(); ++k) {
      double const size = sizes[k / lists], found = share_[k];
      share_[k] = std::max(alone_least, (size - found + 1) / (size + 2));
    }
  }
  double share(std::uint32_t list, std::uint32_t other) const {
    return share_[list * lists_ + other];
  }

 private:
  std::size_t lists_;
  std::vector<double> share_;
};

}  // namespace

void weigh_against_rivals(std::vector<ScoredPair>& pairs, std::span<const std::uint32_t> sources) {
  std::size_t lists = 0;
  for (std::uint32_t const source : sources) lists = std::max<std::size_t>(lists, source + 1u);
  Sums odds(sources.size(), lists), open(sources.size(), lists), rivals(sources.size(), lists);
  for (auto const& [pair, bits] : pairs) {
    odds.at(pair.a, sources[pair.b]) += odds_of(bits);
    odds.at(pair.b, sources[pair.a]) += odds_of(bits);
  }
  Alone const alone(sources, lists, odds);
  /// The odds of a pair, as far as nobody else has the record already.
  auto const while_open = [&](std::uint32_t record, std::uint32_t other, double its) {
    return its / (1 + std::max(0.0, odds.at(record, sources[other]) - its));
  };
  for (auto const& [pair, bits] : pairs) {
    open.at(pair.a, sources[pair.b]) += while_open(pair.b, pair.a, odds_of(bits));
    open.at(pair.b, sources[pair.a]) += while_open(pair.a, pair.b, odds_of(bits));
  }
  /// The odds that a record takes another for its counterpart, all its candidates considered.
  auto const takes = [&](std::uint32_t record, std::uint32_t other, double its) {
    double const others =
        std::max(0.0, open.at(record, sources[other]) - while_open(other, record, its));
    return std::min(its / (alone.share(sources[record], sources[other]) + others),
                    std::exp2(bits_most));
  };
  for (auto const& [pair, bits] : pairs) {
    rivals.at(pair.a, sources[pair.b]) += takes(pair.b, pair.a, odds_of(bits));
    rivals.at(pair.b, sources[pair.a]) += takes(pair.a, pair.b, odds_of(bits));
  }
  /// The odds of the pair from a record's side: the other one takes it, and no rival does.
  auto const is_taken = [&](std::uint32_t record, std::uint32_t other, double its) {
    double const by_other = takes(other, record, its);
    return by_other / (1 + std::max(0.0, rivals.at(record, sources[other]) - by_other));
  };
  for (auto& [pair, bits] : pairs) {
    double const its = odds_of(bits);
    double const both = std::min(is_taken(pair.a, pair.b, its), is_taken(pair.b, pair.a, its));
    // What was more than sums can hold is as sure as before.
    bits = static_cast<float>(static_cast<double>(bits) + std::log2(both / its));
  }
}

}  // namespace hl7flow::linkage
