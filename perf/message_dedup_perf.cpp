// Message dedup on one core: fingerprints through a window that is full. Usage:
// message_dedup_perf FOLDER WINDOW MESSAGES PASSES
//
// FOLDER holds the log and is emptied. The window is filled first; then PASSES times so many
// messages come, of which two of a hundred are resends of the last 50,000, and each must be found;
// nothing else may be. Prints JSON: messages_per_second (median), index_bytes_an_entry,
// false_drops, missed, forgotten, fill_seconds.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <future>
#include <span>
#include <string>
#include <vector>

#include <hl7flow/stages/dedupe/seen_messages.h>

namespace {

using namespace hl7flow;

/// Sixty-four bits that are as good as random, of a number (Steele and others, SplitMix, 2014).
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

ContentFingerprint fingerprint(std::uint64_t number) {
  ContentFingerprint one;
  one.id = mixed(3 * number) | 1;
  one.content_high = mixed(3 * number + 1);
  one.content_low = mixed(3 * number + 2);
  one.bytes_high = one.content_high;
  one.bytes_low = one.content_low;
  one.sent_at = static_cast<std::int64_t>(number / 100);
  return one;
}

constexpr std::size_t batch_size = 128;

/// New messages; with_resends: and at every fiftieth place one of the last `resent_from` again.
class Stream {
 public:
  Stream(std::uint64_t resent_from, bool with_resends)
      : resent_from_(resent_from), with_resends_(with_resends) {}

  void make(std::size_t count, std::uint64_t& fresh) {
    batch.resize(count);
    again.resize(count);
    for (std::size_t k = 0; k < count; ++k) {
      again[k] = with_resends_ && k % 50 == 49 ? 1 : 0;
      batch[k] = fingerprint(again[k] != 0 ? fresh - 1 - mixed(fresh) % resent_from_ : fresh++);
    }
  }
  std::vector<ContentFingerprint> batch;
  std::vector<std::uint8_t> again;

 private:
  std::uint64_t const resent_from_;
  bool const with_resends_;
};

struct Counts {
  std::uint64_t false_drops = 0, missed = 0;
};

/// What the stage does with a batch of messages.
Status judge(stages::SeenMessages& seen, std::span<const ContentFingerprint> batch,
             const std::uint8_t* again, Counts& counts) {
  std::size_t expected = 0, repeated = 0;
  for (std::size_t k = 0; k < batch.size(); ++k) expected += again[k];
  auto const held = seen.log().hold();
  auto const done = seen.judge_all(
      batch, [](std::size_t) { return true; },
      [&](std::size_t k, const stages::SeenMessages::Judgement& judged) {
        bool const dropped = judged.repeat == Repeat::resend;
        repeated += dropped ? again[k] : 0u;
        counts.false_drops += dropped && again[k] == 0 ? 1u : 0u;
        return !dropped;
      });
  counts.missed += expected - repeated;
  return done;
}

double seconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Time without that of making fingerprints: on the wall, and of the processor in all threads.
class Watch {
 public:
  template <class Make>
  void leave_out(Make&& make) {
    double const began = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    make();
    left_out_ += seconds_of(CLOCK_THREAD_CPUTIME_ID) - began;
  }
  double wall() const { return seconds_of(CLOCK_MONOTONIC) - wall_ - left_out_; }
  double processor() const { return seconds_of(CLOCK_PROCESS_CPUTIME_ID) - processor_ - left_out_; }

 private:
  double const wall_ = seconds_of(CLOCK_MONOTONIC);
  double const processor_ = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  double left_out_ = 0;
};

/// Makes the log durable beside the messages that come meanwhile, as a pipeline does; the core is
/// theirs and its.
class Committer {
 public:
  explicit Committer(stages::SeenLog& log) : log_(log) {}
  ~Committer() { (void)wait(); }
  /// Waits for the commit before it, if that takes so long.
  Status begin() {
    if (auto done = wait(); !done) return done;
    saving_ = std::async(std::launch::async,
                         [&log = log_, next = log_.next()] { return log.save(next); });
    return {};
  }
  Status wait() { return saving_.valid() ? saving_.get() : Status{}; }

 private:
  stages::SeenLog& log_;
  std::future<Status> saving_;
};

/// Passes `count` messages through, and begins a commit after each `commit_every`.
Status pass(stages::SeenMessages& seen, Stream& stream, std::uint64_t count, std::uint64_t& fresh,
            Counts& counts, Committer& committer, Watch& watch) {
  // A few batches' fingerprints are made at once: a stage finds them made, by other threads.
  constexpr std::size_t piece = 16 * batch_size;
  constexpr std::uint64_t commit_every = 4'000'000;
  std::uint64_t uncommitted = 0;
  for (std::uint64_t left = count; left > 0; left -= stream.batch.size()) {
    watch.leave_out([&] { stream.make(std::min<std::uint64_t>(piece, left), fresh); });
    for (std::size_t at = 0; at < stream.batch.size(); at += batch_size) {
      auto const batch = std::span<const ContentFingerprint>(stream.batch).subspan(at);
      if (auto done = judge(seen, batch.first(std::min(batch_size, batch.size())),
                            stream.again.data() + at, counts);
          !done)
        return done;
    }
    uncommitted += stream.batch.size();
    if (uncommitted < commit_every) continue;
    if (auto done = committer.begin(); !done) return done;
    uncommitted = 0;
  }
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::fputs("usage: message_dedup_perf FOLDER WINDOW MESSAGES PASSES\n", stderr);
    return 64;
  }
  std::string const folder = arguments[1];
  std::uint64_t const window = std::strtoull(arguments[2], nullptr, 10);
  std::uint64_t const messages = std::strtoull(arguments[3], nullptr, 10);
  std::size_t const passes = std::strtoull(arguments[4], nullptr, 10);
  auto const fail = [](const Failure& why) {
    std::fprintf(stderr, "message_dedup_perf: %s\n", why.text.c_str());
    return 74;
  };
  if (auto done = StateStore::remove(folder); !done) return fail(done.error());
  auto store = StateStore::open(folder);
  if (!store) return fail(store.error());
  auto log = stages::SeenLog::open("dedupe", std::move(*store), window, 0);
  if (!log) return fail(log.error());
  auto seen = stages::SeenMessages::open(std::move(*log), window, 0);
  if (!seen) return fail(seen.error());
  // After a lost ACK, a message comes again soon; so far back the log is in memory.
  constexpr std::uint64_t resent_from = 50'000;
  std::uint64_t fresh = 0;
  Counts counts;
  Stream news(resent_from, false), mixture(resent_from, true);
  Committer committer((*seen)->log());
  Watch filling;
  if (auto done = pass(**seen, news, window, fresh, counts, committer, filling); !done)
    return fail(done.error());
  double const filled = filling.wall();
  std::vector<double> rates;
  double processor = 0;
  for (std::size_t k = 0; k < passes; ++k) {
    Watch watch;
    if (auto done = pass(**seen, mixture, messages, fresh, counts, committer, watch); !done)
      return fail(done.error());
    rates.push_back(static_cast<double>(messages) / watch.wall());
    processor += watch.processor();
  }
  if (auto done = committer.wait(); !done) return fail(done.error());
  std::sort(rates.begin(), rates.end());
  std::printf(
      "{\"messages_per_second\": %.0f, \"messages_per_processor_second\": %.0f, "
      "\"bytes_an_entry\": %.2f, \"false_drops\": %llu, \"missed\": %llu, "
      "\"forgotten\": %llu, \"fill_seconds\": %.2f}\n",
      rates[rates.size() / 2], static_cast<double>(messages * passes) / processor,
      static_cast<double>((*seen)->index_memory() + (*seen)->log().memory()) /
          static_cast<double>(window),
      static_cast<unsigned long long>(counts.false_drops),
      static_cast<unsigned long long>(counts.missed),
      static_cast<unsigned long long>((*seen)->forgotten()), filled);
  seen->reset();
  return StateStore::remove(folder) ? 0 : 74;
}
