#include <hl7flow/stages/identify/known_persons.h>

#include <algorithm>

namespace hl7flow::stages {

using linkage::Authority;
using linkage::Evidence;
using linkage::EvidenceKind;
using linkage::PersonChange;
using linkage::PersonReview;
using linkage::RecordNumber;

namespace {

constexpr std::string_view options_key = "o";

LinkReason reason_of(const PersonChange& change, const Evidence& evidence, bool is_named) {
  bool const leads = change.person == change.record;
  if (leads && change.before == linkage::no_number) return LinkReason::new_person;
  if (evidence.authority == Authority::clerk) return LinkReason::decided;
  switch (evidence.kind) {
    case EvidenceKind::same:
      if (!is_named) return LinkReason::moved;
      return evidence.authority == Authority::listed ? LinkReason::same_list : LinkReason::merged;
    case EvidenceKind::different:
    case EvidenceKind::open:
    case EvidenceKind::gone:
      return LinkReason::parted;
    case EvidenceKind::describes:
      break;
  }
  if (leads) return LinkReason::parted;
  return change.matched != linkage::no_number ? LinkReason::alike : LinkReason::moved;
}

std::string_view reason_of(const PersonReview& review, float link_bits) {
  if (review.caution != linkage::Caution::none) return name(review.caution);
  return review.bits >= link_bits ? "contested" : "near";
}

}  // namespace

Result<std::unique_ptr<KnownPersons>, Failure> KnownPersons::open(std::shared_ptr<StateStore> store,
                                                                  const LogPosition& at,
                                                                  const PersonOptions& options,
                                                                  const Witness& witness) {
  auto const registry = options.compiled();
  if (!registry) return tl::unexpected<Failure>(registry.error());
  std::unique_ptr<KnownPersons> known(new KnownPersons(options, *registry));
  std::string last;
  if (store != nullptr) {
    auto const made_with = store->get(options_key);
    if (!made_with) return tl::unexpected<Failure>(made_with.error());
    if (at.next > 0 && *made_with && **made_with != options.text()) {
      auto const before = PersonOptions::read(**made_with);
      if (!before) return tl::unexpected<Failure>(before.error());
      return fail(ErrorCode::usage,
                  "the state of identify was made with other options (" +
                      options.differences(*before) +
                      "), and these would come to other persons; give it those, or another folder "
                      "for the state and all messages since its beginning");
    }
    if (auto done = store->put(options_key, options.text()); !done)
      return tl::unexpected<Failure>(done.error());
    auto replayed =
        StatementLog::replay(*store, at, [&](std::string_view bytes, std::uint64_t count) {
          return known->replay(bytes, count, witness);
        });
    if (!replayed) return tl::unexpected<Failure>(replayed.error());
    last = std::move(*replayed);
  }
  known->log_ = std::make_unique<StatementLog>(std::move(store), at, std::move(last));
  return known;
}

Result<std::unique_ptr<KnownPersons>, Failure> KnownPersons::compacted(
    std::unique_ptr<KnownPersons> known, std::uint64_t statements_least) {
  std::shared_ptr<StateStore> const store = known->log_->store();
  LogPosition const at = known->log_->at();
  bool const is_worth_it = at.next > statements_least && at.next > 3 * known->live_.count();
  if (store == nullptr || !is_worth_it) {
    known->live_ = {};
    return known;
  }
  // First what a run that was killed here may have left.
  if (auto done = StatementLog::keep_only(*store, at.generation); !done)
    return tl::unexpected<Failure>(done.error());
  auto const anew = known->write_anew();
  if (!anew) return tl::unexpected<Failure>(anew.error());
  if (auto done = StatementLog::keep_only(*store, anew->generation); !done)
    return tl::unexpected<Failure>(done.error());
  PersonOptions const options = known->options_;
  known.reset();
  auto opened = open(store, *anew, options);
  if (opened) (*opened)->live_ = {};
  return opened;
}

Result<LogPosition, Failure> KnownPersons::write_anew() const {
  StatementLog written(log_->store(), {0, log_->at().generation + 1}, {});
  std::string bytes;
  auto const write = [&](const PersonStatement& statement) {
    bytes.clear();
    append_statement(statement, bytes);
    return written.append(bytes);
  };
  std::uint64_t number = 0;
  auto const read = [&](std::string_view block,
                        std::uint64_t count) -> Result<std::size_t, Failure> {
    std::size_t const size = block.size();
    for (; count > 0; --count) {
      auto const statement = take_statement(block);
      if (!statement) return tl::unexpected<Failure>(statement.error());
      auto const [record, other] = records_of(*statement);
      if (auto done = live_.rewrite(*statement, number++, record, other, write); !done)
        return tl::unexpected<Failure>(done.error());
    }
    return size - block.size();
  };
  if (auto done = StatementLog::replay(*log_->store(), log_->at(), read); !done)
    return tl::unexpected<Failure>(done.error());
  auto const name_of = [&](RecordNumber record) { return names_[record]; };
  if (auto done = live_.finish(name_of, write); !done) return tl::unexpected<Failure>(done.error());
  if (auto done = written.save(written.at().next); !done)
    return tl::unexpected<Failure>(done.error());
  return written.at();
}

std::pair<RecordNumber, RecordNumber> KnownPersons::records_of(
    const PersonStatement& statement) const {
  auto const number_of = [&](const RecordNameView& name) {
    auto const found =
        registry_.find(linkage::record_key(name.assigning_authority, name.identifier));
    return found.value_or(linkage::no_number);
  };
  bool const is_bond =
      statement.kind != EvidenceKind::describes && statement.kind != EvidenceKind::gone;
  RecordNumber const record = number_of(statement.record);
  return {record, is_bond ? number_of(statement.other) : record};
}

Result<std::size_t, Failure> KnownPersons::replay(std::string_view bytes, std::uint64_t count,
                                                  const Witness& witness) {
  std::size_t const size = bytes.size();
  for (; count > 0; --count) {
    auto const statement = take_statement(bytes);
    if (!statement) return tl::unexpected<Failure>(statement.error());
    Evidence evidence = evidence_of(*statement);
    if (statement->is_repeated) {
      auto const record = registry_.find(evidence.record);
      if (!record) return fail(ErrorCode::io, "the state of identify is damaged: no such record");
      evidence.person = registry_.described(*record);
    }
    auto const outcome = apply(evidence, *statement);
    if (!outcome) return tl::unexpected<Failure>(outcome.error());
    if (witness) witness(*statement, outcome->record);
    auto const [one, other] = records_of(*statement);
    live_.see(*statement, replayed_++, one, other);
  }
  return size - bytes.size();
}

Result<PersonOptions, Failure> KnownPersons::options_of(const StateStore& store) {
  auto const text = store.get(options_key);
  if (!text) return tl::unexpected<Failure>(text.error());
  return *text ? PersonOptions::read(**text) : PersonOptions();
}

Result<linkage::PersonRegistry::Outcome, Failure> KnownPersons::apply(
    const Evidence& evidence, const PersonStatement& statement) {
  auto const outcome = registry_.apply(evidence);
  if (!outcome) return outcome;
  // Both records of a bond may be new.
  while (names_.size() < registry_.size()) {
    bool const is_record =
        registry_.key(static_cast<RecordNumber>(names_.size())) == evidence.record;
    names_.push_back(is_record ? statement.record : statement.other);
  }
  return outcome;
}

Result<RecordNumber, Failure> KnownPersons::say(const Evidence& evidence, std::string_view words) {
  std::string_view rest = words;
  auto statement = take_statement(rest);
  if (!statement) return tl::unexpected<Failure>(statement.error());
  auto const outcome = apply(evidence, *statement);
  if (!outcome) return tl::unexpected<Failure>(outcome.error());
  for (PersonChange const& change : *outcome->changes) note(evidence, change);
  reviews_.insert(reviews_.end(), outcome->reviews->begin(), outcome->reviews->end());
  if (!outcome->is_news && evidence.kind == EvidenceKind::describes) {
    // It still counts when it was said: what is older and comes later does not replace it.
    statement->is_repeated = true;
    scratch_.clear();
    append_statement(*statement, scratch_);
    words = scratch_;
  }
  if (auto done = log_->append(words); !done) return tl::unexpected<Failure>(done.error());
  return outcome->record;
}

void KnownPersons::note(const Evidence& evidence, const PersonChange& change) {
  auto const record = registry_.find(evidence.record), other = registry_.find(evidence.other);
  bool const is_named = record == change.record || other == change.record;
  LinkReason const reason = reason_of(change, evidence, is_named);
  auto const known = std::find_if(changes_.begin(), changes_.end(), [&](Change const& one) {
    return one.what.record == change.record;
  });
  if (known == changes_.end()) {
    changes_.push_back({change, reason});
    return;
  }
  auto const before = known->what.before;
  known->what = change;
  known->what.before = before;
  known->reason = before == linkage::no_number && change.person == change.record
                      ? LinkReason::new_person
                      : reason;
}

void KnownPersons::end_message(std::uint32_t message, PersonFindings& findings) {
  for (Change const& change : changes_) {
    PersonChange const& what = change.what;
    if (what.person == what.before) continue;
    PersonLink& link = findings.links.emplace_back();
    link.message = message;
    link.reason = change.reason;
    link.person = id_of(what.person);
    link.record = copied_name(what.record);
    link.has_before = what.before != linkage::no_number;
    if (link.has_before) link.before = id_of(what.before);
    link.has_matched = what.matched != linkage::no_number;
    link.bits = what.bits;
    if (link.has_matched) link.matched = copied_name(what.matched);
  }
  for (PersonReview const& review : reviews_) {
    // What was said since may have settled it.
    if (registry_.person(review.a) == registry_.person(review.b)) continue;
    findings.reviews.push_back({message, reason_of(review, registry_.options().link_bits),
                                review.bits, person_of(review.a), person_of(review.b),
                                copied_name(review.a), copied_name(review.b)});
  }
  changes_.clear();
  reviews_.clear();
}

MessageId KnownPersons::id_of(linkage::PersonNumber person) const noexcept {
  linkage::RecordKey const key = registry_.key(person);
  return message_id(key.high, key.low);
}

MessageId KnownPersons::person_of(RecordNumber record) const noexcept {
  return id_of(registry_.person(record));
}

RecordName KnownPersons::copied_name(RecordNumber record) const {
  RecordNameView const name = names_[record];
  return {std::string(name.assigning_authority), std::string(name.identifier)};
}

}  // namespace hl7flow::stages
