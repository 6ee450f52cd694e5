// hl7flow persons train: how records of one person agree, from those of a state.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <hl7flow/adapters/cli/persons/person_state.h>
#include <hl7flow/adapters/cli/persons/person_verbs.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/adapters/cli/whole_files.h>
#include <hl7flow/parsers/linkage/weights_file.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

// Of fewer, one in ten is an error of the other kind now and then.
constexpr double links_least = 100;

constexpr Example examples[] = {
    {"hl7flow persons train state/ --out weights.json", "learn from the persons of a state"},
    {"hl7flow convert messages/ --out warehouse --identify-state new-state/ --identify-weights "
     "weights.json",
     "and use it"},
};

struct Request {
  std::string state, out = "weights.json";
  bool overwrite = false;
};

std::string report(const LearnedWeights& learned) {
  std::string text = fmt::format(
      "{} records, {} pairs that share a key; {} of them are of one person\n"
      "  {:<16}{:>9}{:>9}   by default\n",
      grouped(learned.records), grouped(learned.pairs),
      grouped(static_cast<std::uint64_t>(learned.expected_links)), "", "exact", "differs");
  AspectWeights const usual = default_weights(), made = learned.weights();
  for (std::size_t k = 0; k < aspect_count; ++k) {
    auto const aspect = static_cast<Aspect>(k);
    Level const top = top_of(aspect);
    bool const is_usual =
        std::find(learned.usual.begin(), learned.usual.end(), aspect) != learned.usual.end();
    text += fmt::format("  {:<16}{:>9.2f}{:>9.2f}{:>9.2f}{:>9.2f}{}\n", name(aspect),
                        made.bits[k][top], made.bits[k][1], usual.bits[k][top], usual.bits[k][1],
                        is_usual ? "  (too few have it)"
                        : aspect == Aspect::city && learned.city_follows
                            ? "  (follows from the postcode)"
                            : "");
  }
  if (made.knows_households)
    text += fmt::format("  for each pair of one person {:.1f} of two who live together\n",
                        learned.model.household_prior / learned.model.prior);
  return text;
}

Exit run(const Request& request) {
  std::error_code error;
  if (!request.overwrite && std::filesystem::exists(request.out, error))
    return complain({ErrorCode::exists, request.out + " exists already (--overwrite replaces it)"});
  auto const state = read_person_state(request.state, false);
  if (!state) return complain(state.error());
  PersonRegistry const& registry = state->known->registry();
  auto const learned = learn_weights(state->size(), [&](std::size_t k) -> const PackedPerson& {
    return registry.described(static_cast<RecordNumber>(k));
  });
  if (learned.expected_links < links_least)
    return complain({ErrorCode::usage,
                     fmt::format("there is too little to learn from: of {} records that say "
                                 "something of a person about {:.0f} pairs are of one, and {:.0f} "
                                 "are needed; the default weights are for such states",
                                 grouped(learned.records), learned.expected_links, links_least)});
  if (auto done = write_whole_file(request.out, weights_json(learned)); !done)
    return complain(done.error());
  std::cerr << report(learned) << "written to " << request.out << "\n";
  return Exit::ok;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("state", request->state, "Folder of convert --identify-state")->required();
  command.add_option("-o,--out", request->out, "The file of weights (default weights.json)");
  command.add_flag("--overwrite", request->overwrite, "Replace the file");
  return [request] { return run(*request); };
}

}  // namespace

const Verb persons_train_verb{"train", "Learn weights from the persons of a state", examples,
                              setup};

}  // namespace hl7flow::cli
