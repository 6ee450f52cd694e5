// hl7flow match train: learns how records of one person agree, and keeps it.

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include <hl7flow/adapters/cli/match/evidence.h>
#include <hl7flow/adapters/cli/match/match_verbs.h>
#include <hl7flow/adapters/cli/match/model_file.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/adapters/cli/whole_files.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow match train patients.csv --out model.json", "learn from a long list"},
    {"hl7flow match dedupe today.csv --model model.json --out matched",
     "and use it on a short one"},
    {"hl7flow match train patients.csv --format splink --out splink.json", "for Splink"},
};

struct Request {
  MatchInput input;
  std::string out, format = "hl7flow";
  bool overwrite = false;
};

std::string report(const linkage::LinkageModel& model, const People& people) {
  std::string text = records_text(people);
  text += fmt::format("  learned      one pair in {:.0f} is one person; bits of a comparison:\n",
                      1 / model.prior);
  if (model.household_prior > 0)
    text += fmt::format("    for each pair of one person {:.1f} of two who live together\n",
                        model.household_prior / model.prior);
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    linkage::Comparison const& one = model.comparisons[k];
    text += fmt::format("    {:<16}{:>7.2f} {}, {:.2f} {}\n", linkage::name(one),
                        model.weight(k, one.top), level_label(one, one.top), model.weight(k, 1),
                        level_label(one, 1));
  }
  return text;
}

Exit run(const Request& request) {
  std::error_code error;
  if (!request.overwrite && std::filesystem::exists(request.out, error))
    return complain({ErrorCode::exists, request.out + " exists already (--overwrite replaces it)"});
  auto const people = read_lists(request.input);
  if (!people) return complain(people.error());
  linkage::BlockingReport blocking;
  linkage::LinkageModel const model = learn(people->table, request.input.match, &blocking);
  std::string text = request.format == "splink"
                         ? splink_settings(model, blocking, *people, request.input.match.link)
                         : model_text(model, blocking);
  if (auto done = write_whole_file(request.out, std::move(text)); !done)
    return complain(done.error());
  if (request.format == "splink" && model.household_prior > 0)
    std::cerr << "the lists hold households, of which a Splink model cannot know: it will take "
                 "some of them for one person\n";
  std::cerr << report(model, *people) << "written to " << request.out << "\n";
  return Exit::ok;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  add_people_options(command, request->input);
  add_link_option(command, request->input);
  command.add_option("-o,--out", request->out, "The model's file")->required();
  command
      .add_option("--format", request->format,
                  "hl7flow (default), or splink: settings that Splink 4 loads")
      ->check(CLI::IsMember({"hl7flow", "splink"}));
  add_thread_option(command, request->input);
  command.add_flag("--overwrite", request->overwrite, "Replace the file");
  return [request] { return run(*request); };
}

}  // namespace

const Verb match_train_verb{"train", "Learn a model from lists, to be used on others", examples,
                            setup};

}  // namespace hl7flow::cli
