#include <hl7flow/parsers/linkage/person_registry.h>

#include <algorithm>
#include <unordered_set>

#include <hl7flow/parsers/linkage/huge_array.h>
#include <hl7flow/parsers/linkage/person_blocks.h>
#include <hl7flow/parsers/linkage/person_partition.h>
#include <hl7flow/parsers/linkage/record_numbers.h>

namespace hl7flow::linkage {

namespace {

// Records that may be joined to one person; one more is left alone, and counted.
constexpr std::size_t component_max = 256;
constexpr float rule_bits = 40;

/// What ties a record to another one.
struct Tie {
  RecordNumber other;
  float bits = 0;  // of a link
  std::uint32_t at = 0;
  EvidenceKind kind = EvidenceKind::describes;  // same, different, open; describes: a link
  Authority authority = Authority::listed;
  bool is_link() const noexcept { return kind == EvidenceKind::describes; }
};

/// When each group of a record's fields came to be as it is.
using Times = std::array<std::uint32_t, group_count>;

}  // namespace

struct PersonRegistry::Body {
  explicit Body(const RegistryOptions& chosen) : options(chosen) {}

  RegistryOptions options;
  RecordNumbers numbers;
  GrowingArray<PackedPerson> described;
  GrowingArray<Times> times;
  GrowingArray<RecordKey> keys;
  GrowingArray<PersonNumber> persons;
  std::vector<bool> is_indexed, is_contested;
  std::vector<std::vector<Tie>> ties;
  PersonBlocks blocks;
  std::uint64_t left_alone = 0;
  std::unordered_set<std::uint64_t> cautioned;  // pairs that were for review because of a caution

  // Of one apply().
  std::vector<PersonChange> changes;
  std::vector<PersonReview> reviews;
  std::vector<RecordNumber> candidates, component, frontier, touched, contested_before;
  std::vector<PartitionNode> nodes;
  std::vector<PartitionBond> bonds;
  std::vector<PartitionLink> links;
  std::vector<PersonNumber> firsts, first_of_group;
  PersonPartition partition;

  RecordNumber find_or_add(const RecordKey& key) {
    RecordNumber const next = static_cast<RecordNumber>(keys.size());
    RecordNumber const found = numbers.find_or_add(key, next, keys);
    if (found != next) return found;
    keys.push_back(key);
    described.push_back({});
    times.push_back({});
    persons.push_back(no_number);
    is_indexed.push_back(false);
    is_contested.push_back(false);
    ties.emplace_back();
    return found;
  }

  float bits_of(const PackedPerson& a, const PackedPerson& b) const;
  bool describe(RecordNumber record, const Evidence& evidence);
  void unlink(RecordNumber record, std::vector<RecordNumber>& neighbours);
  bool is_linked(RecordNumber record) const {
    return std::any_of(ties[record].begin(), ties[record].end(),
                       [](Tie const& tie) { return tie.is_link(); });
  }
  void link(RecordNumber record, const BlockKeys& block_keys);
  bool bond(RecordNumber a, RecordNumber b, const Evidence& evidence);
  void forget(RecordNumber record, std::uint32_t at);
  void gather(std::span<const RecordNumber> seeds);
  void divide(std::span<const RecordNumber> seeds);
  void report_contested();
  void report_kept_apart();
  Doubt doubt_of(RecordNumber a, RecordNumber b) const;
  /// False if the pair was noted before.
  bool note_caution(RecordNumber a, RecordNumber b) {
    return cautioned.insert(std::uint64_t{std::min(a, b)} << 32 | std::max(a, b)).second;
  }
  void settle();
  const Tie* effective(RecordNumber a, RecordNumber b) const;
  /// Somebody said whether these are one person: nobody needs to look.
  bool is_settled(RecordNumber a, RecordNumber b) const {
    const Tie* const said = effective(a, b);
    return said != nullptr && said->kind != EvidenceKind::open;
  }
  void best_of(PersonChange& change) const;
};

float PersonRegistry::Body::bits_of(const PackedPerson& a, const PackedPerson& b) const {
  float const bits = score(options.weights, a, b);
  if (options.rules.empty()) return bits;
  AspectLevels const levels = compare(a, b);
  auto const agrees = [&](Aspect aspect) {
    return levels[static_cast<std::size_t>(aspect)] == top_of(aspect);
  };
  for (std::vector<Aspect> const& rule : options.rules)
    if (std::all_of(rule.begin(), rule.end(), agrees)) return std::max(bits, rule_bits);
  return bits;
}

/// Takes over what is newer; true if that changes anything.
bool PersonRegistry::Body::describe(RecordNumber record, const Evidence& evidence) {
  PackedPerson& person = described[record];
  Times& when = times[record];
  PackedPerson next = person;
  PackedPerson const nobody{};
  for (std::size_t k = 0; k < group_count; ++k) {
    auto const group = static_cast<Group>(k);
    bool const says = ((evidence.said | evidence.cleared) & bit_of(group)) != 0;
    if (!says || evidence.at < when[k]) continue;
    when[k] = evidence.at;
    take_group(next, (evidence.said & bit_of(group)) != 0 ? evidence.person : nobody, group);
  }
  if (next == person) return false;
  person = next;
  return true;
}

/// Takes a record's links away, and names whom they led to.
void PersonRegistry::Body::unlink(RecordNumber record, std::vector<RecordNumber>& neighbours) {
  for (Tie const& tie : ties[record]) {
    if (!tie.is_link()) continue;
    neighbours.push_back(tie.other);
    std::erase_if(ties[tie.other],
                  [&](Tie const& back) { return back.is_link() && back.other == record; });
  }
  std::erase_if(ties[record], [](Tie const& tie) { return tie.is_link(); });
}

void PersonRegistry::Body::link(RecordNumber record, const BlockKeys& block_keys) {
  candidates.clear();
  blocks.find(block_keys, candidates);
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  PackedPerson const& person = described[record];
  for (RecordNumber const other : candidates) {
    if (other == record) continue;
    float const bits = bits_of(person, described[other]);
    if (bits >= options.link_bits) {
      ties[record].push_back({other, bits});
      ties[other].push_back({record, bits});
    } else if (!is_settled(record, other) && bits >= std::min(options.review_bits, caution_bits)) {
      AspectLevels const levels = compare(person, described[other]);
      Caution const why = caution(person, described[other], levels);
      if (why != Caution::none) note_caution(record, other);
      if (bits >= options.review_bits || why != Caution::none)
        reviews.push_back({std::min(record, other), std::max(record, other), bits, why});
    }
  }
}

/// Notes what was said of a pair; false if something newer was said before.
bool PersonRegistry::Body::bond(RecordNumber a, RecordNumber b, const Evidence& evidence) {
  auto const note = [&](RecordNumber from, RecordNumber to) {
    auto const known = std::find_if(ties[from].begin(), ties[from].end(), [&](Tie const& tie) {
      return tie.other == to && !tie.is_link() && tie.authority == evidence.authority;
    });
    if (known == ties[from].end()) {
      ties[from].push_back({to, 0, evidence.at, evidence.kind, evidence.authority});
      return true;
    }
    if (evidence.at < known->at) return false;
    bool const is_new = known->kind != evidence.kind;
    known->at = evidence.at;
    known->kind = evidence.kind;
    return is_new;
  };
  bool const is_new = note(a, b);
  note(b, a);
  return is_new;
}

void PersonRegistry::Body::forget(RecordNumber record, std::uint32_t at) {
  Times& when = times[record];
  PackedPerson const nobody{};
  for (std::size_t k = 0; k < group_count; ++k) {
    if (at < when[k]) continue;
    when[k] = at;
    take_group(described[record], nobody, static_cast<Group>(k));
  }
}

/// What counts of all that was said of a pair: what the highest authority says. A clerk who leaves
/// it open has taken the own word back, and senders are heard again; a sender's open is itself the
/// sender's word, that what a list said does not count.
const Tie* PersonRegistry::Body::effective(RecordNumber a, RecordNumber b) const {
  const Tie* found = nullptr;
  for (Tie const& tie : ties[a]) {
    if (tie.is_link() || tie.other != b) continue;
    if (tie.kind == EvidenceKind::open && tie.authority == Authority::clerk) continue;
    if (found == nullptr || tie.authority > found->authority) found = &tie;
  }
  return found;
}

/// All records that links and bonds lead to.
void PersonRegistry::Body::gather(std::span<const RecordNumber> seeds) {
  component.assign(seeds.begin(), seeds.end());
  std::sort(component.begin(), component.end());
  component.erase(std::unique(component.begin(), component.end()), component.end());
  frontier = component;
  while (!frontier.empty()) {
    RecordNumber const record = frontier.back();
    frontier.pop_back();
    for (Tie const& tie : ties[record]) {
      if (!tie.is_link() && tie.kind != EvidenceKind::same) continue;
      auto const at = std::lower_bound(component.begin(), component.end(), tie.other);
      if (at != component.end() && *at == tie.other) continue;
      component.insert(at, tie.other);
      frontier.push_back(tie.other);
    }
  }
}

void PersonRegistry::Body::divide(std::span<const RecordNumber> seeds) {
  gather(seeds);
  if (component.size() > component_max && is_linked(seeds.front())) {
    std::vector<RecordNumber> left(seeds.begin(), seeds.end());
    unlink(seeds.front(), left);
    ++left_alone;
    gather(left);
  }
  if (component.size() == 1) {
    firsts.assign(1, component.front());
    return settle();
  }
  auto const place_of = [&](RecordNumber record) {
    auto const at = std::lower_bound(component.begin(), component.end(), record);
    bool const found = at != component.end() && *at == record;
    return found ? static_cast<std::uint32_t>(at - component.begin()) : no_number;
  };
  nodes.clear();
  bonds.clear();
  links.clear();
  for (std::uint32_t k = 0; k < component.size(); ++k) {
    RecordNumber const record = component[k];
    nodes.push_back({keys[record], is_indexed[record]});
    for (Tie const& tie : ties[record]) {
      if (tie.other < record) continue;
      std::uint32_t const other = place_of(tie.other);
      if (other == no_number) continue;
      if (tie.is_link()) {
        links.push_back({k, other, tie.bits});
      } else if (&tie == effective(record, tie.other) && tie.kind != EvidenceKind::open) {
        bonds.push_back({k, other, tie.kind == EvidenceKind::same, tie.authority});
      }
    }
  }
  PartitionOptions how;
  how.margin_bits = options.margin_bits;
  auto const& groups = partition.divide(
      nodes, bonds, links, how,
      [&](std::uint32_t a, std::uint32_t b) {
        return bits_of(described[component[a]], described[component[b]]);
      },
      [&](std::uint32_t a, std::uint32_t b) { return doubt_of(component[a], component[b]); });
  // A person has the number of the first record; the component is in order of numbers.
  firsts.resize(component.size());
  first_of_group.assign(component.size(), no_number);
  for (std::uint32_t k = 0; k < component.size(); ++k) {
    PersonNumber& first = first_of_group[groups[k]];
    if (first == no_number) first = component[k];
    firsts[k] = first;
  }
  report_contested();
  report_kept_apart();
  settle();
}

Doubt PersonRegistry::Body::doubt_of(RecordNumber a, RecordNumber b) const {
  PackedPerson const &one = described[a], &other = described[b];
  if (!may_be_suspicious(one, other)) return Doubt::none;
  AspectLevels const levels = compare(one, other);
  if (suspicion(one, other, levels) == Caution::none) return Doubt::none;
  return caution(one, other, levels) == Caution::none ? Doubt::overruled : Doubt::forbids;
}

/// Two who were kept apart though links led from one to the other are for review, once.
void PersonRegistry::Body::report_kept_apart() {
  for (auto const& [one, other] : partition.kept_apart()) {
    RecordNumber const a = std::min(component[one], component[other]);
    RecordNumber const b = std::max(component[one], component[other]);
    if (is_settled(a, b) || !note_caution(a, b)) continue;
    PackedPerson const &first = described[a], &second = described[b];
    reviews.push_back(
        {a, b, bits_of(first, second), caution(first, second, compare(first, second))});
  }
}

/// A record that two persons came to claim is for review with the best of each, once.
void PersonRegistry::Body::report_contested() {
  contested_before.clear();
  for (RecordNumber const record : component) {
    if (!is_contested[record]) continue;
    is_contested[record] = false;
    contested_before.push_back(record);
  }
  for (auto const& [node, claims] : partition.contested()) {
    RecordNumber const record = component[node];
    is_contested[record] = true;
    if (std::binary_search(contested_before.begin(), contested_before.end(), record)) continue;
    for (const PartitionLink* const link : {claims.inside, claims.outside}) {
      if (link == nullptr) continue;
      RecordNumber const a = component[link->a], b = component[link->b];
      if (!is_settled(a, b))
        reviews.push_back({std::min(a, b), std::max(a, b), link->bits, Caution::none});
    }
  }
}

void PersonRegistry::Body::best_of(PersonChange& change) const {
  for (Tie const& tie : ties[change.record])
    if (tie.is_link() && persons[tie.other] == change.person &&
        (change.matched == no_number || tie.bits > change.bits ||
         (tie.bits == change.bits && tie.other < change.matched))) {
      change.matched = tie.other;
      change.bits = tie.bits;
    }
}

/// Says which records are of another person than before.
void PersonRegistry::Body::settle() {
  std::size_t const begin = changes.size();
  for (std::size_t k = 0; k < component.size(); ++k) {
    PersonNumber& person = persons[component[k]];
    if (person == firsts[k]) continue;
    changes.push_back({component[k], firsts[k], person});
    person = firsts[k];
  }
  for (std::size_t k = begin; k < changes.size(); ++k) best_of(changes[k]);
}

PersonRegistry::PersonRegistry(const RegistryOptions& options)
    : body_(std::make_unique<Body>(options)) {}
PersonRegistry::~PersonRegistry() = default;
PersonRegistry::PersonRegistry(PersonRegistry&&) noexcept = default;
PersonRegistry& PersonRegistry::operator=(PersonRegistry&&) noexcept = default;

Result<PersonRegistry::Outcome, Failure> PersonRegistry::apply(const Evidence& evidence) {
  Body& body = *body_;
  body.changes.clear();
  body.reviews.clear();
  std::size_t const known = body.keys.size();
  if (known + 2 > body.options.records_max)
    return fail(ErrorCode::out_of_room, "there are more patient records than fit: " +
                                            std::to_string(known) + "; option records of identify");
  RecordNumber const record = body.find_or_add(evidence.record);
  bool is_news = record >= known;
  std::vector<RecordNumber>& touched = body.touched;
  touched.clear();
  switch (evidence.kind) {
    case EvidenceKind::describes:
    case EvidenceKind::gone: {
      bool const was_indexed = body.is_indexed[record];
      PackedPerson const before = body.described[record];
      if (evidence.kind == EvidenceKind::gone) {
        body.forget(record, evidence.at);
        is_news |= !(body.described[record] == before);
      } else {
        is_news |= body.describe(record, evidence);
      }
      if (!is_news) break;
      touched.push_back(record);
      if (was_indexed) {
        body.unlink(record, touched);
        body.blocks.remove(block_keys(before), record);
        body.is_indexed[record] = false;
      }
      if (body.described[record] == PackedPerson{}) break;
      // Of a new record they were worked out before.
      bool const is_whole = body.described[record] == evidence.person;
      BlockKeys const keys = is_whole ? evidence.keys : block_keys(body.described[record]);
      body.link(record, keys);
      body.blocks.add(keys, record);
      body.is_indexed[record] = true;
      break;
    }
    default: {
      RecordNumber const other = body.find_or_add(evidence.other);
      if (other == record) break;
      is_news |= body.bond(record, other, evidence) || other >= known;
      if (is_news) touched = {record, other};
      break;
    }
  }
  if (!touched.empty()) body.divide(touched);
  if (body.persons[record] == no_number) {
    RecordNumber const alone[] = {record};
    body.divide(alone);
  }
  return Outcome{record, body.persons[record], is_news, &body.changes, &body.reviews};
}

void PersonRegistry::prefetch_keys(const Evidence& evidence) const noexcept {
  body_->numbers.prefetch(evidence.record);
  if (evidence.kind == EvidenceKind::describes) body_->blocks.prefetch(evidence.keys);
}

void PersonRegistry::prefetch_records(const Evidence& evidence) {
  Body& body = *body_;
  auto const fetch = [&](RecordNumber record) {
    const auto* const line = reinterpret_cast<const char*>(&body.described[record]);
    __builtin_prefetch(line);
    __builtin_prefetch(line + 64);
  };
  if (auto const known = body.numbers.find(evidence.record, body.keys)) {
    fetch(*known);
    return;
  }
  if (evidence.kind != EvidenceKind::describes) return;
  body.candidates.clear();
  body.blocks.find(evidence.keys, body.candidates);
  for (RecordNumber const record : body.candidates) fetch(record);
}

std::size_t PersonRegistry::size() const noexcept { return body_->keys.size(); }
std::optional<RecordNumber> PersonRegistry::find(RecordKey key) const noexcept {
  return body_->numbers.find(key, body_->keys);
}
RecordKey PersonRegistry::key(RecordNumber record) const noexcept { return body_->keys[record]; }
PersonNumber PersonRegistry::person(RecordNumber record) const noexcept {
  return body_->persons[record];
}
const PackedPerson& PersonRegistry::described(RecordNumber record) const noexcept {
  return body_->described[record];
}
const RegistryOptions& PersonRegistry::options() const noexcept { return body_->options; }
std::uint64_t PersonRegistry::crowded() const noexcept {
  return body_->blocks.crowded() + body_->left_alone;
}

std::vector<RecordNumber> PersonRegistry::records_of(PersonNumber person) const {
  RecordNumber const seeds[] = {person};
  body_->gather(seeds);
  std::vector<RecordNumber> found;
  for (RecordNumber const record : body_->component)
    if (body_->persons[record] == person) found.push_back(record);
  return found;
}

}  // namespace hl7flow::linkage
