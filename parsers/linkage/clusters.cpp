#include <hl7flow/parsers/linkage/clusters.h>

#include <algorithm>
#include <numeric>

namespace hl7flow::linkage {

namespace {

/// Groups of records; each is a chain.
class Groups {
 public:
  explicit Groups(std::size_t records)
      : leader_(records), last_(records), next_(records, none), sizes_(records, 1) {
    std::iota(leader_.begin(), leader_.end(), 0u);
    std::iota(last_.begin(), last_.end(), 0u);
  }
  std::uint32_t leader(std::uint32_t record) {
    while (leader_[record] != record) record = leader_[record] = leader_[leader_[record]];
    return record;
  }
  void members(std::uint32_t leader, std::vector<std::uint32_t>& found) const {
    found.clear();
    for (std::uint32_t k = leader; k != none; k = next_[k]) found.push_back(k);
  }
  void join(std::uint32_t a, std::uint32_t b) {
    if (sizes_[a] < sizes_[b]) std::swap(a, b);
    leader_[b] = a;
    next_[last_[a]] = b;
    last_[a] = last_[b];
    sizes_[a] += sizes_[b];
  }

 private:
  static constexpr std::uint32_t none = ~0u;
  std::vector<std::uint32_t> leader_, last_, next_, sizes_;
};

RecordPair in_order(std::uint32_t a, std::uint32_t b) {
  return a < b ? RecordPair{a, b} : RecordPair{b, a};
}

/// The mean of the pairs between two groups, of at most `sample_max` that are spread over them.
double mean_between(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b,
                    const ClusterOptions& options, const std::function<double(RecordPair)>& score) {
  std::size_t const all = a.size() * b.size();
  std::size_t const count = std::min(all, options.sample_max);
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) {
    std::size_t const at = k * all / count;
    double const bits = score(in_order(a[at / b.size()], b[at % b.size()]));
    sum += std::clamp(bits, -options.clamp_bits, options.clamp_bits);
  }
  return sum / static_cast<double>(count);
}

}  // namespace

std::vector<std::uint32_t> cluster(std::size_t records, std::vector<ScoredPair> pairs,
                                   const ClusterOptions& options,
                                   const std::function<double(RecordPair)>& score,
                                   std::span<const std::uint32_t> sources) {
  std::erase_if(pairs, [&](ScoredPair const& one) { return one.bits < options.link_bits; });
  std::sort(pairs.begin(), pairs.end(), [](ScoredPair const& x, ScoredPair const& y) {
    if (x.bits != y.bits) return x.bits > y.bits;
    return x.pair.a != y.pair.a ? x.pair.a < y.pair.a : x.pair.b < y.pair.b;
  });
  Groups groups(records);
  std::vector<std::uint32_t> members_a, members_b;
  auto const shares_source = [&] {
    for (std::uint32_t const x : members_a)
      for (std::uint32_t const y : members_b)
        if (sources[x] == sources[y]) return true;
    return false;
  };
  for (ScoredPair const& one : pairs) {
    std::uint32_t const a = groups.leader(one.pair.a), b = groups.leader(one.pair.b);
    if (a == b) continue;
    groups.members(a, members_a);
    groups.members(b, members_b);
    if (options.one_of_each_source && shares_source()) continue;
    bool const single = members_a.size() == 1 && members_b.size() == 1;
    if (!single && mean_between(members_a, members_b, options, score) < options.guard_bits)
      continue;
    groups.join(a, b);
  }
  std::vector<std::uint32_t> first(records, ~0u), person(records);
  for (std::uint32_t k = 0; k < records; ++k) {
    std::uint32_t& least = first[groups.leader(k)];
    if (least == ~0u) least = k;
    person[k] = least;
  }
  return person;
}

}  // namespace hl7flow::linkage
