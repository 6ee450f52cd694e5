#include <hl7flow/parsers/codes/code_resolver.h>

#include <algorithm>

#include <hl7flow/parsers/codes/code_form.h>

namespace hl7flow::codes {

namespace {

constexpr int steps_max = 3;
constexpr std::string_view how_names[] = {"none", "exact", "alias", "successor", "map"};
constexpr std::string_view miss_names[] = {
    "none",    "no_code",        "unknown_system", "unknown_code", "bad_form", "bad_check_digit",
    "retired", "not_valid_then", "ambiguous",      "unmatched"};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Answer missed(Miss miss, std::uint32_t source = no_concept) {
  Answer answer;
  answer.miss = miss;
  answer.source = source;
  return answer;
}

/// What two relations, one behind the other, come to.
Equivalence joined(Equivalence first, Equivalence second) {
  if (first == Equivalence::equivalent || first == second) return second;
  if (second == Equivalence::equivalent) return first;
  bool const is_related = first == Equivalence::related || second == Equivalence::related;
  return is_related ? Equivalence::related : Equivalence::inexact;
}

/// Why there is no answer says the more, the nearer it came to one.
int weight(Miss miss) {
  switch (miss) {
    case Miss::ambiguous:
    case Miss::unmatched:
      return 5;
    case Miss::retired:
    case Miss::not_valid_then:
      return 4;
    case Miss::unknown_code:
      return 3;
    case Miss::bad_form:
    case Miss::bad_check_digit:
      return 2;
    case Miss::unknown_system:
      return 1;
    case Miss::none:
    case Miss::no_code:
      break;
  }
  return 0;
}

/// Targets of one map: a run of those of a concept, which are sorted by map.
std::span<const TargetRecord> next_run(std::span<const TargetRecord>& rest) {
  std::size_t size = 0;
  while (size < rest.size() && rest[size].map == rest[0].map) ++size;
  auto const run = rest.first(size);
  rest = rest.subspan(size);
  return run;
}

Answer choose(std::span<const TargetRecord> run, Several several) {
  const TargetRecord* first = nullptr;
  std::uint16_t count = 0;
  for (TargetRecord const& target : run) {
    if (target.target == no_concept) continue;
    if (first == nullptr) first = &target;
    ++count;
  }
  if (first == nullptr) return missed(Miss::unmatched);
  bool const conditional = first->rule.size != 0;
  Answer answer;
  answer.candidates = count;
  if (several == Several::refuse && (count > 1 || conditional)) {
    answer.miss = Miss::ambiguous;
    return answer;
  }
  answer.how = How::map;
  answer.miss = Miss::none;
  answer.target = first->target;
  answer.map = first->map;
  answer.equivalence = first->equivalence;
  answer.hops = 1;
  return answer;
}

}  // namespace

std::string_view name(How how) noexcept { return how_names[static_cast<std::size_t>(how)]; }
std::string_view name(Miss miss) noexcept { return miss_names[static_cast<std::size_t>(miss)]; }

Resolver::Resolver(const CodeStore& store, Several several) : store_(store), several_(several) {
  families_.reserve(store.systems().size());
  for (SystemRecord const& system : store.systems())
    families_.push_back(static_cast<std::uint8_t>(family_of(store.text(system.name))));
}

Resolver::Found Resolver::find(SystemId system, std::string_view code) const noexcept {
  Found found;
  found.subject = store_.find(system, code);
  if (found.subject != no_concept) return found;
  auto const family = static_cast<Family>(families_[system]);
  CodeText normal;
  bool const has_form = normal_form(family, code, normal);
  if (has_form && normal.view() != code) {
    found.subject = store_.find(system, normal.view());
    found.in_other_spelling = true;
    if (found.subject != no_concept) return found;
  }
  std::array<CodeText, 3> candidates;
  std::size_t const count = family == Family::ndc ? ndc_candidates(code, candidates) : 0;
  for (std::size_t k = 0; k < count; ++k) {
    std::uint32_t const subject = store_.find(system, candidates[k].view());
    if (subject == no_concept) continue;
    if (found.subject != no_concept && found.subject != subject) {
      found = {no_concept, true, Miss::ambiguous};
      return found;
    }
    found.subject = subject;
    found.in_other_spelling = true;
  }
  if (found.subject != no_concept) return found;
  Form const form = has_form    ? check_form(family, normal.view())
                    : count > 0 ? Form::good
                                : Form::bad_form;
  found.miss = form == Form::bad_form          ? Miss::bad_form
               : form == Form::bad_check_digit ? Miss::bad_check_digit
                                               : Miss::unknown_code;
  return found;
}

Answer Resolver::successor_of(std::uint32_t subject, std::uint32_t as_of,
                              int steps) const noexcept {
  auto rest = store_.targets_of(subject);
  while (!rest.empty()) {
    auto const run = next_run(rest);
    if (run[0].map >= store_.maps().size() || store_.maps()[run[0].map].kind != MapKind::successor)
      continue;
    // Several successors are never chosen from: which of them was meant, nobody knows.
    Answer answer = choose(run, Several::refuse);
    answer.source = subject;
    if (!answer.found() || answer.target >= store_.concepts().size()) return answer;
    answer.how = How::successor;
    ConceptRecord const& next = store_.concepts()[answer.target];
    if (next.status < CodeStatus::deprecated || steps <= 1) return answer;
    Answer further = successor_of(answer.target, as_of, steps - 1);
    further.source = subject;
    return further;
  }
  return missed(Miss::retired, subject);
}

Answer Resolver::follow(std::uint32_t subject, SystemId wanted, std::uint32_t as_of,
                        int steps) const noexcept {
  auto const maps = store_.maps();
  auto rest = store_.targets_of(subject);
  while (!rest.empty()) {
    auto const run = next_run(rest);
    if (run[0].map >= maps.size() || maps[run[0].map].kind != MapKind::translation) continue;
    SystemId const target = maps[run[0].map].target;
    if (target != wanted && target != no_system) continue;
    // The first map that knows the code decides, even that there is no answer.
    Answer answer = choose(run, several_);
    if (answer.found() && answer.target < store_.concepts().size() &&
        store_.concepts()[answer.target].status >= CodeStatus::deprecated) {
      // The map is older than the release: its target has a successor, or stays as it is.
      Answer const next = successor_of(answer.target, as_of, steps_max);
      if (next.found()) answer.target = next.target;
    }
    answer.source = subject;
    return answer;
  }
  Answer const unknown = missed(Miss::unknown_code, subject);
  if (steps <= 1) return unknown;
  rest = store_.targets_of(subject);
  while (!rest.empty()) {
    auto const run = next_run(rest);
    if (run[0].map >= maps.size() || maps[run[0].map].target == wanted) continue;
    Answer const step = choose(run, Several::refuse);
    if (!step.found()) continue;
    Answer answer = follow(step.target, wanted, as_of, steps - 1);
    if (!answer.found()) continue;
    answer.equivalence = joined(step.equivalence, answer.equivalence);
    ++answer.hops;
    answer.source = subject;
    return answer;
  }
  return unknown;
}

Answer Resolver::resolve(const Question& question,
                         std::span<const SystemId> wanted) const noexcept {
  std::string_view const code = trimmed(question.code);
  if (code.empty()) return missed(Miss::no_code);
  SystemId const system = store_.find_system(question.system);
  if (system == no_system) return missed(Miss::unknown_system);
  Answer answer = resolve_in(system, code, question.as_of, wanted);
  answer.system = system;
  return answer;
}

Answer Resolver::resolve_in(SystemId system, std::string_view code, std::uint32_t day,
                            std::span<const SystemId> wanted) const noexcept {
  Found const found = find(system, code);
  if (found.subject == no_concept) return missed(found.miss);
  Answer best = missed(Miss::unknown_code, found.subject);
  bool const is_wanted =
      wanted.empty() || std::find(wanted.begin(), wanted.end(), system) != wanted.end();
  if (is_wanted) {
    ConceptRecord const& subject = store_.concepts()[found.subject];
    bool const expired = day != 0 && subject.valid_to != 0 && day > subject.valid_to;
    if (subject.status >= CodeStatus::deprecated || expired) {
      Answer answer = successor_of(found.subject, day, steps_max);
      if (expired && answer.miss == Miss::retired) answer.miss = Miss::not_valid_then;
      return answer;
    }
    if (day != 0 && subject.valid_from != 0 && day < subject.valid_from)
      return missed(Miss::not_valid_then, found.subject);
    best.how = found.in_other_spelling ? How::alias : How::exact;
    best.miss = Miss::none;
    best.target = found.subject;
    best.candidates = 1;
    return best;
  }
  for (SystemId const target : wanted) {
    Answer const answer = follow(found.subject, target, day, steps_max);
    if (answer.found()) return answer;
    if (weight(answer.miss) > weight(best.miss)) best = answer;
  }
  return best;
}

Answer Resolver::resolve(std::span<const Question> codings,
                         std::span<const SystemId> wanted) const noexcept {
  Answer best;
  for (std::size_t k = 0; k < codings.size(); ++k) {
    Answer answer = resolve(codings[k], wanted);
    answer.coding = static_cast<std::uint8_t>(k);
    bool const better = answer.found() ? !best.found() || answer.how < best.how
                                       : !best.found() && weight(answer.miss) > weight(best.miss);
    if (better) best = answer;
    if (best.how == How::exact) break;
  }
  return best;
}

std::vector<Answer> Resolver::all(const Question& question,
                                  std::span<const SystemId> wanted) const {
  std::vector<Answer> answers;
  Answer const one = resolve(question, wanted);
  if (one.found()) answers.push_back(one);
  if (one.source == no_concept) return answers;
  for (TargetRecord const& target : store_.targets_of(one.source)) {
    if (target.target >= store_.concepts().size() || target.map >= store_.maps().size()) continue;
    SystemId const system = store_.concepts()[target.target].system;
    bool const is_wanted =
        wanted.empty() || std::find(wanted.begin(), wanted.end(), system) != wanted.end();
    if (!is_wanted || (one.found() && target.target == one.target)) continue;
    Answer answer;
    answer.how = store_.maps()[target.map].kind == MapKind::successor ? How::successor : How::map;
    answer.miss = Miss::none;
    answer.source = one.source;
    answer.target = target.target;
    answer.map = target.map;
    answer.equivalence = target.equivalence;
    answer.hops = 1;
    answers.push_back(answer);
  }
  return answers;
}

}  // namespace hl7flow::codes
