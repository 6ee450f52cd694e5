#include <hl7flow/adapters/cli/match/judgment.h>

#include <map>

namespace hl7flow::cli {
namespace {

using namespace linkage;

/// Calls visit(members) for each true person's records.
template <class Visit>
void for_each_person(const People& people, Visit&& visit) {
  std::map<std::string, std::vector<std::uint32_t>> persons;
  for (std::uint32_t k = 0; k < people.truth.size(); ++k) persons[people.truth[k]].push_back(k);
  for (auto const& [name, records] : persons) visit(records);
}

double true_pairs(const People& people, bool link) {
  double sum = 0;
  for_each_person(people,
                  [&](auto const& records) { sum += pairs_among(records, people.table, link); });
  return sum;
}

}  // namespace

Agreement judge_pairs(const Matching& found, const People& people, bool link, double least_bits) {
  Agreement judged;
  for (ScoredPair const& one : found.pairs)
    if (one.bits >= least_bits)
      (people.truth[one.pair.a] == people.truth[one.pair.b] ? judged.right : judged.wrong) += 1;
  judged.missed = true_pairs(people, link) - judged.right;
  return judged;
}

Agreement judge_persons(const std::vector<std::uint32_t>& person_of, const People& people,
                        bool link) {
  Agreement judged;
  std::map<std::uint32_t, std::vector<std::uint32_t>> persons;
  for (std::uint32_t k = 0; k < person_of.size(); ++k) persons[person_of[k]].push_back(k);
  double all = 0;
  for (auto const& [person, records] : persons) {
    all += pairs_among(records, people.table, link);
    std::map<std::string, std::vector<std::uint32_t>> parts;
    for (std::uint32_t const record : records) parts[people.truth[record]].push_back(record);
    for (auto const& [truth, part] : parts) judged.right += pairs_among(part, people.table, link);
  }
  judged.wrong = all - judged.right;
  judged.missed = true_pairs(people, link) - judged.right;
  return judged;
}

double completeness(const Matching& found, const People& people, bool link) {
  double right = 0;
  for (ScoredPair const& one : found.pairs)
    right += people.truth[one.pair.a] == people.truth[one.pair.b] ? 1 : 0;
  double const all = true_pairs(people, link);
  return all > 0 ? right / all : 1;
}

}  // namespace hl7flow::cli
