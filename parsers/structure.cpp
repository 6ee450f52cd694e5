#include <hl7flow/parsers/structure.h>

#include <algorithm>

namespace hl7flow {
namespace {

using schema::StructureDef;
using schema::StructureNode;
using Kind = SegmentPlace::Kind;

constexpr std::uint32_t never = 0xffffffff;

/// Calls visit(child position) for the members of the group at `group`, until it returns true.
template <class Visit>
bool any_child(const StructureDef& structure, std::size_t group, std::size_t from, Visit visit) {
  std::size_t const end = group + structure.node(group).size;
  for (std::size_t at = from; at < end; at += structure.node(at).size)
    if (visit(at)) return true;
  return false;
}

/// May the member at `at` be left out? A group of nothing but optional members may.
bool may_be_absent(const StructureDef& structure, std::size_t at) {
  StructureNode const& node = structure.node(at);
  if (!node.required()) return true;
  if (!node.is_group()) return false;
  auto const absent = [&](std::size_t child) { return may_be_absent(structure, child); };
  if (node.is_choice()) return any_child(structure, at, at + 1, absent);
  return !any_child(structure, at, at + 1, [&](std::size_t child) { return !absent(child); });
}

/// How a segment may be found below a node.
enum class Reach {
  first,     // the very first segment
  possible,  // the first that is there, optional ones before it left out
  anywhere   // wherever it begins a group or is required: though required ones before are missing
};

/// Position of segment `id` at or below `at`; 0 if it is not there.
std::size_t reach(const StructureDef& structure, std::size_t at, std::uint32_t id, Reach how) {
  StructureNode const& node = structure.node(at);
  if (!node.is_group()) return node.segment == id ? at : 0;
  std::size_t found = 0;
  any_child(structure, at, at + 1, [&](std::size_t child) {
    StructureNode const& member = structure.node(child);
    bool const leads = child == at + 1 || node.is_choice();
    bool const principal = leads || (member.required() && !member.repeats());
    if (how != Reach::anywhere || member.is_group() || principal)
      found = reach(structure, child, id, how);
    if (found != 0) return true;
    if (node.is_choice() || how == Reach::anywhere) return false;
    return how == Reach::first || !may_be_absent(structure, child);
  });
  return found;
}

class Assigner {
 public:
  Assigner(const StructureDef& structure, GroupAssignment& out) : structure_(structure), out_(out) {
    out_.segments.clear();
    out_.groups.assign(1, GroupInstance{0, 0, 1});
    // For each node: in which instance of its parent it was last seen, and how often there.
    out_.scratch.assign(2 * structure.size(), never);
  }

  void add(std::uint32_t id) {
    if (has(id)) {
      for (Reach const how : {Reach::first, Reach::possible})
        for (std::uint32_t open = current_;; open = parent(open)) {
          if (forward(open, id, how) || again(open, id, how)) return;
          if (open == 0) break;
        }
      for (std::uint32_t open = current_;; open = parent(open)) {
        if (out_of_order(open, id) || again(open, id, Reach::anywhere)) return;
        if (open == 0) break;
      }
    }
    out_.segments.push_back({current_, 0, Kind::unexpected});
  }

 private:
  std::uint32_t parent(std::uint32_t instance) const { return out_.groups[instance].parent; }
  std::uint32_t& seen_in(std::size_t node) { return out_.scratch[2 * node]; }
  std::uint32_t& seen_count(std::size_t node) { return out_.scratch[2 * node + 1]; }

  bool has(std::uint32_t id) const {
    for (std::size_t at = 1; at < structure_.size(); ++at)
      if (structure_.node(at).segment == id) return true;
    return false;
  }
  /// May the member at `child` stand (once more) in group instance `open`?
  bool has_room(std::uint32_t open, std::size_t child) {
    return seen_in(child) != open || structure_.node(child).repeats();
  }
  std::uint32_t count_up(std::uint32_t open, std::size_t node) {
    seen_count(node) = seen_in(node) == open ? seen_count(node) + 1 : 1;
    seen_in(node) = open;
    return seen_count(node);
  }

  /// Opens the groups from below instance `open` down to the segment at `target`, and places it.
  void place(std::uint32_t open, std::size_t child, std::size_t target, Kind kind) {
    while (child != target) {
      std::uint32_t const repetition = count_up(open, child);
      out_.groups.push_back({static_cast<std::uint16_t>(child), open, repetition});
      open = static_cast<std::uint32_t>(out_.groups.size() - 1);
      any_child(structure_, child, child + 1, [&](std::size_t next) {
        if (target < next || target >= next + structure_.node(next).size) return false;
        child = next;
        return true;
      });
    }
    count_up(open, target);
    out_.segments.push_back({open, static_cast<std::uint16_t>(target), kind});
    current_ = open;
    last_child_ = target;
  }

  /// The last member reached in instance `open`: below the current one, that which leads to it.
  std::size_t cursor(std::uint32_t open) const {
    if (open == current_) return last_child_;
    std::uint32_t below = current_;
    while (parent(below) != open) below = parent(below);
    return out_.groups[below].node;
  }

  /// At the last member reached or after it.
  bool forward(std::uint32_t open, std::uint32_t id, Reach how) {
    std::size_t const group = out_.groups[open].node;
    std::size_t const reached = cursor(open);
    bool const chosen = structure_.node(group).is_choice() && reached != 0;
    return any_child(structure_, group, reached == 0 ? group + 1 : reached, [&](std::size_t child) {
      if (!has_room(open, child) || (chosen && child != reached)) return false;
      std::size_t const target = reach(structure_, child, id, how);
      if (target != 0) place(open, child, target, Kind::expected);
      return target != 0;
    });
  }

  /// As the beginning of another repetition of the group itself.
  bool again(std::uint32_t open, std::uint32_t id, Reach how) {
    std::size_t const group = out_.groups[open].node;
    if (open == 0 || !structure_.node(group).repeats()) return false;
    std::size_t const target = reach(structure_, group, id, how);
    if (target == 0) return false;
    place(parent(open), group, target,
          how == Reach::anywhere ? Kind::out_of_order : Kind::expected);
    return true;
  }

  /// As any member that has room, wherever in the group.
  bool out_of_order(std::uint32_t open, std::uint32_t id) {
    std::size_t const group = out_.groups[open].node;
    if (structure_.node(group).is_choice()) return false;
    return any_child(structure_, group, group + 1, [&](std::size_t child) {
      if (!has_room(open, child)) return false;
      std::size_t const target = reach(structure_, child, id, Reach::anywhere);
      if (target == 0) return false;
      std::size_t const before = cursor(open);
      place(open, child, target, Kind::out_of_order);
      // What came before is not forgotten: a member that was late does not move the cursor back.
      if (current_ == open && before > last_child_) last_child_ = before;
      return true;
    });
  }

  const StructureDef& structure_;
  GroupAssignment& out_;
  std::uint32_t current_ = 0;   // instance that holds the last segment
  std::size_t last_child_ = 0;  // the member of it that was reached last; 0 for none
};

}  // namespace

void assign_groups(const StructureDef& structure, std::span<const std::uint32_t> segment_ids,
                   GroupAssignment& out) {
  Assigner assigner(structure, out);
  for (std::uint32_t const id : segment_ids) assigner.add(id);
}

std::string group_path(const StructureDef& structure, const GroupAssignment& assignment,
                       std::size_t segment) {
  std::string path;
  for (std::uint32_t at = assignment.segments[segment].group; at != 0;
       at = assignment.groups[at].parent) {
    GroupInstance const& group = assignment.groups[at];
    if (structure.node(group.node).is_choice()) continue;
    std::string part(structure.node(group.node).name());
    part += '(' + std::to_string(group.repetition) + ')';
    if (!path.empty()) part += '/';
    path.insert(0, part);
  }
  return path;
}

}  // namespace hl7flow
