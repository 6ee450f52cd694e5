#include <hl7flow/parsers/linkage/person_partition.h>

#include <algorithm>
#include <tuple>

namespace hl7flow::linkage {

namespace {

/// The keys of a pair, the smaller first.
template <class Pair>
std::pair<RecordKey, RecordKey> keys_of(const Pair& pair, std::span<const PartitionNode> nodes) {
  RecordKey const a = nodes[pair.a].key, b = nodes[pair.b].key;
  return a < b ? std::pair(a, b) : std::pair(b, a);
}

}  // namespace

bool PersonPartition::apart(std::uint32_t a, std::uint32_t b) const {
  return std::any_of(apart_.begin(), apart_.end(), [&](PartitionBond const& one) {
    std::uint32_t const x = group_[one.a], y = group_[one.b];
    return (x == a && y == b) || (x == b && y == a);
  });
}

void PersonPartition::join(std::uint32_t a, std::uint32_t b) {
  for (std::uint32_t const member : members_[b]) group_[member] = a;
  members_[a].insert(members_[a].end(), members_[b].begin(), members_[b].end());
  members_[b].clear();
}

/// Groups are called by any of their members; what is seen of two of them shall not depend on it.
void PersonPartition::put_in_order(std::uint32_t& a, std::uint32_t& b, Nodes nodes) {
  for (std::uint32_t const group : {a, b})
    std::sort(members_[group].begin(), members_[group].end(),
              [&](std::uint32_t x, std::uint32_t y) { return nodes[x].key < nodes[y].key; });
  if (nodes[members_[b].front()].key < nodes[members_[a].front()].key) std::swap(a, b);
}

bool PersonPartition::alike(std::uint32_t a, std::uint32_t b, Nodes nodes,
                            const PartitionOptions& options,
                            const std::function<float(std::uint32_t, std::uint32_t)>& score) {
  put_in_order(a, b, nodes);
  // Every so many pairs, if there are more than are looked at.
  std::size_t const all = members_[a].size() * members_[b].size();
  std::size_t const step = std::max<std::size_t>(1, all / options.sample_max);
  auto const& first = members_[a];
  auto const& second = members_[b];
  double sum = 0;
  for (std::size_t k = 0; k < all; k += step) {
    std::uint32_t const x = first[k / second.size()], y = second[k % second.size()];
    if (!nodes[x].is_described || !nodes[y].is_described) continue;
    sum += std::clamp(score(x, y), -options.clamp_bits, options.clamp_bits);
  }
  return sum > 0;
}

bool PersonPartition::in_doubt(std::uint32_t a, std::uint32_t b, Nodes nodes) {
  if (doubts_.empty()) return false;
  put_in_order(a, b, nodes);
  PairDoubts::Verdict const verdict = doubts_.between(a, b, members_[a], members_[b]);
  if (verdict.pair) kept_apart_.push_back({verdict.pair->first, verdict.pair->second});
  return verdict.are_apart;
}

void PersonPartition::join_bound(Nodes nodes, std::span<const PartitionBond> bonds) {
  bonds_.assign(bonds.begin(), bonds.end());
  std::sort(bonds_.begin(), bonds_.end(), [&](PartitionBond const& a, PartitionBond const& b) {
    // Of one authority, what holds apart comes first.
    return std::tuple(a.authority, !a.same, keys_of(b, nodes)) >
           std::tuple(b.authority, !b.same, keys_of(a, nodes));
  });
  apart_.clear();
  is_bound_.assign(nodes.size(), false);
  for (PartitionBond const& bond : bonds_) {
    if (!bond.same) {
      apart_.push_back(bond);
      continue;
    }
    is_bound_[bond.a] = is_bound_[bond.b] = true;
    std::uint32_t const a = group_[bond.a], b = group_[bond.b];
    if (a != b && !apart(a, b)) join(a, b);
  }
}

void PersonPartition::join_linked(Nodes nodes, const PartitionOptions& options,
                                  const std::function<float(std::uint32_t, std::uint32_t)>& score) {
  std::sort(links_.begin(), links_.end(), [&](PartitionLink const& a, PartitionLink const& b) {
    return a.bits != b.bits ? a.bits > b.bits : keys_of(a, nodes) < keys_of(b, nodes);
  });
  for (PartitionLink const& link : links_) {
    std::uint32_t const a = group_[link.a], b = group_[link.b];
    if (a == b || apart(a, b)) continue;
    bool const both_single = members_[a].size() == 1 && members_[b].size() == 1;
    if (!both_single && (in_doubt(a, b, nodes) || !alike(a, b, nodes, options, score))) continue;
    join(a, b);
    doubts_.joined(a, b);
  }
}

/// A record that joined by links alone, and has a link to another person that is nearly as good.
/// Who is held apart from a person by a doubt is not claimed by it.
void PersonPartition::find_contested(const PartitionOptions& options) {
  auto const count = static_cast<std::uint32_t>(group_.size());
  claims_.assign(count, {});
  for (PartitionLink const& link : links_)
    for (auto const& [k, other] : {std::pair(link.a, link.b), std::pair(link.b, link.a)}) {
      bool const is_inside = group_[k] == group_[other];
      const PartitionLink*& best = is_inside ? claims_[k].inside : claims_[k].outside;
      if (best == nullptr && (is_inside || !doubts_.forbids_any(k, members_[group_[other]])))
        best = &link;
    }
  for (std::uint32_t k = 0; k < count; ++k) {
    Claims const& claims = claims_[k];
    if (members_[group_[k]].size() < 2 || is_bound_[k] || claims.outside == nullptr) continue;
    if (claims.inside != nullptr &&
        claims.outside->bits <= claims.inside->bits - options.margin_bits)
      continue;
    contested_.push_back({k, claims});
  }
}

/// Of two records of one person the one that stays is the other: only those leave that have someone
/// to leave.
void PersonPartition::part_contested() {
  for (auto const& [k, claims] : contested_) {
    auto& members = members_[group_[k]];
    if (members.size() < 2) continue;
    std::erase(members, k);
    std::uint32_t const rest = members.front();
    if (group_[k] == k) {
      members_[rest].swap(members);
      for (std::uint32_t const member : members_[rest]) group_[member] = rest;
    }
    members_[k].assign(1, k);
    group_[k] = k;
  }
}

/// What came to be one in another way is not apart, and of two persons one pair is enough.
void PersonPartition::reduce_kept_apart() {
  auto const groups_of = [&](PartitionPair const& pair) {
    return std::minmax({group_[pair.a], group_[pair.b]});
  };
  std::erase_if(kept_apart_,
                [&](PartitionPair const& pair) { return group_[pair.a] == group_[pair.b]; });
  auto const by_groups = [&](PartitionPair const& x, PartitionPair const& y) {
    return groups_of(x) < groups_of(y);
  };
  std::stable_sort(kept_apart_.begin(), kept_apart_.end(), by_groups);
  auto const same = [&](PartitionPair const& x, PartitionPair const& y) {
    return groups_of(x) == groups_of(y);
  };
  kept_apart_.erase(std::unique(kept_apart_.begin(), kept_apart_.end(), same), kept_apart_.end());
}

const std::vector<std::uint32_t>& PersonPartition::divide(
    std::span<const PartitionNode> nodes, std::span<const PartitionBond> bonds,
    std::span<const PartitionLink> links, const PartitionOptions& options,
    const std::function<float(std::uint32_t, std::uint32_t)>& score, const PairDoubts::Ask& doubt) {
  auto const count = static_cast<std::uint32_t>(nodes.size());
  group_.resize(count);
  if (members_.size() < count) members_.resize(count);
  for (std::uint32_t k = 0; k < count; ++k) {
    group_[k] = k;
    members_[k].assign(1, k);
  }
  contested_.clear();
  kept_apart_.clear();
  links_.assign(links.begin(), links.end());
  if (count > options.linked_max) links_.clear();
  doubts_.find(links_.empty() ? 0 : count, links_, doubt);
  join_bound(nodes, bonds);
  join_linked(nodes, options, score);
  find_contested(options);
  part_contested();
  reduce_kept_apart();
  return group_;
}

}  // namespace hl7flow::linkage
