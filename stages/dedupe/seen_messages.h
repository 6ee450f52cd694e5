#pragma once

#include <memory>
#include <vector>

#include <hl7flow/parsers/dedup/content_fingerprint.h>
#include <hl7flow/parsers/dedup/recent_index.h>
#include <hl7flow/pipeline/repetition.h>
#include <hl7flow/stages/dedupe/seen_log.h>

namespace hl7flow::stages {

/// What was seen of the messages that were passed on: a log of them, and two indexes into it, by
/// control id and by content. Each id and each content has its newest entry only. Not thread-safe,
/// save() aside (RecordLog::save).
class SeenMessages {
 public:
  /// An earlier message, confirmed from the log.
  struct Earlier {
    std::uint64_t back = 0;  // how many messages ago; 0: there is none
    SeenRecord record{};
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

  /// Call it prefetch_distance messages before judge().
  static constexpr std::size_t prefetch_distance = 16;
  [[gnu::always_inline]] void prefetch(const ContentFingerprint& one) const noexcept {
    contents_.prefetch(one.content_low);
    ids_.prefetch(one.id);
  }
  Result<Judgement, Failure> judge(const ContentFingerprint& one);
  /// The message is passed on; `judgement` is what judge() said of it just before.
  Status remember(const ContentFingerprint& one, const Judgement& judgement);

  SeenLog& log() noexcept { return *log_; }
  std::size_t index_memory() const noexcept { return ids_.memory() + contents_.memory(); }
  std::uint64_t forgotten() const noexcept { return ids_.forgotten() + contents_.forgotten(); }

 private:
  SeenMessages(std::unique_ptr<SeenLog> log, std::uint64_t window, std::int64_t window_seconds)
      : log_(std::move(log)), ids_(window), contents_(window), window_seconds_(window_seconds) {}

  template <class Is>
  Result<Earlier, Failure> look_up(const RecentIndex& index, std::uint64_t key, std::uint64_t next,
                                   Is&& is);
  Result<Earlier, Failure> find_content(const ContentFingerprint& one, std::uint64_t next);
  Result<Earlier, Failure> find_id(const ContentFingerprint& one, std::uint64_t next);
  void enter(const ContentFingerprint& one, const Earlier& sent, const Earlier& numbered,
             std::uint64_t number);
  bool is_in_time(const Earlier& earlier, const ContentFingerprint& now) const noexcept;

  std::unique_ptr<SeenLog> log_;
  RecentIndex ids_, contents_;
  std::int64_t const window_seconds_;
  std::vector<std::uint32_t> candidates_;
};

}  // namespace hl7flow::stages
