#include <hl7flow/parsers/scope.h>

#include <algorithm>
#include <optional>
#include <vector>

#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow {
namespace {

using schema::StructureDef;
using schema::StructureNode;

constexpr std::uint32_t pid = simd::pack('P', 'I', 'D');
constexpr std::size_t no_node = 0xffff;

/// A structure with the way up, and the questions that the rules ask.
class Tree {
 public:
  explicit Tree(const StructureDef& structure) : structure_(structure), parent_(structure.size()) {
    for (std::size_t at = 0; at < size(); ++at)
      for (std::size_t child = at + 1; child < end(at); child += node(child).size)
        parent_[child] = at;
  }

  std::size_t size() const { return structure_.size(); }
  const StructureNode& node(std::size_t at) const { return structure_.node(at); }
  std::size_t parent(std::size_t at) const { return parent_[at]; }
  std::size_t end(std::size_t at) const { return at + node(at).size; }
  bool contains(std::size_t group, std::size_t at) const { return at >= group && at < end(group); }
  bool has(std::uint32_t id) const {
    for (std::size_t at = 0; at < size(); ++at)
      if (node(at).segment == id) return true;
    return false;
  }

  /// Is `at` the first member of its group, or an alternative of a choice?
  bool is_first(std::size_t at) const {
    return at == parent(at) + 1 || node(parent(at)).is_choice();
  }
  /// The outermost group that begins with the segment at `at`; no_node if none does.
  std::size_t begun_group(std::size_t at) const {
    std::size_t found = no_node;
    while (parent(at) != 0 && is_first(at)) found = at = parent(at);
    return found;
  }
  /// The innermost repeating group above `at`, if `at` is there at most once; no_node otherwise.
  std::size_t repeating_group(std::size_t at) const {
    if (node(at).repeats()) return no_node;
    for (at = parent(at); at != 0; at = parent(at))
      if (node(at).repeats()) return at;
    return 0;
  }

  /// Rule 5: does `id` stand before `at`, outside of `group`, at most once for `at`?
  bool is_given(std::uint32_t id, std::size_t at, std::size_t group) const {
    for (std::size_t other = 0; other < at; ++other) {
      if (node(other).segment != id || contains(group, other)) continue;
      bool once = true;
      for (std::size_t up = other; !contains(up, at); up = parent(up))
        once = once && !node(up).repeats() && !node(parent(up)).is_choice();
      if (once) return true;
    }
    return false;
  }

 private:
  const StructureDef& structure_;
  std::vector<std::size_t> parent_;
};

/// Computes the masks of one id over one structure.
class Compiler {
 public:
  Compiler(const StructureDef& structure, std::span<const std::uint32_t> ids)
      : tree_(structure), ids_(ids) {}

  bool has(std::uint32_t id) const { return tree_.has(id); }

  std::uint64_t clear_always(std::uint32_t id) const {
    std::uint64_t mask = 0;
    for (std::size_t at = 0; at < tree_.size(); ++at) {
      if (tree_.node(at).segment != id) continue;
      if (id == pid) {
        mask |= members(at + 1, tree_.size());
      } else if (std::size_t const group = tree_.begun_group(at); group != no_node) {
        mask |= forgotten(members(group, tree_.end(group)), at, group);
      } else if (is_landmark(at) && tree_.parent(at) != 0) {
        std::size_t const around = tree_.parent(at);
        mask |= forgotten(members(at + 1, tree_.end(around)) & ~members(around, at), at, around);
      }
    }
    return without(mask, id);
  }

  std::uint64_t clear_if_seen_again(std::uint32_t id) const {
    std::optional<std::uint64_t> mask;
    for (std::size_t at = 0; at < tree_.size(); ++at) {
      if (tree_.node(at).segment != id) continue;
      std::size_t const group = tree_.repeating_group(at);
      std::uint64_t here = 0;
      if (group != no_node && is_landmark(at)) {
        bool const keeps_before = group == 0 || has_pid(group, at);
        here = forgotten(members(keeps_before ? at + 1 : group, tree_.end(group)), at, group);
      }
      mask = mask ? *mask & here : here;
    }
    return without(mask.value_or(0), id);
  }

 private:
  /// Required, and there at most once: it marks a repetition of its group.
  bool is_landmark(std::size_t at) const {
    return tree_.node(at).required() && !tree_.node(at).repeats();
  }
  bool has_pid(std::size_t begin, std::size_t end) const {
    for (std::size_t at = begin; at < end; ++at)
      if (tree_.node(at).segment == pid) return true;
    return false;
  }
  std::uint64_t bit(std::uint32_t id) const {
    auto const found = std::ranges::find(ids_, id);
    return found == ids_.end() ? 0 : std::uint64_t{1} << (found - ids_.begin());
  }
  std::uint64_t without(std::uint64_t mask, std::uint32_t id) const {
    return mask & ~bit(id) & ~bit(pid);
  }
  std::uint64_t members(std::size_t begin, std::size_t end) const {
    std::uint64_t mask = 0;
    for (std::size_t at = begin; at < end; ++at)
      if (!tree_.node(at).is_group()) mask |= bit(tree_.node(at).segment);
    return mask;
  }
  std::uint64_t forgotten(std::uint64_t mask, std::size_t at, std::size_t group) const {
    for (std::size_t k = 0; k < ids_.size(); ++k)
      if ((mask >> k & 1) != 0 && tree_.is_given(ids_[k], at, group))
        mask &= ~(std::uint64_t{1} << k);
    return mask;
  }

  Tree tree_;
  std::span<const std::uint32_t> ids_;
};

}  // namespace

ScopeRules compile_scope_rules(const StructureDef* structure,
                               std::span<const std::uint32_t> interesting_ids) {
  ScopeRules rules;
  std::span const ids =
      interesting_ids.first(std::min(interesting_ids.size(), ScopeRules::id_count_max));
  rules.count_ = ids.size();
  rules.slots_.fill(static_cast<std::uint8_t>(ScopeRules::none));
  Compiler const generic(schema::generic_structure(), ids);
  Compiler const own(structure != nullptr ? *structure : schema::generic_structure(), ids);
  std::uint64_t outside = 0;  // of the message's own structure
  for (std::size_t k = 0; k < ids.size(); ++k) {
    std::uint32_t at = ScopeRules::hash(ids[k]);
    while (rules.slots_[at] != ScopeRules::none) at = (at + 1) % ScopeRules::slot_count;
    rules.slots_[at] = static_cast<std::uint8_t>(k);
    rules.ids_[k] = ids[k];
    if (!own.has(ids[k])) outside |= std::uint64_t{1} << k;
    if (!own.has(ids[k]) && !generic.has(ids[k])) rules.unplaced_ |= std::uint64_t{1} << k;
  }
  for (std::size_t k = 0; k < ids.size(); ++k) {
    bool const placed = own.has(ids[k]);
    std::uint64_t const other = generic.clear_always(ids[k]);
    rules.always_[k] = placed ? own.clear_always(ids[k]) | (other & outside) : other;
    std::uint64_t const other_again = generic.clear_if_seen_again(ids[k]);
    rules.again_[k] =
        placed ? own.clear_if_seen_again(ids[k]) | (other_again & outside) : other_again;
    if (ids[k] == pid) rules.always_[k] |= rules.unplaced_;
  }
  return rules;
}

}  // namespace hl7flow
