#include <hl7flow/adapters/cli/match/judgment.h>

#include <algorithm>

namespace hl7flow::cli {
namespace {

using namespace linkage;

/// Calls visit(records) for the records of each group of the same number.
template <class Visit>
void for_each_group(const std::vector<std::uint32_t>& number_of, Visit&& visit) {
  std::size_t const most = number_of.empty() ? 0 : *std::max_element(number_of.begin(), number_of.end());
  std::vector<std::uint32_t> begins(most + 2), order(number_of.size());
  for (std::uint32_t const number : number_of) ++begins[number + 1];
  for (std::size_t k = 1; k < begins.size(); ++k) begins[k] += begins[k - 1];
  for (std::uint32_t k = 0; k < order.size(); ++k) order[begins[number_of[k]]++] = k;
  std::vector<std::uint32_t> records;
  for (std::size_t k = 0; k < order.size(); ++k) {
    records.push_back(order[k]);
    if (k + 1 < order.size() && number_of[order[k]] == number_of[order[k + 1]]) continue;
    visit(records);
    records.clear();
  }
}

double true_pairs(const People& people, bool link) {
  double sum = 0;
  for_each_group(people.truth,
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
  double all = 0;
  std::vector<std::uint32_t> part;
  for_each_group(person_of, [&](std::vector<std::uint32_t>& records) {
    all += pairs_among(records, people.table, link);
    std::stable_sort(records.begin(), records.end(), [&](std::uint32_t a, std::uint32_t b) {
      return people.truth[a] < people.truth[b];
    });
    for (std::size_t k = 0; k < records.size(); ++k) {
      part.push_back(records[k]);
      if (k + 1 < records.size() && people.truth[records[k]] == people.truth[records[k + 1]])
        continue;
      judged.right += pairs_among(part, people.table, link);
      part.clear();
    }
  });
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
