// hl7flow persons explain: who a record is, what was said of it, and how alike its person's records
// are.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include <hl7flow/adapters/cli/persons/person_state.h>
#include <hl7flow/adapters/cli/persons/person_verbs.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;
using stages::PersonStatement;

constexpr Example examples[] = {
    {"hl7flow persons explain state/ --record HOSP:4711", "a record: AUTHORITY:IDENTIFIER"},
    {"hl7flow persons explain state/ --record HOSP:4711 --other LAB:99",
     "why these two, or why not"},
    {"hl7flow persons explain state/ --record HOSP:4711 --values", "with what was said"},
};

struct Request {
  std::string state, record, other;
  bool values = false;
};

/// Failures: not_found.
Result<RecordNumber, Failure> find_record(const PersonState& state, std::string_view text) {
  std::size_t const colon = text.find(':');
  if (colon == std::string_view::npos)
    return fail(ErrorCode::usage, "a record is AUTHORITY:IDENTIFIER, such as HOSP:4711");
  auto const found =
      state.known->registry().find(record_key(text.substr(0, colon), text.substr(colon + 1)));
  if (!found) return fail(ErrorCode::not_found, "the state knows no such record");
  return *found;
}

std::string described_text(const PersonStatement& statement, bool values) {
  std::string text = statement.is_repeated ? "described again:" : "described:";
  for (std::size_t k = 0; k < group_count; ++k) {
    auto const group = static_cast<Group>(k);
    bool const clears = (statement.cleared & bit_of(group)) != 0;
    if (!clears && (statement.said & bit_of(group)) == 0) continue;
    text += fmt::format(" {}{}", name(group), clears ? " deleted" : "");
    if (!values || clears || statement.is_repeated) continue;
    for (PersonField const& field : fields_of(group))
      if (!(statement.texts.*field.text).empty())
        text += fmt::format(" \"{}\"", statement.texts.*field.text);
  }
  return text;
}

std::string statement_text(const PersonStatement& statement, bool values) {
  if (statement.kind == EvidenceKind::describes) return described_text(statement, values);
  if (statement.kind == EvidenceKind::gone) return "deleted by a sender";
  constexpr std::string_view whose[] = {"one list of identifiers", "a sender", "a decision"};
  constexpr std::string_view what[] = {"", "the same person as", "not the same person as",
                                       "no word any more on whether the same person as"};
  return fmt::format("{}: {} {}", whose[static_cast<std::size_t>(statement.authority)],
                     what[static_cast<std::size_t>(statement.kind)], record_text(statement.other));
}

/// The evidence of likeness, from the odds of any two records to the sum.
std::string pair_text(const PersonState& state, RecordNumber a, RecordNumber b) {
  PersonRegistry const& registry = state.known->registry();
  PackedPerson const &one = registry.described(a), &other = registry.described(b);
  std::string text = fmt::format("{} and {}\n", record_text(state.known->name_of(a)),
                                 record_text(state.known->name_of(b)));
  if (one == PackedPerson{} || other == PackedPerson{})
    return text + "  nothing is known of one of them but its number\n";
  AspectLevels const levels = compare(one, other);
  AspectWeights const& weights = registry.options().weights;
  auto const row = [&](std::string_view what, float bits, std::string_view how) {
    auto const bar = static_cast<std::size_t>(std::clamp(std::abs(bits), 0.0f, 20.0f));
    text += fmt::format("  {:<15}{:>8.2f} {:<10}{}\n", what, bits, how,
                        std::string(bar, bits < 0 ? '-' : '+'));
  };
  row("any two records", weights.prior, "");
  auto const said = bits_of(weights, levels);
  for (std::size_t k = 0; k < aspect_count; ++k) {
    auto const aspect = static_cast<Aspect>(k);
    Level const level = levels[k];
    if (level == 0 || weights.bits[k][level] == 0) continue;
    row(name(aspect), said[k],
        level == top_of(aspect) ? "exact"
        : level == 1            ? "different"
                                : fmt::format("level {}", level));
  }
  if (float const kin = household_bits(weights, levels); kin < -0.005f) row("perhaps kin", kin, "");
  float const bits = score(weights, one, other);
  Caution const why = caution(one, other, levels);
  if (why != Caution::none) text += fmt::format("  {:<15}left to a person to decide\n", name(why));
  return text + fmt::format("  {:<15}{:>8.2f} bits: probability {:.6f}\n", "sum", bits,
                            1 / (1 + std::exp2(-static_cast<double>(bits))));
}

Status print_statements(const Request& request, const PersonState& state,
                        const std::vector<RecordNumber>& records) {
  std::vector<RecordKey> keys;
  keys.reserve(records.size());
  for (RecordNumber const record : records) keys.push_back(state.known->registry().key(record));
  auto const statements = statements_about(request.state, keys);
  if (!statements) return tl::unexpected<Failure>(statements.error());
  std::cout << "what was said, in the order of arrival\n";
  for (std::string const& bytes : *statements) {
    std::string_view rest = bytes;
    auto const statement = stages::take_statement(rest);
    if (!statement) return tl::unexpected<Failure>(statement.error());
    std::cout << fmt::format("  {:<19}  {:<24}  {}\n", time_text(statement->at),
                             record_text(statement->record),
                             statement_text(*statement, request.values));
  }
  return {};
}

Exit run(const Request& request) {
  auto state = read_person_state(request.state, false);
  if (!state) return complain(state.error());
  auto const record = find_record(*state, request.record);
  if (!record) return complain(record.error());
  RecordNumber other = *record;
  if (!request.other.empty()) {
    auto const found = find_record(*state, request.other);
    if (!found) return complain(found.error());
    other = *found;
  }
  std::vector<RecordNumber> records;
  if (other != *record)
    records = {*record, other};
  else
    for (RecordNumber k = 0; k < state->size(); ++k)
      if (state->person(k) == state->person(*record)) records.push_back(k);
  for (RecordNumber const one : records)
    std::cout << fmt::format("{:<24} person {}\n", record_text(state->known->name_of(one)),
                             id_text(state->known->person_of(one)));
  for (RecordNumber const one : records)
    if (one != *record) std::cout << pair_text(*state, *record, one);
  // The log is read again from the store, which one can have open.
  state->known->close_store();
  if (auto done = print_statements(request, *state, records); !done) return complain(done.error());
  return state->person(*record) == state->person(other) ? Exit::ok : Exit::no;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("state", request->state, "Folder of convert --identify-state")->required();
  command.add_option("--record", request->record, "AUTHORITY:IDENTIFIER")->required();
  command.add_option("--other", request->other,
                     "Another record: the evidence for and against the two being one person; "
                     "exits with 1 if they are two");
  command.add_flag("--values", request->values, "Show what was said, which is of patients");
  return [request] { return run(*request); };
}

}  // namespace

const Verb persons_explain_verb{"explain", "Show who a record is, and what was said of it",
                                examples, setup};

}  // namespace hl7flow::cli
