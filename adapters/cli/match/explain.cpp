// hl7flow match explain: the evidence for and against two records being one person.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include <hl7flow/adapters/cli/match/match_verbs.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

constexpr Example examples[] = {
    {"hl7flow match explain patients.csv --pair 17,2048", "two records by their ids"},
    {"hl7flow match explain patients.csv --pair 17,2048 --values", "with what they say"},
};

struct Request {
  MatchInput input;
  std::vector<std::string> pair;
  bool values = false;
};

std::string bar(double bits) {
  auto const size = static_cast<std::size_t>(std::min(std::abs(bits), 24.0));
  return std::string(size, bits < 0 ? '-' : '+');
}

Exit run(const Request& request) {
  auto const people = read_people(request.input.files, request.input.people);
  if (!people) return complain(people.error());
  std::vector<std::uint32_t> records;
  for (std::string const& id : request.pair) {
    auto const at = std::find(people->ids.begin(), people->ids.end(), id);
    if (at == people->ids.end())
      return complain({ErrorCode::not_found, "there is no record \"" + id + '"'});
    records.push_back(static_cast<std::uint32_t>(at - people->ids.begin()));
  }
  if (records[0] == records[1])
    return complain({ErrorCode::usage, "--pair takes two different records"});
  auto const found = match_people(request.input, *people);
  if (!found) return complain(found.error());
  RecordPair const pair{std::min(records[0], records[1]), std::max(records[0], records[1])};
  std::cout << explanation_of(*found, *people, pair, request.values);
  return found->persons[pair.a] == found->persons[pair.b] ? Exit::ok : Exit::no;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  add_people_options(command, request->input);
  command.add_option("--pair", request->pair, "Ids of two records")
      ->required()
      ->delimiter(',')
      ->expected(2);
  add_link_option(command, request->input);
  add_model_option(command, request->input);
  command.add_flag("--guard-twins", request->input.match.guard_twins, "As for dedupe");
  command.add_flag("--values", request->values, "Show the values; they are of patients");
  return [request] { return run(*request); };
}

}  // namespace

std::string explanation_of(const Matching& found, const People& people, RecordPair pair,
                           bool values) {
  Comparer comparer(people.table, found.model.comparisons);
  PairScorer const scorer(found.model, people.table, found.guards_twins);
  Pattern const pattern = comparer.compare(pair.a, pair.b);
  auto const terms = scorer.explain(pattern, pair);
  std::string text = fmt::format("{} and {}\n", people.ids[pair.a], people.ids[pair.b]);
  text += fmt::format("  {:<16}{:>9.2f}          {}\n", "any two records", terms[0].first,
                      bar(terms[0].first));
  double sum = terms[0].first;
  for (std::size_t k = 0; k < found.model.comparisons.size(); ++k) {
    Comparison const& one = found.model.comparisons[k];
    double const bits = terms[k + 1].first + terms[k + 1].second;
    sum += bits;
    std::string const level = pattern[k] == 0         ? "missing"
                              : pattern[k] == one.top ? "exact"
                              : pattern[k] == 1       ? "differs"
                                                      : fmt::format("level {}", pattern[k]);
    text += fmt::format("  {:<16}{:>9.2f} {:<8} {}", linkage::name(one), bits, level, bar(bits));
    if (terms[k + 1].second != 0) text += fmt::format(" ({:+.2f} rarity)", terms[k + 1].second);
    if (values && one.kind != ComparisonKind::names_swapped)
      text += fmt::format("  {} | {}", people.table.text(one.role, pair.a),
                          people.table.text(one.role, pair.b));
    text += '\n';
  }
  if (double const twins = terms.back().first; std::abs(twins) > 1e-6) {
    sum += twins;
    text += fmt::format("  {:<16}{:>9.2f}          {}\n", "perhaps twins", twins, bar(twins));
  }
  text +=
      fmt::format("  {:<16}{:>9.2f} bits: probability {:.6f}\n", "sum", sum, probability_of(sum));
  text += found.persons[pair.a] == found.persons[pair.b] ? "  one person\n" : "  two persons\n";
  return text;
}

const Verb match_explain_verb{"explain", "Show the evidence for and against a pair", examples,
                              setup};

}  // namespace hl7flow::cli
