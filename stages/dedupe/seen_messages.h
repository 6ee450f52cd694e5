#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <span>
#include <vector>

#include <hl7flow/parsers/dedup/content_fingerprint.h>
#include <hl7flow/parsers/dedup/recent_index.h>
#include <hl7flow/parsers/dedup/recent_tags.h>
#include <hl7flow/pipeline/repetition.h>
#include <hl7flow/stages/dedupe/seen_log.h>

namespace hl7flow::stages {

/// What was seen of the messages that were passed on: a log of them, and two indexes into it, by
/// control id and by content. Each id and each content has its newest entries only, few of them.
/// Not thread-safe, save() aside (RecordLog::save).
class SeenMessages {
  // One read of the log has a group.
  static_assert(RecentIndex::group_size == SeenLog::read_records);

 public:
  /// An earlier message, confirmed from the log.
  struct Earlier {
    std::uint64_t back = 0;  // how many messages ago; 0: there is none
    SeenRecord record{};
    std::uint64_t replaced = 0;  // whose entry a new one takes the place of; 0: nobody's
  };
  /// What a message repeats, if anything.
  struct Judgement {
    Earlier sent;      // the same content
    Earlier numbered;  // the same control id
    bool repeats = false;
    Repeat repeat = Repeat::resend;
    const Earlier& first() const noexcept {
      bool const by_number = repeat == Repeat::id_reuse || sent.back == 0;
      return by_number ? numbered : sent;
    }
  };

  /// Takes the log as it is, and reads the window of it. `window_seconds` 0: any time.
  static Result<std::unique_ptr<SeenMessages>, Failure> open(std::unique_ptr<SeenLog> log,
                                                             std::uint64_t window,
                                                             std::int64_t window_seconds);

  /// Judges messages in their order. `is_wanted(k)`: whether batch[k] counts. One that repeats an
  /// earlier one is passed on if `passes(k, judgement)` says so; all others are. What is passed on
  /// is remembered. log().hold() is held.
  template <class IsWanted, class Passes>
  Status judge_all(std::span<const ContentFingerprint> batch, IsWanted&& is_wanted,
                   Passes&& passes);

  SeenLog& log() noexcept { return *log_; }
  std::size_t index_memory() const noexcept {
    return ids_.memory() + contents_.memory() + tags_.memory();
  }
  std::uint64_t forgotten() const noexcept { return ids_.forgotten() + contents_.forgotten(); }

 private:
  SeenMessages(std::unique_ptr<SeenLog> log, std::uint64_t window, std::int64_t window_seconds)
      : log_(std::move(log)),
        ids_(window, log_->first()),
        contents_(window, log_->first()),
        tags_(log_->first()),
        window_seconds_(window_seconds) {}

  // A message's lines are fetched before its turn: the first of each index so many messages ahead
  // or a little more, for some messages at once, because a fetch waits for its page's address and
  // several wait together; then, where it is full, the second.
  static constexpr std::size_t first_ahead = 32, first_at_once = 16, second_ahead = 12;
  struct Homes {
    RecentIndex::Home id, content;
  };
  /// Calls decide(k, homes of batch[k]) in order.
  template <class Decide>
  Status for_each_ahead(std::span<const ContentFingerprint> batch, Decide&& decide);

  /// That of message `next`.
  void begin_group(std::uint64_t next) noexcept;
  /// Enters a message of which both look-ups find nothing; false if they may, or take longer.
  bool enter_if_new(const ContentFingerprint& one, const Homes& homes, std::uint64_t next) noexcept;
  static RecentTags::Tag tag_of(const ContentFingerprint& one) noexcept {
    return RecentTags::tag_of(one.id, one.content_low);
  }
  Status replay();
  Result<Judgement, Failure> judge(const ContentFingerprint& one);

  /// The messages so many back, of which one may be looked for.
  struct Group {
    std::uint64_t newest, oldest;
  };
  using Has = RecentTags::Has;
  template <class Is>
  Result<Earlier, Failure> find_in_group(const Group& group, std::uint64_t next,
                                         RecentTags::Tag tag, Has has, Is&& is);
  /// How much an earlier message counts that has something in common with another.
  enum class Counts : std::uint8_t { out_of_time, in_time, most };  // most: it is sent again
  template <class Is>
  Result<Earlier, Failure> find_most_in_group(const Group& group, const ContentFingerprint& one,
                                              std::uint64_t next, Has has, Is&& is, Counts& counts);
  template <class Is>
  Result<Earlier, Failure> look_up(const RecentIndex& index, std::uint64_t key,
                                   const ContentFingerprint& one, std::uint64_t next, Has has,
                                   Is&& is);
  Result<Earlier, Failure> find_content(const ContentFingerprint& one, std::uint64_t next);
  Result<Earlier, Failure> find_id(const ContentFingerprint& one, std::uint64_t next);
  void enter(const ContentFingerprint& one, const Earlier& sent, const Earlier& numbered,
             std::uint64_t number);
  bool is_in_time(const SeenRecord& earlier, const ContentFingerprint& now) const noexcept;
  bool is_resend_of(const ContentFingerprint& one, const SeenRecord& earlier) const noexcept;

  std::unique_ptr<SeenLog> log_;
  RecentIndex ids_, contents_;
  RecentTags tags_;
  std::int64_t const window_seconds_;
  simd::RecentSpan span_{};      // of both indexes, in the group of the next message
  std::uint64_t group_end_ = 0;  // its end
  std::vector<Group> candidates_;
};

inline bool SeenMessages::enter_if_new(const ContentFingerprint& one, const Homes& homes,
                                       std::uint64_t next) noexcept {
  if (next >= group_end_) [[unlikely]]
    begin_group(next);
  simd::RecentSpan const span = span_;
  RecentIndex::Place const content = contents_.find_place(homes.content, one.content_low, span);
  if (content.line == nullptr) return false;
  if (one.has_id()) {
    RecentIndex::Place const id = ids_.find_place(homes.id, one.id, span);
    if (id.line == nullptr) return false;
    ids_.enter_at(id, one.id, span);
  }
  contents_.enter_at(content, one.content_low, span);
  return true;
}

template <class Decide>
Status SeenMessages::for_each_ahead(std::span<const ContentFingerprint> batch, Decide&& decide) {
  std::size_t const count = batch.size();
  std::array<Homes, std::bit_ceil(first_ahead + first_at_once)> homes;
  auto const homes_of = [&](std::size_t k) -> Homes& { return homes[k % homes.size()]; };
  auto const prefetch = [&](std::size_t k) {
    if (k >= count) return;
    Homes& here = homes_of(k);
    here = {ids_.home_of(batch[k].id), contents_.home_of(batch[k].content_low)};
    RecentIndex::prefetch(here.content);
    RecentIndex::prefetch(here.id);
  };
  // Inlined, or GCC 12 takes it for a function without effect and drops the call.
  auto const prefetch_second = [&](std::size_t k) __attribute__((always_inline)) {
    if (k >= count) return;
    RecentIndex::prefetch_second(homes_of(k).content);
    RecentIndex::prefetch_second(homes_of(k).id);
  };
  for (std::size_t k = 0; k < first_ahead; ++k) prefetch(k);
  for (std::size_t k = 0; k < second_ahead; ++k) prefetch_second(k);
  for (std::size_t begin = 0; begin < count; begin += first_at_once) {
    for (std::size_t k = 0; k < first_at_once; ++k) prefetch(begin + first_ahead + k);
    for (std::size_t k = begin; k < std::min(begin + first_at_once, count); ++k) {
      prefetch_second(k + second_ahead);
      if (auto done = decide(k, homes_of(k)); !done) return done;
    }
  }
  return {};
}

template <class IsWanted, class Passes>
Status SeenMessages::judge_all(std::span<const ContentFingerprint> batch, IsWanted&& is_wanted,
                               Passes&& passes) {
  return for_each_ahead(batch, [&](std::size_t k, const Homes& homes) -> Status {
    if (!is_wanted(k)) return {};
    ContentFingerprint const& one = batch[k];
    if (!enter_if_new(one, homes, log_->next())) {
      auto const judged = judge(one);
      if (!judged) return tl::unexpected<Failure>(judged.error());
      if (judged->repeats && !passes(k, *judged)) return {};
      enter(one, judged->sent, judged->numbered, log_->next());
    }
    tags_.enter(log_->next(), tag_of(one));
    return log_->append_bytes(record_of(one));
  });
}

}  // namespace hl7flow::stages
