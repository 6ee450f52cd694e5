#include <hl7flow/parsers/linkage/clusters.h>

#include <algorithm>
#include <numeric>

namespace hl7flow::linkage {

namespace {

class Groups {
 public:
  explicit Groups(std::size_t records) : leader_(records), members_(records) {
    std::iota(leader_.begin(), leader_.end(), 0u);
    for (std::uint32_t k = 0; k < records; ++k) members_[k] = {k};
  }
  std::uint32_t leader(std::uint32_t record) {
    while (leader_[record] != record) record = leader_[record] = leader_[leader_[record]];
    return record;
  }
  const std::vector<std::uint32_t>& members(std::uint32_t leader) const { return members_[leader]; }
  void join(std::uint32_t a, std::uint32_t b) {
    if (members_[a].size() < members_[b].size()) std::swap(a, b);
    leader_[b] = a;
    members_[a].insert(members_[a].end(), members_[b].begin(), members_[b].end());
    members_[b] = {};
  }

 private:
  std::vector<std::uint32_t> leader_;
  std::vector<std::vector<std::uint32_t>> members_;
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
  auto const shares_source = [&](std::uint32_t a, std::uint32_t b) {
    for (std::uint32_t const x : groups.members(a))
      for (std::uint32_t const y : groups.members(b))
        if (sources[x] == sources[y]) return true;
    return false;
  };
  for (ScoredPair const& one : pairs) {
    std::uint32_t const a = groups.leader(one.pair.a), b = groups.leader(one.pair.b);
    if (a == b) continue;
    if (options.one_of_each_source && shares_source(a, b)) continue;
    bool const single = groups.members(a).size() == 1 && groups.members(b).size() == 1;
    if (!single &&
        mean_between(groups.members(a), groups.members(b), options, score) < options.guard_bits)
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
