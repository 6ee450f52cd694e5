#include <hl7flow/adapters/cli/match/golden.h>

#include <hl7flow/adapters/cli/csv_text.h>
#include <hl7flow/adapters/cli/match/record_groups.h>
#include <hl7flow/adapters/cli/match/text_in_pieces.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

/// Dates come in many forms, of which a reader wants one.
std::string_view shown(const PersonTable& table, Role role, std::uint32_t record) {
  return role == Role::birth_date ? table.text(role, record) : table.written(role, record);
}

}  // namespace

Result<Survivorship, Failure> read_survivorship(const std::vector<std::string>& texts,
                                                const People& people, bool has_times) {
  std::vector<std::string> fields;
  for (Role const role : people.table.roles()) fields.emplace_back(name(role));
  auto made = Survivorship::read(texts, fields, SurvivorRule::most_frequent);
  if (made && made->uses(SurvivorRule::newest) && !has_times)
    return fail(ErrorCode::usage,
                "survivorship newest needs --as-of COLUMN, which says when a record was so");
  return made;
}

std::string persons_csv(const Matching& found, const People& people,
                        const Survivorship& survivorship, std::size_t threads) {
  PersonTable const& table = people.table;
  auto const roles = table.roles();
  std::string head = "person_id,records";
  for (Role const role : roles) append_formatted(head, ",{0},{0}_from", name(role));
  head += '\n';
  RecordGroups const persons(found.persons);
  auto const write = [&](std::size_t begin, std::size_t end, std::string& text) {
    std::vector<SurvivorCandidate> candidates;
    std::vector<std::uint32_t> saying;
    for (std::size_t k = begin; k < end; ++k) {
      auto const records = persons[k];
      append_formatted(text, "{},{}", csv_field(people.ids[records.front()]), records.size());
      for (std::size_t field = 0; field < roles.size(); ++field) {
        Role const role = roles[field];
        candidates.clear();
        saying.clear();
        for (std::uint32_t const record : records) {
          if (table.value(role, record) == 0) continue;
          saying.push_back(record);
          candidates.push_back(
              {table.text(role, record), characters_of(table.written(role, record)),
               people.as_of.empty() ? 0 : people.as_of[record], table.source(record)});
        }
        if (saying.empty()) {
          text += ",,";
          continue;
        }
        std::uint32_t const record = saying[survivor_of(survivorship.rule_of(field), candidates)];
        append_formatted(text, ",{},{}", csv_field(shown(table, role, record)),
                         csv_field(people.ids[record]));
      }
      text += '\n';
    }
  };
  return text_in_pieces(std::move(head), persons.size(), threads, write);
}

}  // namespace hl7flow::cli
