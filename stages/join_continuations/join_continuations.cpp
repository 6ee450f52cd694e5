// join_continuations: makes one message of those that were sent in parts (HL7 v2.9.1 2.10.2). A
// part ends with a DSC segment whose DSC-1 is a continuation pointer; the next part has it in
// MSH-14.
//
// The whole message stands where its last part stood, and has the first part's header. The parts
// before are filtered, and counted as continued. Parts may be apart by other messages, batches and
// inputs, but not by a commit: what is open when an epoch or the run ends is given back, so that a
// run that is resumed there misses nothing. While too many are open, further parts are not kept:
// they count as unfinished where they stand, so that the output does not depend on how input is cut
// into batches.

#include <list>

#include <hl7flow/pipeline/component.h>
#include <hl7flow/stages/join_continuations/continued_message.h>

namespace hl7flow::stages {

namespace {

class JoinContinuations final : public Stage {
 public:
  struct Options {
    std::string unfinished = "pass";
    std::uint64_t open_max = 1000;
    std::uint64_t memory_max = 64u << 20;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::unfinished>{
          "unfinished",
          "Messages of which parts are missing: pass what came of them (default), or reject it."},
      OptionFor<&Options::open_max>{
          "open_max",
          "Most messages whose next part is awaited; further ones count as unfinished. Default "
          "1000."},
      OptionFor<&Options::memory_max>{
          "memory_max", "Most memory for their parts; beyond, likewise. Default 64MiB."},
  };

  static Result<std::unique_ptr<Stage>, Failure> make(Options chosen) {
    if (chosen.unfinished != "pass" && chosen.unfinished != "reject")
      return fail(ErrorCode::bad_option,
                  "unfinished must be pass or reject, not " + chosen.unfinished);
    if (chosen.memory_max >= 1u << 30)
      return fail(ErrorCode::bad_option, "memory_max must be below 1GiB");
    return std::unique_ptr<Stage>(std::make_unique<JoinContinuations>(std::move(chosen)));
  }

  explicit JoinContinuations(Options chosen) : options_(std::move(chosen)) {}

  Order order() const noexcept override { return Order::arrival; }
  std::string_view name() const noexcept override { return "join_continuations"; }
  bool keeps_messages() const noexcept override { return true; }

  Status process(Batch& batch) override {
    std::size_t const received = batch.message_count();
    for (std::size_t k = 0; k < received; ++k)
      if (batch.is_accepted(k)) look_at(batch, k);
    if (batch.ends_epoch || batch.ends_run)
      while (!open_.empty()) give_back(batch);
    return {};
  }

 private:
  void look_at(Batch& batch, std::size_t k) {
    MessageView const message = batch.message(k);
    std::string const continued = continued_by(message);
    bool const to_be_continued = !awaited_by(message).empty();
    if (continued.empty() && !to_be_continued) return;
    auto const before = find(continued, message.delimiters());
    if (before != open_.end()) {
      memory_ -= before->memory();
      before->append(batch, k);
      memory_ += before->memory();
      bool const full = memory_ > options_.memory_max;
      if (!to_be_continued || full) {
        finish(batch, k, before);
        if (to_be_continued) leave_unfinished(batch, k);
        return;
      }
    } else {
      // What it continues never came.
      if (!continued.empty()) leave_unfinished(batch, k);
      if (!to_be_continued || !batch.is_accepted(k)) return;
      ContinuedMessage part(batch, k);
      bool const full = memory_ + part.memory() > options_.memory_max;
      if (full || open_.size() >= options_.open_max) return leave_unfinished(batch, k);
      memory_ += part.memory();
      open_.push_back(std::move(part));
    }
    batch.filter(k);
    ++batch.kept_back;
  }

  using Open = std::list<ContinuedMessage>;

  Open::iterator find(const std::string& continued, const Delimiters& delimiters) {
    auto found = continued.empty() ? open_.end() : open_.begin();
    while (found != open_.end() &&
           (found->awaits() != continued || !(found->delimiters() == delimiters)))
      ++found;
    return found;
  }

  void leave_unfinished(Batch& batch, std::size_t k) const {
    if (options_.unfinished == "reject") batch.reject(k, {ErrorCode::continuation_incomplete, 0});
  }

  /// The last part came: the whole message takes its place.
  void finish(Batch& batch, std::size_t k, Open::iterator whole) {
    Placement place = whole->last_part();
    place.message = static_cast<std::uint32_t>(k);
    batch.placements.push_back(place);
    whole->place(batch, k);
    memory_ -= whole->memory();
    open_.erase(whole);
  }

  /// The oldest open message, as far as it came, becomes one more message of the batch. Its parts
  /// count no bytes here, and the last of them is no longer filtered.
  void give_back(Batch& batch) {
    ContinuedMessage const& oldest = open_.front();
    std::size_t const k = batch.message_count();
    Placement place = oldest.last_part();
    place.message = static_cast<std::uint32_t>(k);
    place.size = 0;
    oldest.place(batch, k);
    batch.placements.push_back(place);
    ++batch.given_back;
    leave_unfinished(batch, k);
    memory_ -= oldest.memory();
    open_.pop_front();
  }

  Options const options_;
  Open open_;               // oldest first
  std::size_t memory_ = 0;  // of all of them
};

}  // namespace

extern constinit const Component join_continuations = component<JoinContinuations>(
    "join_continuations", "Makes one message of those sent in parts (DSC-1, MSH-14).");

}  // namespace hl7flow::stages
