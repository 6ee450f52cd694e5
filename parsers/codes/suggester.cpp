#include <hl7flow/parsers/codes/suggester.h>

#include <algorithm>
#include <cmath>

namespace hl7flow::codes {

namespace {

/// Groups of three letters, with the word's ends marked.
std::vector<std::string> letters_of(std::string_view word) {
  std::string const marked = "^" + std::string(word) + "$";
  std::vector<std::string> groups;
  for (std::size_t k = 0; k + 3 <= marked.size(); ++k) groups.push_back(marked.substr(k, 3));
  return groups;
}

/// What a unit says of the property: words that the displays of such concepts have.
std::string_view property_of(std::string_view unit) {
  std::string text(unit);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  auto const has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  if (text == "%") return "share fraction ratio";
  if (has("mol") && has("/")) return "moles mol";
  if (has("10*3") || has("10*6") || has("10*9") || has("10^") || has("k/u") || has("cells"))
    return "count number";
  if (has("[iu]") || has("u/l") || has("u/ml")) return "units activity arbitrary catalytic";
  if (has("g/") || has("g%")) return "mass";
  if (text == "s" || text == "sec" || text == "min") return "time";
  if (text == "fl") return "volume";
  return {};
}

bool has_any(std::string_view words, std::string_view in) {
  while (!words.empty()) {
    std::size_t const end = std::min(words.find(' '), words.size());
    if (in.find(words.substr(0, end)) != std::string_view::npos) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

/// The specimen that a name speaks of, as displays call it; empty if it speaks of none.
std::string_view specimen_of(std::string_view name) {
  constexpr std::string_view specimens[] = {"urine",    "cerebral", "stool",  "saliva",
                                            "arterial", "serum",    "plasma", "blood"};
  for (std::string const& word : normal_words(name))
    for (std::string_view const specimen : specimens)
      if (word == specimen) return specimen;
  return {};
}

/// Where a name speaks of no specimen, serum or plasma is meant before blood, and blood before
/// what is taken less often.
double specimen_fit(std::string_view specimen, std::string_view display) {
  bool const unusual = has_any("urine fluid stool cerebral spinal arterial saliva cord", display);
  bool const serum = has_any("serum plasma", display);
  if (specimen.empty() || specimen == "serum" || specimen == "plasma")
    return unusual ? 0.8 : serum ? 1 : specimen.empty() ? 0.95 : 0.9;
  return display.find(specimen) != std::string_view::npos ? 1 : 0.7;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

}  // namespace

Suggester::Suggester(const CodeStore& store, SystemId target) : store_(store) {
  for (std::uint32_t k = 0; k < store.concepts().size(); ++k) {
    ConceptRecord const& subject = store.concepts()[k];
    if (subject.system != target || subject.status >= CodeStatus::deprecated) continue;
    if ((subject.flags & listed) == 0 || (subject.flags & selectable) == 0) continue;
    add(k, store.display(k));
    for (NameRecord const& name : store.names_of(k))
      if (name.kind == NameKind::short_name || name.kind == NameKind::synonym ||
          name.kind == NameKind::component)
        add(k, store.text(name.text));
  }
  // A local name that is mapped already is another name of what it is mapped to.
  for (std::uint32_t k = 0; k < store.concepts().size(); ++k)
    for (TargetRecord const& one : store.targets_of(k))
      if (one.target < store.concepts().size() && store.concepts()[one.target].system == target &&
          store.concepts()[k].system != target && !store.display(k).empty())
        add(one.target, store.display(k));
  finish();
}

void Suggester::add(std::uint32_t subject, std::string_view name) {
  Candidate candidate{subject, {}, 0};
  for (std::string const& word : normal_words(name)) {
    auto const [known, is_new] =
        word_numbers_.try_emplace(word, static_cast<std::uint32_t>(words_.size()));
    if (is_new) words_.push_back(word);
    candidate.words.push_back(known->second);
  }
  std::sort(candidate.words.begin(), candidate.words.end());
  if (!candidate.words.empty()) candidates_.push_back(std::move(candidate));
}

void Suggester::finish() {
  candidates_of_.resize(words_.size());
  for (std::uint32_t k = 0; k < candidates_.size(); ++k)
    for (std::uint32_t const word : candidates_[k].words) candidates_of_[word].push_back(k);
  auto const count = static_cast<double>(candidates_.size());
  for (auto const& having : candidates_of_) {
    auto const some = static_cast<double>(having.size());
    rarities_.push_back(std::log(1 + (count - some + 0.5) / (some + 0.5)));
  }
  for (Candidate& candidate : candidates_)
    for (std::uint32_t const word : candidate.words) candidate.weight += rarity(word);
  for (std::uint32_t word = 0; word < words_.size(); ++word)
    for (std::string const& group : letters_of(words_[word]))
      words_of_letters_[group].push_back(word);
}

std::vector<std::pair<std::uint32_t, double>> Suggester::like(std::string_view word) const {
  std::vector<std::string> const groups = letters_of(word);
  std::map<std::uint32_t, std::size_t> shared;
  for (std::string const& group : groups) {
    auto const known = words_of_letters_.find(group);
    if (known == words_of_letters_.end()) continue;
    for (std::uint32_t const other : known->second) ++shared[other];
  }
  std::vector<std::pair<std::uint32_t, double>> found;
  for (auto const& [other, count] : shared) {
    std::string_view const whole = words_[other];
    double likeness =
        2.0 * static_cast<double>(count) / static_cast<double>(groups.size() + whole.size());
    // Names are cut off: "creatin" is the beginning of creatinine.
    if (word.size() >= 4 && whole.starts_with(word)) likeness = std::max(likeness, 0.8);
    if (likeness >= 0.5) found.emplace_back(other, std::min(likeness, 0.9));
  }
  return found;
}

std::vector<Suggestion> Suggester::suggest(const LocalCode& local, std::size_t limit) const {
  struct Asked {
    std::vector<std::pair<std::uint32_t, double>> known;  // words of the index, and how like
    double weight = 0;
  };
  std::vector<Asked> asked;
  double asked_weight = 0;
  double const most = std::log(1 + static_cast<double>(candidates_.size()) / 0.5);
  auto const ask = [&](std::string_view text, double share) {
    for (std::string const& word : normal_words(text)) {
      Asked one;
      auto const exact = word_numbers_.find(word);
      if (exact != word_numbers_.end())
        one.known = {{exact->second, 1.0}};
      else
        one.known = like(word);
      one.weight = share * (one.known.empty() ? most / 2 : rarity(one.known.front().first));
      asked_weight += one.weight;
      asked.push_back(std::move(one));
    }
  };
  ask(local.name, 1);
  if (asked.empty()) ask(local.code, 1);
  // What was ordered tells the specimen and the panel, less than the name of the result itself.
  if (!local.order.empty()) ask(local.order, 0.15);

  std::unordered_map<std::uint32_t, double> matched;  // by candidate
  std::unordered_map<std::uint32_t, std::string> reasons;
  for (Asked const& one : asked) {
    std::unordered_map<std::uint32_t, std::pair<double, std::uint32_t>> best;
    for (auto const& [word, likeness] : one.known)
      for (std::uint32_t const candidate : candidates_of_[word]) {
        double const gain = likeness * one.weight;
        auto& known = best[candidate];
        if (gain > known.first) known = {gain, word};
      }
    for (auto const& [candidate, gain] : best) {
      matched[candidate] += gain.first;
      std::string& why = reasons[candidate];
      why.append(why.empty() ? "" : ", ").append(words_[gain.second]);
    }
  }

  std::string_view const property = property_of(local.unit);
  std::string_view const specimen =
      specimen_of(std::string(local.name) + ' ' + std::string(local.order));
  std::unordered_map<std::uint32_t, Suggestion> by_subject;
  for (auto const& [number, gain] : matched) {
    Candidate const& candidate = candidates_[number];
    // Both ways: what of the local name was matched, and what of the concept's. Local names are
    // short, so that the first counts more.
    double const of_asked = gain / std::max(asked_weight, 1e-9);
    double const of_candidate = std::min(1.0, gain / std::max(candidate.weight, 1e-9));
    Suggestion one{candidate.subject, 0.7 * of_asked + 0.3 * of_candidate, reasons[number]};
    std::string const display = lowered(store_.display(candidate.subject));
    if (!property.empty()) {
      bool const fits = has_any(property, display);
      one.score *= fits ? 1.0 : 0.9;
      if (fits) one.why += "; unit fits";
    }
    one.score *= specimen_fit(specimen, display);
    std::uint32_t const rank = store_.concepts()[candidate.subject].rank;
    if (rank > 0) one.score *= 1 + 0.05 / (1 + std::log10(rank));
    one.score = std::min(one.score, 1.0);
    auto& known = by_subject[candidate.subject];
    if (known.subject == no_concept || one.score > known.score) known = std::move(one);
  }
  std::vector<Suggestion> found;
  found.reserve(by_subject.size());
  for (auto& [subject, one] : by_subject) found.push_back(std::move(one));
  std::sort(found.begin(), found.end(), [&](Suggestion const& a, Suggestion const& b) {
    if (a.score != b.score) return a.score > b.score;
    return store_.code(a.subject) < store_.code(b.subject);
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace hl7flow::codes
