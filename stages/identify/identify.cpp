// identify: finds or creates the person of each patient record that messages speak of.
//
// What a message says of persons is taken from it in parallel (prepare) and counts in the order of
// reading. Who is one person is worked out from all that was said: see
// parsers/linkage/person_registry.h. A log of statements is the state; the registry is made of it
// again when a run begins.

#include <algorithm>

#include <hl7flow/parsers/linkage/weights_file.h>
#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/numbered_state.h>
#include <hl7flow/pipeline/text_file.h>
#include <hl7flow/stages/identify/decisions.h>
#include <hl7flow/stages/identify/known_persons.h>
#include <hl7flow/stages/identify/statement_taker.h>

namespace hl7flow::stages {

namespace {

// How far ahead of its turn a statement's records are fetched from memory, in two steps.
constexpr std::size_t keys_ahead = 16, records_ahead = 8;

class Identify final : public Stage {
 public:
  struct Options {
    std::uint64_t records = 4'000'000;
    double link = 0.99;
    double review = 0.5;
    std::vector<std::string> rules;
    std::vector<std::string> decisions;
    std::string weights;
    std::string state;
    bool keep_state = true;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::records>{
          "records",
          "How many patient records there may be, by assigning authority and identifier; about "
          "550 bytes of memory each. Default 4000000; a run that finds more ends."},
      OptionFor<&Options::link>{
          "link",
          "From which probability on two records are one person without anybody saying so. "
          "Default 0.99."},
      OptionFor<&Options::review>{
          "review",
          "From which probability on two records that are not joined are listed in "
          "person_reviews. Default 0.5."},
      OptionFor<&Options::rules>{
          "rules",
          "What makes two records one person if all of it agrees exactly, whatever the rest says: "
          "identifier+birth_date. Of given_name, family_name, birth_date, sex, address, city, "
          "postcode, phone, email, identifier."},
      OptionFor<&Options::decisions>{
          "decisions",
          "CSV files of what people decided: columns decision (same, different or open) and those "
          "of person_reviews. They outrank senders and likeness."},
      OptionFor<&Options::weights>{
          "weights",
          "A file of hl7flow persons train: what agreement and disagreement are worth among this "
          "site's persons. Default: weights that fit no site."},
      OptionFor<&Options::state>{
          "state",
          "Folder that remembers the persons from run to run, and lets a killed run go on. "
          "Default: memory only."},
      OptionFor<&Options::keep_state>{
          "keep_state", "true (default); false: the state only serves to go on with a killed run."},
  };

  static Result<std::unique_ptr<Stage>, Failure> make(const Options& chosen) {
    PersonOptions persons{chosen.link, chosen.review, chosen.rules, chosen.records};
    if (!chosen.weights.empty()) {
      auto const text = read_text_file(chosen.weights);
      if (!text) return tl::unexpected<Failure>(text.error());
      auto const weights = linkage::read_weights(*text);
      if (!weights) return fail(weights.error().code, chosen.weights + ": " + weights.error().text);
      persons.weights = *weights;
    }
    if (auto const good = persons.compiled(); !good) return tl::unexpected<Failure>(good.error());
    std::vector<std::string> decisions;
    for (std::string const& path : chosen.decisions) {
      auto read = read_decisions(path);
      if (!read) return tl::unexpected<Failure>(read.error());
      decisions.insert(decisions.end(), read->begin(), read->end());
    }
    return std::unique_ptr<Stage>(std::make_unique<Identify>(
        std::move(persons), std::move(decisions), chosen.state, chosen.keep_state));
  }

  Identify(PersonOptions persons, std::vector<std::string> decisions, std::string folder,
           bool keep_state)
      : persons_(std::move(persons)),
        decisions_(std::move(decisions)),
        state_("identify", std::move(folder), keep_state) {}

  Order order() const noexcept override { return Order::arrival; }
  std::string_view name() const noexcept override { return "identify"; }
  bool prepares() const noexcept override { return true; }
  bool has_state() const noexcept override { return true; }

  Status prepare(Batch& batch) override {
    batch.found_persons.clear();
    StatementTaker taker;
    for (std::size_t k = 0; k < batch.message_count(); ++k)
      if (batch.is_accepted(k)) taker.take(batch, static_cast<std::uint32_t>(k));
    return {};
  }

  Result<std::string, Failure> saved_mark() const override { return state_.saved(); }

  Result<std::string, Failure> open_state(std::string_view mark) override {
    known_.reset();
    auto opened = state_.open(mark);
    if (!opened) return tl::unexpected<Failure>(opened.error());
    auto known = KnownPersons::open(std::move(opened->store), opened->at, persons_);
    if (known && opened->is_new_run) known = KnownPersons::compacted(std::move(*known));
    if (!known) return tl::unexpected<Failure>(known.error());
    known_ = std::move(*known);
    std::uint64_t const begin = known_->log().at().next;
    state_.begin_at(begin);
    auto const held = known_->log().hold();
    // What decisions change goes out with the first batch.
    for (std::string const& words : decisions_)
      if (auto done = say(words); !done) return tl::unexpected<Failure>(done.error());
    return state_.mark(known_->log().mark(begin));
  }

  Status process(Batch& batch) override {
    PersonFindings& found = batch.found_persons;
    std::size_t const count = found.statements.size();
    auto const held = known_->log().hold();
    known_->end_message(no_message, found);
    for (std::size_t k = 0; k < std::min(keys_ahead, count); ++k)
      known_->prefetch_keys(found.statements[k].evidence);
    std::size_t person = 0;
    for (std::size_t k = 0; k < count; ++k) {
      if (k + keys_ahead < count) known_->prefetch_keys(found.statements[k + keys_ahead].evidence);
      if (k + records_ahead < count)
        known_->prefetch_records(found.statements[k + records_ahead].evidence);
      TakenStatement const& taken = found.statements[k];
      auto const words = std::string_view(found.words).substr(taken.begin, taken.end - taken.begin);
      auto const record = known_->say(taken.evidence, words);
      if (!record) return tl::unexpected<Failure>(record.error());
      using Kind = linkage::EvidenceKind;
      if (taken.evidence.kind == Kind::describes || taken.evidence.kind == Kind::gone)
        records_.push_back(*record);
      if (k + 1 < count && found.statements[k + 1].message == taken.message) continue;
      for (linkage::RecordNumber const one : records_)
        found.persons[person++].person = known_->person_of(one);
      records_.clear();
      known_->end_message(taken.message, found);
    }
    state_.note(batch.sequence, known_->log().at().next);
    return {};
  }

  Result<std::string, Failure> save_state(std::uint64_t sequence) override {
    std::uint64_t const next = state_.reached(sequence);
    if (auto done = known_->log().save(next); !done) return tl::unexpected<Failure>(done.error());
    return state_.mark(known_->log().mark(next));
  }

  void complete() noexcept override {
    known_.reset();
    state_.complete();
  }

 private:
  Status say(std::string_view words) {
    std::string_view rest = words;
    auto const statement = take_statement(rest);
    if (!statement) return tl::unexpected<Failure>(statement.error());
    auto const done = known_->say(evidence_of(*statement), words);
    return done ? Status() : tl::unexpected<Failure>(done.error());
  }

  PersonOptions const persons_;
  std::vector<std::string> const decisions_;
  NumberedState state_;
  std::unique_ptr<KnownPersons> known_;
  std::vector<linkage::RecordNumber> records_;  // that a message describes
};

}  // namespace

extern constinit const Component identify = component<Identify>(
    "identify", "Finds or creates the person of each patient, and says who came to be whom.");

}  // namespace hl7flow::stages
