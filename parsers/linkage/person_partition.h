#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <hl7flow/parsers/linkage/evidence.h>
#include <hl7flow/parsers/linkage/pair_doubts.h>

namespace hl7flow::linkage {

/// A record among a few that may be of one person.
struct PartitionNode {
  RecordKey key;      // their order: it does not depend on who came first
  bool is_described;  // false: nothing is known but its identifier
};
/// What holds two of them together or apart, by their place among the nodes.
struct PartitionBond {
  std::uint32_t a, b;
  bool same;
  Authority authority;
};
struct PartitionLink {
  std::uint32_t a, b;
  float bits;
};
/// Two nodes.
struct PartitionPair {
  std::uint32_t a, b;
};
struct PartitionOptions {
  float margin_bits = 3;  // a record that two persons claim with less between them is neither's
  float clamp_bits = 15;  // one pair counts no more than this in a mean
  std::size_t sample_max = 64;   // pairs of two groups that are looked at
  std::size_t linked_max = 512;  // of more records, whose pairs would be too many, links join none
};

/// Divides records into persons. Bonds come first, a clerk's before a sender's, and none joins what
/// a higher or equal one holds apart. Then links, from the surest down; two groups join if the mean
/// over the pairs of their records is above even odds (average linkage), so that a chain of likely
/// pairs does not make two persons one, and no pair across is in doubt (PairDoubts). Last, a record
/// alone that two persons claim almost equally stays alone.
class PersonPartition {
 public:
  /// The result is a function of the set of nodes, bonds and links, whatever their order. `score`
  /// gives the bits of two described nodes, `doubt` whether they may be two persons. Gives a number
  /// for each node, the same for those of one person.
  const std::vector<std::uint32_t>& divide(
      std::span<const PartitionNode> nodes, std::span<const PartitionBond> bonds,
      std::span<const PartitionLink> links, const PartitionOptions& options,
      const std::function<float(std::uint32_t, std::uint32_t)>& score,
      const PairDoubts::Ask& doubt);
  /// The best links of a node to its own group and to others; null if there is none.
  struct Claims {
    const PartitionLink* inside = nullptr;
    const PartitionLink* outside = nullptr;
  };
  struct Contested {
    std::uint32_t node;
    Claims claims;
  };
  /// Nodes of the last divide() that two persons claimed.
  const std::vector<Contested>& contested() const noexcept { return contested_; }
  /// Pairs in doubt that kept apart what links would have joined: one for two persons.
  const std::vector<PartitionPair>& kept_apart() const noexcept { return kept_apart_; }

 private:
  using Nodes = std::span<const PartitionNode>;

  void join_bound(Nodes nodes, std::span<const PartitionBond> bonds);
  void join_linked(Nodes nodes, const PartitionOptions& options,
                   const std::function<float(std::uint32_t, std::uint32_t)>& score);
  void find_contested(const PartitionOptions& options);
  void part_contested();
  void reduce_kept_apart();
  bool apart(std::uint32_t a, std::uint32_t b) const;
  bool in_doubt(std::uint32_t a, std::uint32_t b, Nodes nodes);
  void put_in_order(std::uint32_t& a, std::uint32_t& b, Nodes nodes);
  bool alike(std::uint32_t a, std::uint32_t b, Nodes nodes, const PartitionOptions& options,
             const std::function<float(std::uint32_t, std::uint32_t)>& score);
  void join(std::uint32_t a, std::uint32_t b);

  std::vector<std::uint32_t> group_;                 // of each node
  std::vector<std::vector<std::uint32_t>> members_;  // of each group
  PairDoubts doubts_;
  std::vector<PartitionPair> kept_apart_;
  std::vector<Contested> contested_;
  std::vector<PartitionBond> bonds_, apart_;  // all; those that hold apart, of what was done
  std::vector<bool> is_bound_;
  std::vector<Claims> claims_;
  std::vector<PartitionLink> links_;
};

}  // namespace hl7flow::linkage
