#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include <hl7flow/parsers/schema/schema.h>

// Which earlier segments a segment may be read together with. A reader that walks a message once
// keeps the last segment of each id; "the nearest OBR before this OBX in its group" is then right
// only if what belongs to an earlier repetition of the group is forgotten in time. ScopeRules say
// when, as two bit masks an id, so that the walk costs a few instructions a segment.
//
// The rules, for a segment X (structure.h has the exact but slower way):
// 1. X is the first segment of a group (ORC of ORDER, OBX of OBSERVATION, PID of PATIENT_RESULT):
//    everything else of the outermost group that begins with X is forgotten.
// 2. X is required, does not repeat and is not first in its group (OBR, RXA, RXE): what may only
//    follow it in the group is forgotten; not at the top level of a message, where senders mix the
//    order (ADT: NK1 after PV1), nor what may stand on both sides of X.
// 3. As 2, or first in a group that does not repeat, and X was seen since it was last forgotten:
//    the next repetition of the repeating group around it began without its first segment (OBR
//    without ORC): the whole group is forgotten. If a PID stands before X in that group, or none
//    repeats, only what follows X.
// 4. A PID forgets all that may follow a PID anywhere in the message: nothing of one patient is
//    read with another's. Nothing but a PID replaces a PID.
// 5. Segments that a structure has in several places (NTE, OBX, ROL, PRT; PID and ORC in OML_O21's
//    prior results): 1 and 2 are joined over all places of X, 3 holds only where all places agree.
//    A segment Y is not forgotten if it may also stand before X outside the group in question, once
//    (OML_O21: an OBR does not forget PID, though prior results have one too); if it may stand
//    there repeatedly (NTE of the order, when an OBX comes), it is.
// 6. Segments the structure lacks but generic_structure() has follow that one's rules. All others
//    (Z segments) live as long as the segment they came after: they are forgotten when that one
//    is forgotten or comes again.
// 7. A group that has ended is kept until another repetition of it, or of one around it, begins:
//    MDM_T02's OBX may be read with the ORC that stands before TXA.
namespace hl7flow {

class ScopeRules {
 public:
  static constexpr std::size_t id_count_max = 64;
  static constexpr std::uint32_t none = 64;

  /// Number of ids the rules were compiled for.
  std::size_t size() const noexcept { return count_; }
  /// Position in the list of ids given to compile_scope_rules; `none` if it is not in it.
  std::uint32_t index_of(std::uint32_t packed_id) const noexcept {
    for (std::uint32_t at = hash(packed_id);; at = (at + 1) % slot_count) {
      std::uint8_t const index = slots_[at];
      if (index == none || ids_[index] == packed_id) return index;
    }
  }
  /// Bit n: the id at position n. What a segment of the id at `index` makes forgotten, always, and
  /// in addition if one was seen already.
  std::uint64_t clear_always(std::uint32_t index) const noexcept { return always_[index]; }
  std::uint64_t clear_if_seen_again(std::uint32_t index) const noexcept { return again_[index]; }
  /// Ids that neither the structure nor the generic one has: rule 6.
  std::uint64_t unplaced() const noexcept { return unplaced_; }

 private:
  friend ScopeRules compile_scope_rules(const schema::StructureDef*,
                                        std::span<const std::uint32_t>);
  static constexpr std::uint32_t slot_count = 256;
  static constexpr std::uint32_t hash(std::uint32_t packed_id) noexcept {
    return (packed_id * 0x9e3779b1u) >> 24;
  }

  std::array<std::uint8_t, slot_count> slots_{};
  std::array<std::uint32_t, id_count_max> ids_{};
  std::array<std::uint64_t, id_count_max> always_{};
  std::array<std::uint64_t, id_count_max> again_{};
  std::uint64_t unplaced_ = 0;
  std::size_t count_ = 0;
};

/// Rules for a message structure and the segment ids (packed, at most 64, none twice; more are
/// ignored) that the caller keeps. nullptr: the structure is unknown, the generic one serves. Tens
/// of microseconds; keep the result for each structure. The rules are immutable and hold no
/// reference.
ScopeRules compile_scope_rules(const schema::StructureDef* structure,
                               std::span<const std::uint32_t> interesting_ids);

/// The walk's state for one message: which of the kept segments are still valid.
class ScopeState {
 public:
  void begin_message() noexcept {
    live_ = 0;
    last_ = ScopeRules::none;
  }

  /// A segment with the id at `index` (below rules.size()) comes. Returns what it made forgotten;
  /// the segment itself is live afterwards.
  std::uint64_t see(const ScopeRules& rules, std::uint32_t index) noexcept {
    std::uint64_t const self = std::uint64_t{1} << index;
    std::uint64_t const again = (live_ & self) != 0 ? ~std::uint64_t{0} : 0;
    std::uint64_t cleared = rules.clear_always(index) | (rules.clear_if_seen_again(index) & again);
    std::uint64_t const unplaced = rules.unplaced();
    if (unplaced != 0) {
      for (std::uint64_t rest = live_ & unplaced & ~self; rest != 0; rest &= rest - 1) {
        auto const one = static_cast<std::size_t>(std::countr_zero(rest));
        if (((cleared | self) >> after_[one] & 1) != 0) cleared |= rest & (~rest + 1);
      }
      if ((unplaced & self) == 0)
        last_ = index;
      else
        after_[index] = static_cast<std::uint8_t>(last_ == ScopeRules::none ? index : last_);
    }
    cleared &= live_ & ~self;
    live_ = (live_ & ~cleared) | self;
    return cleared;
  }

  /// Is the last segment seen with the id at `index` still valid?
  bool is_live(std::uint32_t index) const noexcept { return (live_ >> index & 1) != 0; }
  std::uint64_t live() const noexcept { return live_; }

 private:
  std::uint64_t live_ = 0;
  std::uint32_t last_ = ScopeRules::none;                       // the last segment that has a place
  std::array<std::uint8_t, ScopeRules::id_count_max> after_{};  // of unplaced ids: whom they follow
};

}  // namespace hl7flow
