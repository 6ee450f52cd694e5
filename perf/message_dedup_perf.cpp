// Message dedup on one core: fingerprints through a window that is full. Usage:
// message_dedup_perf FOLDER WINDOW MESSAGES PASSES
//
// FOLDER holds the log and is emptied. The window is filled first; then PASSES times so many
// messages come, of which two of a hundred are resends of the last 50,000, and each must be found;
// nothing else may be. Prints JSON: messages_per_second (median), index_bytes_an_entry,
// false_drops, missed, forgotten, fill_seconds.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <hl7flow/stages/dedupe/seen_messages.h>

namespace {

using namespace hl7flow;
using Clock = std::chrono::steady_clock;

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

struct Counts {
  std::uint64_t false_drops = 0, missed = 0;
  bool failed = false;
};

/// New messages, and at every fiftieth place one of the last `resent_from` again.
void stream(stages::SeenMessages& seen, std::uint64_t& fresh, std::uint64_t count,
            std::uint64_t resent_from, bool with_resends, Counts& counts) {
  std::vector<ContentFingerprint> batch(batch_size);
  std::vector<bool> again(batch_size);
  for (std::uint64_t done = 0; done < count; done += batch_size) {
    for (std::size_t k = 0; k < batch_size; ++k) {
      again[k] = with_resends && (done + k) % 50 == 49;
      batch[k] = fingerprint(again[k] ? fresh - 1 - mixed(fresh) % resent_from : fresh++);
    }
    constexpr std::size_t ahead = stages::SeenMessages::prefetch_distance;
    for (std::size_t k = 0; k < ahead; ++k) seen.prefetch(batch[k]);
    auto const held = seen.log().hold();
    for (std::size_t k = 0; k < batch_size; ++k) {
      if (k + ahead < batch_size) seen.prefetch(batch[k + ahead]);
      auto const judged = seen.judge(batch[k]);
      if (!judged) {
        counts.failed = true;
        return;
      }
      bool const dropped = judged->repeats && judged->repeat == Repeat::resend;
      counts.false_drops += dropped && !again[k] ? 1 : 0;
      counts.missed += !dropped && again[k] ? 1 : 0;
      if (!dropped && !seen.remember(batch[k], *judged)) counts.failed = true;
    }
  }
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
  Counts counts;
  std::uint64_t fresh = 0;
  auto const began = Clock::now();
  stream(**seen, fresh, window, resent_from, false, counts);
  std::chrono::duration<double> const filled = Clock::now() - began;
  std::vector<double> rates;
  for (std::size_t pass = 0; pass < passes && !counts.failed; ++pass) {
    auto const start = Clock::now();
    stream(**seen, fresh, messages, resent_from, true, counts);
    rates.push_back(static_cast<double>(messages) /
                    std::chrono::duration<double>(Clock::now() - start).count());
  }
  if (counts.failed || rates.empty()) return 74;
  std::sort(rates.begin(), rates.end());
  std::printf(
      "{\"messages_per_second\": %.0f, \"index_bytes_an_entry\": %.2f, \"false_drops\": "
      "%llu, \"missed\": %llu, \"forgotten\": %llu, \"fill_seconds\": %.2f}\n",
      rates[rates.size() / 2],
      static_cast<double>((*seen)->index_memory()) / static_cast<double>(window),
      static_cast<unsigned long long>(counts.false_drops),
      static_cast<unsigned long long>(counts.missed),
      static_cast<unsigned long long>((*seen)->forgotten()), filled.count());
  seen->reset();
  return StateStore::remove(folder) ? 0 : 74;
}
