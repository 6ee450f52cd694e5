// hl7flow match explain: the evidence for and against two records being one person.

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <hl7flow/adapters/cli/match/explanation_page.h>
#include <hl7flow/adapters/cli/match/match_verbs.h>
#include <hl7flow/adapters/cli/whole_files.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

constexpr Example examples[] = {
    {"hl7flow match explain patients.csv --pair 17,2048", "two records by their ids"},
    {"hl7flow match explain patients.csv --pair 17,2048 --values", "with what they say"},
    {"hl7flow match explain patients.csv --person 17 --html why.html",
     "all records of a person, as a page with charts"},
};

struct Request {
  MatchInput input;
  std::vector<std::string> pair;
  std::string person, html;
  bool values = false, overwrite = false;
};

/// The records by their ids. Where several lists have those of a pair, the first is of the first
/// list and the second of the last. Failures: not_found.
Result<std::vector<std::uint32_t>, Failure> find_records(const People& people,
                                                         const std::vector<std::string>& ids) {
  std::vector<std::uint32_t> records;
  for (std::string const& id : ids) {
    auto const first = std::find(people.ids.begin(), people.ids.end(), id);
    if (first == people.ids.end())
      return fail(ErrorCode::not_found, "there is no record \"" + id + '"');
    auto const last = std::find(people.ids.rbegin(), people.ids.rend(), id).base() - 1;
    records.push_back(
        static_cast<std::uint32_t>((records.empty() ? first : last) - people.ids.begin()));
  }
  return records;
}

Status check(const Request& request) {
  if (request.pair.empty() == request.person.empty())
    return fail(ErrorCode::usage, "say what to explain: --pair ID,ID or --person ID");
  std::error_code error;
  if (!request.html.empty() && !request.overwrite && std::filesystem::exists(request.html, error))
    return fail(ErrorCode::exists, request.html + " exists already (--overwrite replaces it)");
  return {};
}

Exit run(const Request& request) {
  if (auto ok = check(request); !ok) return complain(ok.error());
  auto const people = read_lists(request.input);
  if (!people) return complain(people.error());
  bool const is_person = !request.person.empty();
  auto records = find_records(*people, is_person ? std::vector{request.person} : request.pair);
  if (!records) return complain(records.error());
  if (!is_person && (*records)[0] == (*records)[1])
    return complain({ErrorCode::usage, "--pair takes two different records"});
  auto const found = match_people(request.input, *people);
  if (!found) return complain(found.error());
  std::sort(records->begin(), records->end());
  std::uint32_t const first = records->front(), last = records->back();
  std::cout << (is_person ? person_explanation(*found, *people, first, request.values)
                          : explanation_of(*found, *people, {first, last}, request.values));
  if (!request.html.empty()) {
    PageSubject subject{is_person ? records_of_person(*found, first) : *records, is_person,
                        request.values, request.input.match.link_probability};
    if (auto done = write_whole_file(request.html, explanation_page(*found, *people, subject));
        !done)
      return complain(done.error());
    std::cerr << "written to " << request.html << "\n";
  }
  return found->persons[first] == found->persons[last] ? Exit::ok : Exit::no;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  add_people_options(command, request->input);
  command
      .add_option("--pair", request->pair,
                  "Ids of two records; if several lists have them, one of the first and one of the "
                  "last list")
      ->delimiter(',')
      ->expected(2);
  command.add_option("--person", request->person,
                     "Id of a record: all of its person, and the pairs among them");
  command.add_option("--html", request->html,
                     "Also a page with charts of the evidence and of the model, in one file");
  add_link_option(command, request->input);
  add_model_option(command, request->input);
  add_known_options(command, request->input);
  command.add_flag("--guard-twins", request->input.match.guard_twins, "As for dedupe");
  command.add_flag("--values", request->values, "Show the values; they are of patients");
  add_thread_option(command, request->input);
  command.add_flag("--overwrite", request->overwrite, "Replace the page");
  return [request] { return run(*request); };
}

}  // namespace

const Verb match_explain_verb{"explain", "Show the evidence for and against a pair", examples,
                              setup};

}  // namespace hl7flow::cli
