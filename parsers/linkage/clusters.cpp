#include <hl7flow/parsers/linkage/clusters.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <unordered_map>

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

/// Which groups are known to be two persons: few.
class Strangers {
 public:
  void add(const std::vector<RecordPair>& pairs, Groups& groups) {
    for (RecordPair const& pair : pairs) {
      std::uint32_t const a = groups.leader(pair.a), b = groups.leader(pair.b);
      if (a == b) continue;
      of_[a].push_back(pair.b);
      of_[b].push_back(pair.a);
    }
  }
  bool are(std::uint32_t a, std::uint32_t b, Groups& groups) const {
    auto const found = of_.find(a);
    return found != of_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [&](std::uint32_t record) { return groups.leader(record) == b; });
  }
  /// Two groups have become one, under the name of either.
  void join(std::uint32_t a, std::uint32_t b, std::uint32_t leader) {
    if (of_.empty()) return;
    std::vector<std::uint32_t> all;
    for (std::uint32_t const one : {a, b})
      if (auto const found = of_.find(one); found != of_.end()) {
        all.insert(all.end(), found->second.begin(), found->second.end());
        of_.erase(found);
      }
    if (!all.empty()) of_[leader] = std::move(all);
  }

 private:
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> of_;  // by leader: of its members
};

RecordPair in_order(std::uint32_t a, std::uint32_t b) {
  return a < b ? RecordPair{a, b} : RecordPair{b, a};
}

/// Which marks the members of a group have: of most groups, none.
class GroupMarks {
 public:
  explicit GroupMarks(const Marks& marks) : marks_(marks), sets_(marks.of.size()) {
    for (std::size_t k = 0; k < sets_.size(); ++k) sets_[k] = set_of(k);
  }
  /// By leaders.
  bool may_be_two(std::uint32_t a, std::uint32_t b) const {
    if (sets_.empty() || sets_[a] == 0 || sets_[b] == 0) return false;
    return sets_[a] != sets_[b] || !std::has_single_bit(sets_[a]);
  }
  bool are_two(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) const {
    for (std::uint32_t const x : a)
      for (std::uint32_t const y : b)
        if (set_of(x) != 0 && set_of(y) != 0 && set_of(x) != set_of(y) &&
            marks_.are_two(in_order(x, y)))
          return true;
    return false;
  }
  void join(std::uint32_t a, std::uint32_t b, std::uint32_t leader) {
    if (!sets_.empty()) sets_[leader] = sets_[a] | sets_[b];
  }

 private:
  std::uint8_t set_of(std::size_t record) const {
    return static_cast<std::uint8_t>(1u << marks_.of[record] & ~1u);
  }

  const Marks& marks_;
  std::vector<std::uint8_t> sets_;  // by leader
};

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
                                   std::span<const std::uint32_t> sources, const KnownPairs& known,
                                   const Marks& marks) {
  std::erase_if(pairs, [&](ScoredPair const& one) { return one.bits < options.link_bits; });
  std::sort(pairs.begin(), pairs.end(), [](ScoredPair const& x, ScoredPair const& y) {
    if (x.bits != y.bits) return x.bits > y.bits;
    return x.pair < y.pair;
  });
  Groups groups(records);
  // What the model alone would join: who fits one of these fits the person.
  std::optional<Groups> apart_from_known;
  if (!known.together.empty()) apart_from_known.emplace(records);
  Groups& strands = apart_from_known ? *apart_from_known : groups;
  Strangers strangers;
  strangers.add(known.apart, groups);
  GroupMarks group_marks(marks);
  auto const join = [&](std::uint32_t a, std::uint32_t b) {
    groups.join(a, b);
    strangers.join(a, b, groups.leader(a));
    group_marks.join(a, b, groups.leader(a));
  };
  for (RecordPair const& pair : known.together) {
    std::uint32_t const a = groups.leader(pair.a), b = groups.leader(pair.b);
    if (a != b && !strangers.are(a, b, groups)) join(a, b);
  }
  std::vector<std::uint32_t> members_a, members_b;
  auto const shares_source = [&] {
    for (std::uint32_t const x : members_a)
      for (std::uint32_t const y : members_b)
        if (sources[x] == sources[y]) return true;
    return false;
  };
  for (ScoredPair const& one : pairs) {
    std::uint32_t const a = groups.leader(one.pair.a), b = groups.leader(one.pair.b);
    std::uint32_t const x = strands.leader(one.pair.a), y = strands.leader(one.pair.b);
    if (x == y) continue;
    if (a != b && strangers.are(a, b, groups)) continue;
    if (a != b && options.one_of_each_source) {
      groups.members(a, members_a);
      groups.members(b, members_b);
      if (shares_source()) continue;
    }
    if (a != b && group_marks.may_be_two(a, b)) {
      groups.members(a, members_a);
      groups.members(b, members_b);
      if (group_marks.are_two(members_a, members_b)) continue;
    }
    strands.members(x, members_a);
    strands.members(y, members_b);
    bool const single = members_a.size() == 1 && members_b.size() == 1;
    if (!single && mean_between(members_a, members_b, options, score) < options.guard_bits)
      continue;
    if (apart_from_known) strands.join(x, y);
    if (a != b) join(a, b);
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
