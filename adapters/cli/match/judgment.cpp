#include <hl7flow/adapters/cli/match/judgment.h>

#include <algorithm>
#include <span>

#include <hl7flow/adapters/cli/match/record_groups.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

double true_pairs(const People& people, bool link) {
  double sum = 0;
  RecordGroups const persons(people.truth);
  for (std::size_t k = 0; k < persons.size(); ++k)
    sum += pairs_among(persons[k], people.table, link);
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
  double all = 0;
  RecordGroups const persons(person_of);
  std::vector<std::uint32_t> records;
  for (std::size_t k = 0; k < persons.size(); ++k) {
    all += pairs_among(persons[k], people.table, link);
    records.assign(persons[k].begin(), persons[k].end());
    auto const truth = [&](std::uint32_t record) { return people.truth[record]; };
    std::stable_sort(records.begin(), records.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return truth(a) < truth(b); });
    for (std::size_t begin = 0, end = 0; begin < records.size(); begin = end) {
      while (end < records.size() && truth(records[end]) == truth(records[begin])) ++end;
      judged.right +=
          pairs_among(std::span(records).subspan(begin, end - begin), people.table, link);
    }
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
