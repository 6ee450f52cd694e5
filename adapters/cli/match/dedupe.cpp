// hl7flow match dedupe and link: which records are one person.

#include <fmt/format.h>

#include <iostream>

#include <hl7flow/adapters/cli/match/golden.h>
#include <hl7flow/adapters/cli/match/judgment.h>
#include <hl7flow/adapters/cli/match/match_verbs.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

constexpr Example dedupe_examples[] = {
    {"hl7flow match dedupe patients.csv --out matched", "one list, records of one person together"},
    {"hl7flow match dedupe a.csv b.csv --out matched --column mrn_ssn=identifier",
     "several lists that may repeat themselves, and what a column is"},
    {"hl7flow match dedupe patients.csv --out matched --decisions decided.csv",
     "what people decided holds: pairs.csv, its column decision filled in"},
    {"hl7flow match dedupe patients.csv --rule identifier+birth_date",
     "what makes two records one person anyway"},
    {"hl7flow match dedupe a.csv b.csv --out matched --survivorship source --survivorship "
     "phone=newest --as-of updated",
     "whose values a person has"},
    {"hl7flow match dedupe febrl.csv --truth person", "judged by a column that knows"},
};
constexpr Example link_examples[] = {
    {"hl7flow match link hospital.csv registry.csv --out matched",
     "two lists, neither of which has anyone twice"},
};

struct Request {
  MatchInput input;
  std::string out;
  std::vector<std::string> survivorship;
  bool overwrite = false, json = false;
};

std::string agreement_text(std::string_view what, const Agreement& judged) {
  return fmt::format(
      "  {:<12} F1 {:.5f}, precision {:.5f}, recall {:.5f}: {} right, {} wrong, {} "
      "missed\n",
      what, judged.f1(), judged.precision(), judged.recall(),
      grouped(static_cast<std::uint64_t>(judged.right)),
      grouped(static_cast<std::uint64_t>(judged.wrong)),
      grouped(static_cast<std::uint64_t>(judged.missed)));
}

void report(const Request& request, const People& people, const Matching& found) {
  MatchOptions const& options = request.input.match;
  std::uint64_t links = 0, reviews = 0;
  for (linkage::ScoredPair const& one : found.pairs) {
    bool const link = one.bits >= bits_of(options.link_probability);
    links += link ? 1 : 0;
    reviews += !link && one.bits >= bits_of(options.review_probability) ? 1 : 0;
  }
  std::uint64_t persons = 0;  // each is named by its first record
  for (std::size_t k = 0; k < found.persons.size(); ++k) persons += found.persons[k] == k ? 1 : 0;
  std::string text = records_text(people);
  text += fmt::format("  compared     {} pairs that {} rules bring together\n",
                      grouped(found.pairs.size()), found.blocking.rules.size());
  text += fmt::format("  pairs        {} are one person, {} to review; the model expects {:.0f}\n",
                      grouped(links), grouped(reviews), found.expected_links);
  text += known_text(found);
  text += fmt::format("  persons      {}\n", grouped(persons));
  std::uint64_t const records = people.table.size();
  JsonObject json;
  json.add("records", records)
      .add("pairs_compared", std::uint64_t{found.pairs.size()})
      .add("links", links)
      .add("reviews", reviews)
      .add("expected_links", found.expected_links)
      .add("persons", persons);
  Decisions const& decided = found.known.decisions;
  if (!request.input.decisions.empty())
    json.add("decided", std::uint64_t{decided.pairs.size()})
        .add("decisions_without_record", decided.unknown);
  if (!people.truth.empty()) {
    auto const judge = [&](const char* what, const char* key, const Agreement& judged) {
      text += agreement_text(what, judged);
      json.add_json(key, JsonObject()
                             .add("f1", judged.f1())
                             .add("precision", judged.precision())
                             .add("recall", judged.recall())
                             .text());
    };
    double const complete = completeness(found, people, options.link);
    text += fmt::format("  candidates   {:.5f} of the true pairs were compared\n", complete);
    json.add("pair_completeness", complete);
    judge("by pairs", "by_pairs",
          judge_pairs(found, people, options.link, bits_of(options.link_probability)));
    judge("by persons", "by_persons", judge_persons(found.persons, people, options.link));
  }
  std::cerr << text;
  if (request.json) std::cout << json.text() << "\n";
}

Exit run(const Request& request) {
  PeopleOptions reading = request.input.people;
  reading.keeps_written = !request.out.empty();
  auto const people = read_people(request.input.files, reading, request.input.match.threads);
  if (!people) return complain(people.error());
  auto const survivorship =
      read_survivorship(request.survivorship, *people, !reading.as_of.empty());
  if (!survivorship) return complain(survivorship.error());
  auto const found = match_people(request.input, *people);
  if (!found) return complain(found.error());
  if (!request.out.empty()) {
    auto const written = write_matching(request.out, request.overwrite, *found, *people,
                                        request.input.match, *survivorship);
    if (!written) return complain(written.error());
  }
  report(request, *people, *found);
  if (!request.out.empty()) std::cerr << "written to " << request.out << "\n";
  return Exit::ok;
}

template <bool link>
std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  MatchInput& input = request->input;
  input.match.link = link;
  add_people_options(command, input, link ? 2 : 1, link ? 2 : 1 << 20);
  command.add_option("-o,--out", request->out,
                     "Folder for persons.csv, person_links.csv, pairs.csv, model.json and "
                     "survivorship.json");
  command
      .add_option("--probability", input.match.link_probability,
                  "Pairs join from here on (default 0.5)")
      ->check(CLI::Range(0.001, 0.999999));
  command
      .add_option("--review", input.match.review_probability,
                  "Pairs are listed for review from here on (default 0.05)")
      ->check(CLI::Range(0.0001, 0.999999));
  command.add_flag(
      "--guard-twins", input.match.guard_twins,
      "Two who share family name, birth date and home, but not the given name, are for "
      "review and do not join");
  command.add_option("--truth", input.people.truth,
                     "Column that names the person: judges the result, and is not used for it");
  add_model_option(command, input);
  add_known_options(command, input);
  add_survivorship_option(
      command, request->survivorship,
      "Whose value is the person's, for all fields (RULE) or one (FIELD=RULE): most_frequent "
      "(default), longest, first, newest (by --as-of), source (lists in order of trust)");
  command.add_option("--as-of", input.people.as_of,
                     "Column that says when a record was so: a date or a time, ISO 8601 or HL7");
  add_thread_option(command, input);
  command.add_flag("--overwrite", request->overwrite, "Replace what the folder holds");
  command.add_flag("--json", request->json, "Counts as a line of JSON on stdout");
  return [request] { return run(*request); };
}

}  // namespace

const Verb match_dedupe_verb{"dedupe", "Find the records of one person in one or more lists",
                             dedupe_examples, setup<false>};
const Verb match_link_verb{"link", "Find the persons of one list in another", link_examples,
                           setup<true>};

}  // namespace hl7flow::cli
