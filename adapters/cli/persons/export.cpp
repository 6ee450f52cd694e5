// hl7flow persons export: the persons of a state as tables.

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include <hl7flow/adapters/cli/csv_text.h>
#include <hl7flow/adapters/cli/persons/person_state.h>
#include <hl7flow/adapters/cli/persons/person_verbs.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/adapters/cli/whole_files.h>

namespace hl7flow::cli {
namespace {

using linkage::Group;
using linkage::RecordNumber;

constexpr Example examples[] = {
    {"hl7flow persons export state/ --out persons", "a row for each person and for each record"},
};

struct Request {
  std::string state, out;
  bool overwrite = false;
};

std::string links_csv(const PersonState& state) {
  std::string text = "assigning_authority,identifier,person_id\n";
  for (RecordNumber record = 0; record < state.size(); ++record) {
    auto const name = state.known->name_of(record);
    text += fmt::format("{},{},{}\n", csv_field(name.assigning_authority),
                        csv_field(name.identifier), id_text(state.known->person_of(record)));
  }
  return text;
}

/// The record whose words of a group are the newest; of several, the one that came first.
const RecordNumber* newest_of(const PersonState& state, const std::vector<RecordNumber>& records,
                              std::size_t group) {
  const RecordNumber* best = nullptr;
  for (RecordNumber const& record : records) {
    NewestWords const& words = state.words[record][group];
    if (words.is_said && (best == nullptr || words.at > state.words[*best][group].at))
      best = &record;
  }
  return best;
}

std::string persons_csv(const PersonState& state, std::size_t& count) {
  std::string text = "person_id,records";
  for (std::size_t k = 0; k < linkage::group_count; ++k) {
    auto const group = static_cast<Group>(k);
    for (PersonField const& field : fields_of(group)) text += fmt::format(",{}", field.name);
    text += fmt::format(",{0}_from,{0}_at", name(group));
  }
  text += '\n';
  // A person has the number of the first of its records.
  std::vector<std::vector<RecordNumber>> persons(state.size());
  for (RecordNumber record = 0; record < state.size(); ++record)
    persons[state.person(record)].push_back(record);
  for (auto const& records : persons) {
    if (records.empty()) continue;
    ++count;
    text += fmt::format("{},{}", id_text(state.known->person_of(records.front())), records.size());
    for (std::size_t k = 0; k < linkage::group_count; ++k) {
      const RecordNumber* const from = newest_of(state, records, k);
      std::size_t const fields = fields_of(static_cast<Group>(k)).size();
      if (from == nullptr) {
        text.append(fields + 2, ',');
        continue;
      }
      NewestWords const& words = state.words[*from][k];
      for (std::string const& value : words.texts) text.append(",").append(csv_field(value));
      text += fmt::format(",{},{}", csv_field(record_text(state.known->name_of(*from))),
                          time_text(words.at));
    }
    text += '\n';
  }
  return text;
}

Exit run(const Request& request) {
  std::error_code error;
  if (!request.overwrite && std::filesystem::exists(request.out, error) &&
      !std::filesystem::is_empty(request.out, error))
    return complain({ErrorCode::exists, "the output folder is not empty: " + request.out +
                                            " (--overwrite replaces it)"});
  auto const state = read_person_state(request.state, true);
  if (!state) return complain(state.error());
  std::size_t count = 0;
  std::vector<WholeFile> const files = {{"persons.csv", persons_csv(*state, count)},
                                        {"person_links.csv", links_csv(*state)}};
  if (auto done = write_whole_files(request.out, files); !done) return complain(done.error());
  std::cerr << grouped(state->statements) << " statements about " << grouped(state->size())
            << " records of " << grouped(count) << " persons\nwritten to " << request.out << "\n";
  return Exit::ok;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("state", request->state, "Folder of convert --identify-state")->required();
  command.add_option("-o,--out", request->out, "Folder for persons.csv and person_links.csv")
      ->required();
  command.add_flag("--overwrite", request->overwrite, "Replace what the folder holds");
  return [request] { return run(*request); };
}

}  // namespace

const Verb persons_export_verb{"export", "Write the persons of a state as tables", examples, setup};

}  // namespace hl7flow::cli
