#include <hl7flow/adapters/cli/persons/person_state.h>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace hl7flow::cli {
namespace {

using linkage::EvidenceKind;
using linkage::Group;
using linkage::PersonTexts;
using stages::PersonStatement;

struct OpenState {
  std::shared_ptr<StateStore> store;
  LogPosition at;
};

Result<OpenState, Failure> open_state(const std::string& folder) {
  // Opening would make it.
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error))
    return fail(ErrorCode::not_found, "there is no folder " + folder);
  if (!StateStore::is_in(folder))
    return fail(ErrorCode::not_found, "there is no state in " + folder);
  auto store = StateStore::open(folder);
  if (!store) return tl::unexpected<Failure>(store.error());
  if (auto done = NumberedState::check_stage(**store, "identify"); !done)
    return tl::unexpected<Failure>(done.error());
  auto const at = LogPosition::read((*store)->mark());
  if (!at)
    return fail(ErrorCode::not_found, "no run of identify has finished with the state " + folder);
  return OpenState{std::move(*store), *at};
}

void take_words(const PersonStatement& statement,
                std::array<NewestWords, linkage::group_count>& words) {
  bool const is_gone = statement.kind == EvidenceKind::gone;
  if (!is_gone && statement.kind != EvidenceKind::describes) return;
  for (std::size_t k = 0; k < linkage::group_count; ++k) {
    auto const group = static_cast<Group>(k);
    bool const says = (statement.said & bit_of(group)) != 0;
    bool const clears = is_gone || (statement.cleared & bit_of(group)) != 0;
    NewestWords& newest = words[k];
    if ((!says && !clears) || statement.at < newest.at) continue;
    newest.at = statement.at;
    if (statement.is_repeated) continue;
    newest.is_said = says;
    newest.texts.clear();
    if (says)
      for (PersonField const& field : fields_of(group))
        newest.texts.emplace_back(statement.texts.*field.text);
  }
}

}  // namespace

std::string_view name(Group group) noexcept {
  constexpr std::string_view names[] = {"name",  "birth_date", "sex",       "address",
                                        "phone", "email",      "identifier"};
  return names[static_cast<std::size_t>(group)];
}

const std::vector<PersonField>& fields_of(Group group) {
  static const std::vector<PersonField> fields[] = {
      {{"family_name", &PersonTexts::family_name},
       {"given_name", &PersonTexts::given_name},
       {"suffix", &PersonTexts::suffix}},
      {{"birth_date", &PersonTexts::birth_date}},
      {{"sex", &PersonTexts::sex}},
      {{"address_line", &PersonTexts::address_line},
       {"city", &PersonTexts::city},
       {"postcode", &PersonTexts::postcode}},
      {{"phone", &PersonTexts::phone}},
      {{"email", &PersonTexts::email}},
      {{"national_number", &PersonTexts::identifier}}};
  return fields[static_cast<std::size_t>(group)];
}

Result<PersonState, Failure> read_person_state(const std::string& folder, bool with_words) {
  auto opened = open_state(folder);
  if (!opened) return tl::unexpected<Failure>(opened.error());
  auto options = stages::KnownPersons::options_of(*opened->store);
  if (!options) return tl::unexpected<Failure>(options.error());
  options->records = linkage::no_number / 2 - 1;
  PersonState state;
  state.statements = opened->at.next;
  auto known = stages::KnownPersons::open(
      std::move(opened->store), opened->at, *options,
      [&](const PersonStatement& statement, linkage::RecordNumber record) {
        if (!with_words) return;
        if (state.words.size() <= record) state.words.resize(record + 1);
        take_words(statement, state.words[record]);
      });
  if (!known) return tl::unexpected<Failure>(known.error());
  state.known = std::move(*known);
  state.words.resize(state.known->registry().size());
  return state;
}

Result<std::vector<std::string>, Failure> statements_about(
    const std::string& folder, const std::vector<linkage::RecordKey>& records) {
  auto opened = open_state(folder);
  if (!opened) return tl::unexpected<Failure>(opened.error());
  std::vector<std::string> found;
  auto const is_wanted = [&](const stages::RecordNameView& name) {
    return std::find(records.begin(), records.end(),
                     linkage::record_key(name.assigning_authority, name.identifier)) !=
           records.end();
  };
  auto const log = stages::StatementLog::replay(
      *opened->store, opened->at,
      [&](std::string_view bytes, std::uint64_t count) -> Result<std::size_t, Failure> {
        std::size_t const size = bytes.size();
        for (; count > 0; --count) {
          std::string_view const begin = bytes;
          auto const statement = stages::take_statement(bytes);
          if (!statement) return tl::unexpected<Failure>(statement.error());
          bool const has_other =
              statement->kind != EvidenceKind::describes && statement->kind != EvidenceKind::gone;
          if (is_wanted(statement->record) || (has_other && is_wanted(statement->other)))
            found.emplace_back(begin.substr(0, begin.size() - bytes.size()));
        }
        return size - bytes.size();
      });
  if (!log) return tl::unexpected<Failure>(log.error());
  return found;
}

std::string record_text(const stages::RecordNameView& name) {
  return fmt::format("{}:{}", name.assigning_authority, name.identifier);
}

std::string time_text(std::uint32_t at) {
  return at == 0 ? std::string() : fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(at));
}

std::string id_text(const MessageId& id) { return {id.data(), id.size()}; }

}  // namespace hl7flow::cli
