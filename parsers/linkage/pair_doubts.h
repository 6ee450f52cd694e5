#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace hl7flow::linkage {

/// Whether two records may be two persons however alike they are (Caution).
enum class Doubt : std::uint8_t {
  none,
  overruled,  // they may, but an identifier says that they are one
  forbids,    // links shall not make them one person
};

/// Which groups of a few records links must not join, because a pair across is in doubt. Records
/// and groups are called by their place; a group by one of its members.
///
/// What bonds or an identifier say of a pair in doubt speaks for others, too: who is like the
/// junior of a person who is known as junior and as senior fits.
class PairDoubts {
 public:
  using Ask = std::function<Doubt(std::uint32_t, std::uint32_t)>;
  using Members = std::span<const std::uint32_t>;

  /// Asks of each pair of `count` records; of fewer than three no third could join two.
  template <class Links>
  void find(std::uint32_t count, const Links& links, const Ask& ask) {
    begin(count);
    if (count < 3) return;
    for (auto const& link : links) mark(link.a, link.b, linked);
    ask_all(ask);
  }
  bool empty() const noexcept { return !has_some_; }

  /// A pair that keeps two groups apart, the first one by the order of their members; what was
  /// found for the groups before is remembered, and then not given again.
  struct Verdict {
    bool are_apart = false;
    std::optional<std::pair<std::uint32_t, std::uint32_t>> pair;
  };
  Verdict between(std::uint32_t a, std::uint32_t b, Members of_a, Members of_b);
  /// Group b has become part of a.
  void joined(std::uint32_t a, std::uint32_t b);
  /// A record that is in doubt with one of a group.
  bool forbids_any(std::uint32_t record, Members group) const;

 private:
  enum Mark : std::uint8_t { linked = 1, doubted = 2, forbidden = 4 };
  enum class Known : std::uint8_t { nothing, free, apart };

  void begin(std::uint32_t count);
  void ask_all(const Ask& ask);
  void mark(std::uint32_t a, std::uint32_t b, Mark mark);
  bool is(std::uint32_t a, std::uint32_t b, Mark mark) const {
    return (marks_[std::size_t{a} * count_ + b] & mark) != 0;
  }
  Known& known(std::uint32_t a, std::uint32_t b) {
    return known_[a < b ? std::size_t{a} * count_ + b : std::size_t{b} * count_ + a];
  }
  bool fits(std::uint32_t record, std::uint32_t other, Members own, Members others) const;

  std::uint32_t count_ = 0;
  bool has_some_ = false;
  std::vector<std::uint8_t> marks_;  // of pairs of records, both ways round
  std::vector<Known> known_;         // of pairs of groups
};

}  // namespace hl7flow::linkage
