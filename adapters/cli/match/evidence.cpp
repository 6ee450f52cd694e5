#include <hl7flow/adapters/cli/match/evidence.h>
#include <hl7flow/parsers/linkage/pair_scorer.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace hl7flow::cli {
namespace {

using namespace linkage;

// From level 2 up, as parsers/linkage/comparer.h says.
constexpr std::string_view name_labels[] = {"Jaro-Winkler 0.7", "Jaro-Winkler 0.82",
                                            "Jaro-Winkler 0.92", "exact"};
constexpr std::string_view given_name_labels[] = {"a nickname", "Jaro-Winkler 0.82",
                                                  "Jaro-Winkler 0.92", "exact"};
constexpr std::string_view full_name_labels[] = {"a word", "six words of ten", "two words, all",
                                                 "three words or more, all"};
constexpr std::string_view date_labels[] = {"one part", "two parts, or swapped", "one edit",
                                            "exact"};
constexpr std::string_view postcode_labels[] = {"area", "outward code, or two edits", "one edit",
                                                "exact"};
constexpr std::string_view number_labels[] = {"two edits", "one edit", "exact"};
constexpr std::string_view text_labels[] = {"Jaro-Winkler 0.8", "Jaro-Winkler 0.92", "exact"};
constexpr std::string_view exact_labels[] = {"exact"};
// Of what other comparisons found, from level 0 up.
constexpr std::string_view swap_labels[] = {"missing", "not swapped", "swapped"};
constexpr std::string_view slip_labels[] = {"no slip", "a name that many bear", "a rare name",
                                            "a name of nobody else"};

std::span<const std::string_view> labels_of(ComparisonKind kind) {
  switch (kind) {
    case ComparisonKind::given_name:
      return given_name_labels;
    case ComparisonKind::family_name:
      return name_labels;
    case ComparisonKind::full_name:
      return full_name_labels;
    case ComparisonKind::birth_date:
      return date_labels;
    case ComparisonKind::postcode:
      return postcode_labels;
    case ComparisonKind::number:
      return number_labels;
    case ComparisonKind::address_line_1:
    case ComparisonKind::address_line_2:
    case ComparisonKind::text:
      return text_labels;
    default:
      return exact_labels;
  }
}

std::string bar(double bits) {
  auto const size = static_cast<std::size_t>(std::min(std::abs(bits), 24.0));
  return std::string(size, bits < 0 ? '-' : '+');
}

/// What a pair came to, if it was a candidate.
std::optional<double> bits_in(const Matching& found, RecordPair pair) {
  auto const before = [](ScoredPair const& one, RecordPair const& wanted) {
    return one.pair < wanted;
  };
  auto const at = std::lower_bound(found.pairs.begin(), found.pairs.end(), pair, before);
  if (at == found.pairs.end() || at->pair != pair) return std::nullopt;
  return at->bits;
}

// Of a larger person, the sums of the pairs are enough to read.
constexpr std::size_t explained_pairs_max = 10;

}  // namespace

std::string_view level_label(const Comparison& comparison, Level level) {
  if (comparison.kind == ComparisonKind::names_swapped) return swap_labels[level];
  if (comparison.kind == ComparisonKind::given_name_slip) return slip_labels[level];
  if (level == 0) return "missing";
  if (level == 1) return "differs";
  auto const labels = labels_of(comparison.kind);
  return level - 2u < labels.size() ? labels[level - 2u] : std::string_view("alike");
}

Evidence evidence_of(const Matching& found, const People& people, RecordPair pair) {
  Comparer comparer(people.table, found.model.comparisons);
  PairScorer const scorer(found.model, people.table, found.guards_twins);
  Pattern const pattern = comparer.compare(pair.a, pair.b);
  auto const terms = scorer.explain(pattern, pair);
  Evidence evidence;
  evidence.prior = evidence.sum = terms.front().first;
  for (std::size_t k = 0; k < found.model.comparisons.size(); ++k) {
    auto const& [bits, rarity] = terms[k + 1];
    evidence.sum += bits + rarity;
    // Names that agree or differ are no slip, and nothing is missing.
    Comparison const& one = found.model.comparisons[k];
    if (one.kind == ComparisonKind::given_name_slip && pattern[k] == 0) continue;
    evidence.terms.push_back({&one, pattern[k], bits, rarity});
  }
  auto const remark = [&](std::string_view name, std::string_view reason, double bits) {
    if (std::abs(bits) < 0.005) return;
    evidence.remarks.push_back({name, reason, bits});
    evidence.sum += bits;
  };
  remark("moved or not", "two homes of one person",
         terms[found.model.comparisons.size() + 1].first);
  remark("perhaps kin", "who live together", terms[found.model.comparisons.size() + 2].first);
  bool const has_two = have_two_suffixes(people.table, pair.a, pair.b);
  remark(has_two ? "junior, senior" : "perhaps twins", "for review", terms.back().first);
  if (auto const bits = bits_in(found, pair))
    remark("other candidates", "one counterpart at most", *bits - evidence.sum);
  return evidence;
}

std::vector<std::uint32_t> records_of_person(const Matching& found, std::uint32_t record) {
  std::vector<std::uint32_t> records;
  for (std::uint32_t k = 0; k < found.persons.size(); ++k)
    if (found.persons[k] == found.persons[record]) records.push_back(k);
  return records;
}

std::vector<RecordPair> pairs_of(const std::vector<std::uint32_t>& records) {
  std::vector<RecordPair> pairs;
  for (std::size_t k = 0; k < records.size(); ++k)
    for (std::size_t j = k + 1; j < records.size(); ++j) pairs.push_back({records[k], records[j]});
  return pairs;
}

std::string explanation_of(const Matching& found, const People& people, RecordPair pair,
                           bool values) {
  Evidence const evidence = evidence_of(found, people, pair);
  std::string text = fmt::format("{} and {}\n", people.ids[pair.a], people.ids[pair.b]);
  auto const line = [&](std::string_view what, double bits) {
    text += fmt::format("  {:<16}{:>9.2f}          {}\n", what, bits, bar(bits));
  };
  line("any two records", evidence.prior);
  for (EvidenceTerm const& term : evidence.terms) {
    double const bits = term.bits + term.rarity;
    bool const has_levels = !is_of_another(term.comparison->kind);
    bool const is_between = term.level > 1 && term.level < term.comparison->top;
    std::string const level = has_levels && is_between
                                  ? fmt::format("level {}", term.level)
                                  : std::string(level_label(*term.comparison, term.level));
    text += fmt::format("  {:<16}{:>9.2f} {:<8} {}", linkage::name(*term.comparison), bits, level,
                        bar(bits));
    if (term.rarity != 0) text += fmt::format(" ({:+.2f} rarity)", term.rarity);
    if (values && has_levels)
      text += fmt::format("  {} | {}", people.table.text(term.comparison->role, pair.a),
                          people.table.text(term.comparison->role, pair.b));
    text += '\n';
  }
  for (EvidenceRemark const& one : evidence.remarks) line(one.name, one.bits);
  text += fmt::format("  {:<16}{:>9.2f} bits: probability {:.6f}\n", "sum", evidence.sum,
                      probability_of(evidence.sum));
  if (const Decision* const decided = found.known.decisions.find(pair))
    text += fmt::format("  {:<16}{} ({})\n", "decided", decided->is_same ? "same" : "different",
                        decided->row);
  if (const MatchRule* const rule = found.known.rule_for(pair))
    text += fmt::format("  {:<16}{}\n", "rule", rule->text);
  text += found.persons[pair.a] == found.persons[pair.b] ? "  one person\n" : "  two persons\n";
  return text;
}

std::string person_explanation(const Matching& found, const People& people, std::uint32_t record,
                               bool values) {
  auto const records = records_of_person(found, record);
  auto const pairs = pairs_of(records);
  std::string text =
      fmt::format("person {}: {} records\n", people.ids[records.front()], records.size());
  for (std::uint32_t const one : records)
    text += fmt::format("  {} (list {})\n", people.ids[one], people.table.source(one) + 1);
  for (RecordPair const& pair : pairs) {
    if (pairs.size() <= explained_pairs_max) {
      text += explanation_of(found, people, pair, values);
      continue;
    }
    double const bits = evidence_of(found, people, pair).sum;
    text += fmt::format("  {} and {}: {:.2f} bits, probability {:.6f}\n", people.ids[pair.a],
                        people.ids[pair.b], bits, probability_of(bits));
  }
  return text;
}

}  // namespace hl7flow::cli
