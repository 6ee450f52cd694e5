// hl7flow match evaluate: how good a model is at each threshold, where a column knows the truth.

#include <fmt/format.h>

#include <iostream>

#include <hl7flow/adapters/cli/match/judgment.h>
#include <hl7flow/adapters/cli/match/match_verbs.h>
#include <hl7flow/adapters/cli/match/model_file.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/parsers/number_text.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow match evaluate labelled.csv --truth person", "which threshold is the right one"},
    {"hl7flow match evaluate labelled.csv --truth person --model model.json --json",
     "a model that was learned before"},
};

constexpr double thresholds[] = {.01, .05, .1, .25, .5, .75, .9, .95, .99, .999};

struct Request {
  MatchInput input;
  bool json = false;
};

struct Row {
  double probability;
  Agreement pairs, persons;
};

std::string json_of(const Agreement& judged) {
  return JsonObject()
      .add("precision", judged.precision())
      .add("recall", judged.recall())
      .add("f1", judged.f1())
      .add("right", static_cast<std::uint64_t>(judged.right))
      .add("wrong", static_cast<std::uint64_t>(judged.wrong))
      .add("missed", static_cast<std::uint64_t>(judged.missed))
      .text();
}

std::string json_of(const People& people, double complete, const std::vector<Row>& rows) {
  std::string list;
  for (Row const& row : rows)
    list += (list.empty() ? "" : ", ") + JsonObject()
                                             .add_json("probability", number_text(row.probability))
                                             .add("bits", bits_of(row.probability))
                                             .add_json("pairs", json_of(row.pairs))
                                             .add_json("persons", json_of(row.persons))
                                             .text();
  Agreement const& any = rows.front().pairs;
  return JsonObject()
             .add("records", std::uint64_t{people.table.size()})
             .add("true_pairs", static_cast<std::uint64_t>(any.right + any.missed))
             .add("pair_completeness", complete)
             .add_json("thresholds", "[" + list + "]")
             .text() +
         "\n";
}

std::string text_of(const People& people, double complete, const std::vector<Row>& rows) {
  Agreement const& any = rows.front().pairs;
  std::string text = records_text(people);
  text += fmt::format("  true pairs   {}, {:.5f} of them were compared\n",
                      grouped(static_cast<std::uint64_t>(any.right + any.missed)), complete);
  text += fmt::format("\n{:>15}{:>27}{:>31}\n{:>11}  ", "", "pairs", "persons", "probability");
  for (int k = 0; k < 2; ++k)
    text += fmt::format("{:>11}{:>10}{:>10}", "precision", "recall", "F1");
  text += '\n';
  for (Row const& row : rows) {
    text += fmt::format("{:>11}  ", row.probability);
    for (Agreement const* const judged : {&row.pairs, &row.persons})
      text += fmt::format("{:>11.5f}{:>10.5f}{:>10.5f}", judged->precision(), judged->recall(),
                          judged->f1());
    text += '\n';
  }
  return text;
}

Exit run(const Request& request) {
  auto const people = read_lists(request.input);
  if (!people) return complain(people.error());
  auto const found = match_people(request.input, *people);
  if (!found) return complain(found.error());
  bool const link = request.input.match.link;
  std::vector<Row> rows;
  for (double const probability : thresholds)
    rows.push_back(
        {probability, judge_pairs(*found, *people, link, bits_of(probability)),
         judge_persons(persons_at(probability, *found, people->table, link), *people, link)});
  double const complete = completeness(*found, *people, link);
  std::cout << (request.json ? json_of(*people, complete, rows) : text_of(*people, complete, rows));
  return Exit::ok;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  add_people_options(command, request->input);
  command
      .add_option("--truth", request->input.people.truth,
                  "Column that names the person: judges the result, and is not used for it")
      ->required();
  add_link_option(command, request->input);
  add_model_option(command, request->input);
  add_known_options(command, request->input);
  command.add_flag("--guard-twins", request->input.match.guard_twins, "As for dedupe");
  add_thread_option(command, request->input);
  command.add_flag("--json", request->json, "As one line of JSON");
  return [request] { return run(*request); };
}

}  // namespace

const Verb match_evaluate_verb{"evaluate", "Precision and recall at each threshold", examples,
                               setup};

}  // namespace hl7flow::cli
