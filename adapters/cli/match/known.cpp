#include <hl7flow/adapters/cli/match/known.h>

#include <algorithm>

namespace hl7flow::cli {
namespace {

using linkage::RecordPair;
using linkage::ScoredPair;

// Of a larger group of a rule not every pair is compared: it is one person anyway.
constexpr std::size_t compared_group_max = 50;

void settle(std::vector<RecordPair>& pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
}

/// Pairs that make a group one, even if some of it is known to be apart.
void add_ties(const std::vector<std::uint32_t>& group, std::vector<RecordPair>& pairs) {
  for (std::size_t k = 1; k < group.size(); ++k) pairs.push_back({group.front(), group[k]});
  for (std::size_t k = 2; k < group.size(); ++k) pairs.push_back({group[k - 1], group[k]});
}

}  // namespace

linkage::KnownPairs Known::pairs() const {
  linkage::KnownPairs made;
  for (Decision const& one : decisions.pairs)
    (one.is_same ? made.together : made.apart).push_back(one.pair);
  for (MatchRule const& rule : rules)
    for (auto const& group : rule.groups) add_ties(group, made.together);
  return made;
}

std::vector<RecordPair> Known::candidates() const {
  std::vector<RecordPair> made;
  for (Decision const& one : decisions.pairs) made.push_back(one.pair);
  for (MatchRule const& rule : rules)
    for (auto const& group : rule.groups) {
      if (group.size() > compared_group_max) {
        add_ties(group, made);
        continue;
      }
      for (std::size_t k = 0; k < group.size(); ++k)
        for (std::size_t j = k + 1; j < group.size(); ++j) made.push_back({group[k], group[j]});
    }
  settle(made);
  return made;
}

std::vector<std::pair<std::size_t, float>> Known::silence(std::vector<ScoredPair>& pairs,
                                                          const linkage::PersonTable& table) const {
  std::vector<std::pair<std::size_t, float>> silenced;
  for (std::size_t k = 0; k < pairs.size() && !decisions.pairs.empty(); ++k) {
    auto& [pair, bits] = pairs[k];
    const Decision* const decided = decisions.find(pair);
    if (decided == nullptr) continue;
    if (decided->is_same && table.source(pair.a) != table.source(pair.b)) continue;
    silenced.emplace_back(k, bits);
    bits = impossible;
  }
  return silenced;
}

const MatchRule* Known::rule_for(RecordPair pair) const {
  auto const found = std::find_if(rules.begin(), rules.end(),
                                  [&](MatchRule const& rule) { return rule.joins(pair); });
  return found == rules.end() ? nullptr : &*found;
}

void add_candidates(const std::vector<RecordPair>& more, std::vector<RecordPair>& candidates) {
  if (more.empty()) return;
  auto const middle = static_cast<std::ptrdiff_t>(candidates.size());
  candidates.insert(candidates.end(), more.begin(), more.end());
  std::inplace_merge(candidates.begin(), candidates.begin() + middle, candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
}

std::vector<PersonReason> reasons_of(const std::vector<std::uint32_t>& persons, const Known& known,
                                     const std::vector<ScoredPair>& pairs) {
  std::vector<PersonReason> reasons(persons.size());
  auto const note = [&](std::uint32_t record, std::uint32_t matched, std::string_view word,
                        std::string_view rule) {
    PersonReason& reason = reasons[record];
    if (persons[record] == record || reason.matched != ~0u) return;
    reason = {word, rule, matched};
  };
  auto const are_one = [&](RecordPair pair) { return persons[pair.a] == persons[pair.b]; };
  for (Decision const& one : known.decisions.pairs) {
    if (!one.is_same) continue;
    note(one.pair.b, one.pair.a, "decided", {});
    note(one.pair.a, one.pair.b, "decided", {});
  }
  for (MatchRule const& rule : known.rules)
    for (auto const& group : rule.groups)
      for (std::size_t k = 0; k < group.size(); ++k) {
        auto const other = std::find_if(group.begin(), group.end(), [&](std::uint32_t one) {
          return one != group[k] && persons[one] == persons[group[k]];
        });
        if (other != group.end()) note(group[k], *other, "rule", rule.text);
      }
  // The surest pair of each of the others.
  std::vector<float> best(persons.size());
  for (ScoredPair const& one : pairs) {
    if (!are_one(one.pair)) continue;
    for (auto const& [record, other] :
         {std::pair(one.pair.a, one.pair.b), std::pair(one.pair.b, one.pair.a)}) {
      PersonReason& reason = reasons[record];
      bool const is_alike =
          reason.matched == ~0u || (reason.word == "alike" && one.bits > best[record]);
      if (persons[record] == record || !is_alike) continue;
      reason = {"alike", {}, other};
      best[record] = one.bits;
    }
  }
  return reasons;
}

}  // namespace hl7flow::cli
