// dedupe: drops messages that were sent twice, and says which repeats which.
//
// Fingerprints are taken in parallel (prepare); what was seen before is decided in the order of
// reading. An index of hashes in memory says where an earlier message may stand in the log of those
// that were passed on; the log, which may lie on disk, confirms it. So nothing is dropped on the
// word of a hash table, and memory does not grow with the window's content.
//
// A message is named by its control id, or by what `identity` chooses:
//
//   same control id, same content    resend            dropped
//   other control id, same content   duplicate_send    passed and reported, or dropped
//   same control id, other content   id_reuse          passed and reported

#include <hl7flow/parsers/dedup/content_fingerprint.h>
#include <hl7flow/pipeline/component.h>
#include <hl7flow/pipeline/condition.h>
#include <hl7flow/pipeline/numbered_state.h>
#include <hl7flow/stages/dedupe/feeds.h>
#include <hl7flow/stages/dedupe/seen_messages.h>

namespace hl7flow::stages {

namespace {

class Dedupe final : public Stage {
 public:
  struct Options {
    std::string resend = "drop";
    std::string duplicate_send = "pass";
    std::vector<std::string> ignore;
    std::vector<std::string> identity = {"MSH-3", "MSH-4", "MSH-10"};
    ConfigNode feeds;
    std::uint64_t window = 4'000'000;
    std::string window_time;
    std::string state;
    bool keep_state = true;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::resend>{"resend",
                                  "The same control id and content again: drop (default) or pass."},
      OptionFor<&Options::duplicate_send>{
          "duplicate_send",
          "The same content under another control id: pass (default) or drop. A sender that sets a "
          "value back to what it was sends the same content again, and means it."},
      OptionFor<&Options::ignore>{
          "ignore",
          "Fields that say nothing of the content, beside MSH-7, MSH-10, MSH-13 and EVN-2: ZPD-4."},
      OptionFor<&Options::identity>{
          "identity",
          "What names a message for its sender: places such as MSH-10, ZPI-2 or PID-3.1, and the "
          "word source, the input that it came from. Default MSH-3, MSH-4, MSH-10."},
      OptionFor<&Options::feeds>{
          "feeds",
          "Other choices for some messages: a list of { where: conditions, resend, "
          "duplicate_send, ignore, identity }; the first that fits counts."},
      OptionFor<&Options::window>{
          "window",
          "How many messages back to look, those passed on counted. Default 4000000; 23 bytes of "
          "memory each; and 49 MiB with a state, 48 bytes more each without."},
      OptionFor<&Options::window_time>{
          "window_time",
          "How far the MSH-7 of the two may be apart: 90s, 30m, 24h, 7d. Default: any time."},
      OptionFor<&Options::state>{
          "state",
          "Folder that remembers what was seen from run to run, and lets a killed run go on. "
          "Default: memory only."},
      OptionFor<&Options::keep_state>{
          "keep_state", "true (default); false: the state only serves to go on with a killed run."},
  };

  static Result<std::unique_ptr<Stage>, Failure> make(const Options& chosen) {
    auto feeds = Feeds::make(
        {chosen.resend, chosen.duplicate_send, chosen.ignore, chosen.identity, chosen.feeds});
    if (!feeds) return tl::unexpected<Failure>(feeds.error());
    if (chosen.window == 0 || chosen.window > RecentIndex::window_max)
      return fail(ErrorCode::bad_option, "window must be from 1 to 1073741824");
    auto const seconds = read_duration(chosen.window_time);
    if (!seconds) return tl::unexpected<Failure>(seconds.error());
    return std::unique_ptr<Stage>(std::make_unique<Dedupe>(chosen, std::move(*feeds), *seconds));
  }

  Dedupe(const Options& chosen, Feeds feeds, std::int64_t window_seconds)
      : feeds_(std::move(feeds)),
        window_(chosen.window),
        window_seconds_(window_seconds),
        state_("dedupe", chosen.state, chosen.keep_state) {}

  Order order() const noexcept override { return Order::arrival; }
  std::string_view name() const noexcept override { return "dedupe"; }
  bool prepares() const noexcept override { return true; }
  bool has_state() const noexcept override { return true; }

  Status prepare(Batch& batch) override {
    batch.fingerprints.assign(batch.message_count(), {});
    std::vector<Fingerprinter> fingerprinters = feeds_.fingerprinters();
    for (std::size_t k = 0; k < batch.message_count(); ++k) {
      if (!batch.is_accepted(k)) continue;
      MessageView const message = batch.message(k);
      std::uint32_t const feed = feeds_.of(message);
      Fingerprinter& fingerprinter = fingerprinters[feed];
      batch.fingerprints[k] = fingerprinter.needs_source()
                                  ? fingerprinter.take(message, batch.place_of(k).input_name)
                                  : fingerprinter.take(message);
      batch.fingerprints[k].feed = feed;
    }
    return {};
  }

  Result<std::string, Failure> saved_mark() const override { return state_.saved(); }

  Result<std::string, Failure> open_state(std::string_view mark) override {
    seen_.reset();
    auto opened = state_.open(mark);
    if (!opened) return tl::unexpected<Failure>(opened.error());
    if (opened->store != nullptr)
      if (auto done = check_words(*opened->store, opened->at.next); !done)
        return tl::unexpected<Failure>(done.error());
    auto log = SeenLog::open("dedupe", std::move(opened->store), window_, opened->at.next);
    if (!log) return tl::unexpected<Failure>(log.error());
    auto seen = SeenMessages::open(std::move(*log), window_, window_seconds_);
    if (!seen) return tl::unexpected<Failure>(seen.error());
    seen_ = std::move(*seen);
    return state_.mark(std::to_string(opened->at.next));
  }

  Status process(Batch& batch) override {
    auto const held = seen_->log().hold();
    auto const done = seen_->judge_all(
        batch.fingerprints, [&](std::size_t k) { return batch.is_accepted(k); },
        [&](std::size_t k, const SeenMessages::Judgement& judged) {
          return passes(batch, static_cast<std::uint32_t>(k), judged);
        });
    if (!done) return done;
    state_.note(batch.sequence, seen_->log().next());
    return {};
  }

  Result<std::string, Failure> save_state(std::uint64_t sequence) override {
    std::uint64_t const next = state_.reached(sequence);
    if (auto done = seen_->log().save(next); !done) return tl::unexpected<Failure>(done.error());
    return state_.mark(std::to_string(next));
  }

  void complete() noexcept override {
    seen_.reset();
    state_.complete();
  }

 private:
  /// Fingerprints that were taken otherwise would find nothing, or what is another message.
  Status check_words(StateStore& store, std::uint64_t next) const {
    auto const taken_with = store.get(words_key);
    if (!taken_with) return tl::unexpected<Failure>(taken_with.error());
    if (next > 0 && *taken_with && **taken_with != feeds_.words())
      return fail(ErrorCode::usage,
                  "the state of dedupe in " + store.folder() +
                      " was made with other choices of identity, ignore or feeds, which tell "
                      "messages apart otherwise; begin a new one, or go on with: " +
                      **taken_with);
    return store.put(words_key, feeds_.words());
  }

  /// Whether a message that repeats another is passed on as a new one; says what becomes of it.
  bool passes(Batch& batch, std::uint32_t k, const SeenMessages::Judgement& judged) const {
    Feeds::Policy const& policy = feeds_.policy(batch.fingerprints[k].feed);
    bool const dropped = judged.repeat == Repeat::resend           ? policy.drop_resends
                         : judged.repeat == Repeat::duplicate_send ? policy.drop_duplicate_sends
                                                                   : false;
    report(batch, k, judged, dropped);
    // A resend that is passed on is in the log already.
    return !dropped && judged.repeat != Repeat::resend;
  }

  static void report(Batch& batch, std::uint32_t k, const SeenMessages::Judgement& judged,
                     bool dropped) {
    ContentFingerprint const& now = batch.fingerprints[k];
    SeenMessages::Earlier const& first = judged.first();
    Repetition one;
    one.message = k;
    one.repeat = judged.repeat;
    one.dropped = dropped;
    one.has_times = now.sent_at != ContentFingerprint::no_time &&
                    first.record.sent_at != ContentFingerprint::no_time;
    if (one.has_times) one.seconds_apart = now.sent_at - first.record.sent_at;
    one.messages_apart = first.back;
    one.first = message_id(first.record.bytes_high, first.record.bytes_low);
    batch.repetitions.push_back(one);
    if (dropped) batch.drop_duplicate(k);
  }

  static constexpr std::string_view words_key = "o";

  Feeds const feeds_;
  std::uint64_t const window_;
  std::int64_t const window_seconds_;
  NumberedState state_;
  std::unique_ptr<SeenMessages> seen_;
};

}  // namespace

extern constinit const Component dedupe = component<Dedupe>(
    "dedupe", "Drops messages that were sent twice, and says which repeats which.");

}  // namespace hl7flow::stages
