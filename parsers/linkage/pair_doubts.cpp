#include <hl7flow/parsers/linkage/pair_doubts.h>

#include <algorithm>

namespace hl7flow::linkage {

void PairDoubts::begin(std::uint32_t count) {
  count_ = count;
  has_some_ = false;
  if (count >= 3) marks_.assign(std::size_t{count} * count, 0);
}

void PairDoubts::mark(std::uint32_t a, std::uint32_t b, Mark mark) {
  for (std::size_t const at : {std::size_t{a} * count_ + b, std::size_t{b} * count_ + a})
    marks_[at] = static_cast<std::uint8_t>(marks_[at] | mark);
}

void PairDoubts::ask_all(const Ask& ask) {
  for (std::uint32_t a = 0; a < count_; ++a)
    for (std::uint32_t b = a + 1; b < count_; ++b) {
      Doubt const doubt = ask(a, b);
      if (doubt == Doubt::none) continue;
      mark(a, b, doubted);
      // No link is made of what is in doubt but by a site's own rule.
      if (doubt != Doubt::forbids || is(a, b, linked)) continue;
      mark(a, b, forbidden);
      has_some_ = true;
    }
  if (has_some_) known_.assign(std::size_t{count_} * count_, Known::nothing);
}

/// The record is like one who is known to be one with the other record: because they are of one
/// group already (`others`), or because an identifier says so.
bool PairDoubts::fits(std::uint32_t record, std::uint32_t other, Members own,
                      Members others) const {
  auto const is_like = [&](std::uint32_t fellow) {
    return is(fellow, other, doubted) && is(fellow, record, linked);
  };
  return std::any_of(others.begin(), others.end(), is_like) ||
         std::any_of(own.begin(), own.end(), [&](std::uint32_t fellow) {
           return is_like(fellow) && !is(fellow, other, forbidden);
         });
}

PairDoubts::Verdict PairDoubts::between(std::uint32_t a, std::uint32_t b, Members of_a,
                                        Members of_b) {
  if (empty()) return {};
  Known& verdict = known(a, b);
  if (verdict != Known::nothing) return {verdict == Known::apart, {}};
  for (std::uint32_t const x : of_a)
    for (std::uint32_t const y : of_b) {
      if (!is(x, y, forbidden) || fits(x, y, of_a, of_b) || fits(y, x, of_b, of_a)) continue;
      verdict = Known::apart;
      return {true, std::pair(x, y)};
    }
  verdict = Known::free;
  return {};
}

void PairDoubts::joined(std::uint32_t a, std::uint32_t b) {
  if (empty()) return;
  for (std::uint32_t other = 0; other < count_; ++other) {
    if (other == a || other == b) continue;
    bool const is_free = known(a, other) == Known::free && known(b, other) == Known::free;
    known(a, other) = is_free ? Known::free : Known::nothing;
  }
}

bool PairDoubts::forbids_any(std::uint32_t record, Members group) const {
  return !empty() && std::any_of(group.begin(), group.end(),
                                 [&](std::uint32_t other) { return is(record, other, forbidden); });
}

}  // namespace hl7flow::linkage
