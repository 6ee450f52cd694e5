// hl7flow persons export: the persons of a state as tables.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <hl7flow/adapters/cli/csv_text.h>
#include <hl7flow/adapters/cli/persons/person_state.h>
#include <hl7flow/adapters/cli/persons/person_verbs.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/adapters/cli/survivorship.h>
#include <hl7flow/adapters/cli/whole_files.h>

namespace hl7flow::cli {
namespace {

using linkage::Group;
using linkage::RecordNumber;

constexpr Example examples[] = {
    {"hl7flow persons export state/ --out persons", "a row for each person and for each record"},
    {"hl7flow persons export state/ --out persons --survivorship name=source --sources "
     "REGISTRY,LAB",
     "the name that the registry has, else the laboratory, else anybody"},
};

struct Request {
  std::string state, out;
  std::vector<std::string> survivorship, sources;
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

/// Where an assigning authority stands in the order of trust; those that are not named come last.
std::size_t place_of(std::string_view authority, const std::vector<std::string>& sources) {
  auto const at = std::find(sources.begin(), sources.end(), authority);
  return static_cast<std::size_t>(at - sources.begin());
}

/// What one says of a group of fields, so that those who say the same have the same text: case and
/// accents do not count.
std::string plain_text(const NewestWords& words, Group group) {
  constexpr linkage::Role roles[] = {linkage::Role::state,     linkage::Role::birth_date,
                                     linkage::Role::sex,       linkage::Role::address_line_1,
                                     linkage::Role::phone,     linkage::Role::email,
                                     linkage::Role::identifier};
  std::string text;
  for (std::string const& one : words.texts)
    text += linkage::normal_value(roles[static_cast<std::size_t>(group)], one) + '\n';
  return text;
}

/// The record whose words of a group are the person's; null if nobody says anything.
const RecordNumber* survivor_of(const PersonState& state, const std::vector<RecordNumber>& records,
                                std::size_t group, SurvivorRule rule,
                                const std::vector<std::string>& sources) {
  std::vector<const RecordNumber*> saying;
  std::vector<SurvivorCandidate> candidates;
  std::vector<std::string> texts;
  texts.reserve(records.size());  // candidates point into it
  for (RecordNumber const& record : records) {
    NewestWords const& words = state.words[record][group];
    if (!words.is_said) continue;
    saying.push_back(&record);
    bool const compares = rule == SurvivorRule::most_frequent || rule == SurvivorRule::source;
    texts.push_back(compares ? plain_text(words, static_cast<Group>(group)) : std::string());
    std::size_t length = 0;
    for (std::string const& one : words.texts) length += characters_of(one);
    candidates.push_back({texts.back(), length, words.at,
                          place_of(state.known->name_of(record).assigning_authority, sources)});
  }
  return saying.empty() ? nullptr : saying[cli::survivor_of(rule, candidates)];
}

std::string persons_csv(const PersonState& state, const Survivorship& survivorship,
                        const std::vector<std::string>& sources, std::size_t& count) {
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
      const RecordNumber* const from =
          survivor_of(state, records, k, survivorship.rule_of(k), sources);
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

Result<Survivorship, Failure> read_survivorship(const Request& request) {
  std::vector<std::string> groups;
  for (std::size_t k = 0; k < linkage::group_count; ++k)
    groups.emplace_back(name(static_cast<Group>(k)));
  auto made = Survivorship::read(request.survivorship, groups, SurvivorRule::newest);
  if (made && made->uses(SurvivorRule::source) && request.sources.empty())
    return fail(ErrorCode::usage,
                "survivorship source needs --sources NORTH,LAB: assigning authorities in order of "
                "trust");
  return made;
}

Exit run(const Request& request) {
  auto const survivorship = read_survivorship(request);
  if (!survivorship) return complain(survivorship.error());
  std::error_code error;
  if (!request.overwrite && std::filesystem::exists(request.out, error) &&
      !std::filesystem::is_empty(request.out, error))
    return complain({ErrorCode::exists, "the output folder is not empty: " + request.out +
                                            " (--overwrite replaces it)"});
  auto const state = read_person_state(request.state, true);
  if (!state) return complain(state.error());
  std::size_t count = 0;
  std::vector<WholeFile> const files = {
      {"persons.csv", persons_csv(*state, *survivorship, request.sources, count)},
      {"person_links.csv", links_csv(*state)},
      {"survivorship.json", survivorship->json() + "\n"}};
  if (auto done = write_whole_files(request.out, files); !done) return complain(done.error());
  std::cerr << grouped(state->statements) << " statements about " << grouped(state->size())
            << " records of " << grouped(count) << " persons\nwritten to " << request.out << "\n";
  return Exit::ok;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("state", request->state, "Folder of convert --identify-state")->required();
  command
      .add_option("-o,--out", request->out,
                  "Folder for persons.csv, person_links.csv and survivorship.json")
      ->required();
  add_survivorship_option(
      command, request->survivorship,
      "Whose words are the person's, for all groups of fields (RULE) or one (GROUP=RULE): newest "
      "(default), most_frequent, longest, first, source (by --sources). Groups are name, "
      "birth_date, sex, address, phone, email, identifier");
  command
      .add_option("--sources", request->sources,
                  "Assigning authorities in order of trust; others come last")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--overwrite", request->overwrite, "Replace what the folder holds");
  return [request] { return run(*request); };
}

}  // namespace

const Verb persons_export_verb{"export", "Write the persons of a state as tables", examples, setup};

}  // namespace hl7flow::cli
