#include <hl7flow/stages/dedupe/seen_messages.h>

namespace hl7flow::stages {

namespace {

ContentFingerprint fingerprint_of(const SeenRecord& record) {
  ContentFingerprint one;
  one.id = record.id;
  one.content_high = record.content_high;
  one.content_low = record.content_low;
  one.bytes_high = record.bytes_high;
  one.bytes_low = record.bytes_low;
  one.sent_at = record.sent_at;
  return one;
}

bool same_content(const SeenRecord& a, const ContentFingerprint& b) {
  return a.content_high == b.content_high && a.content_low == b.content_low;
}

}  // namespace

Result<std::unique_ptr<SeenMessages>, Failure> SeenMessages::open(std::unique_ptr<SeenLog> log,
                                                                  std::uint64_t window,
                                                                  std::int64_t window_seconds) {
  std::unique_ptr<SeenMessages> seen(new SeenMessages(std::move(log), window, window_seconds));
  if (auto done = seen->replay(); !done) return tl::unexpected<Failure>(done.error());
  return seen;
}

Status SeenMessages::replay() {
  constexpr std::size_t piece = 1024;
  std::vector<ContentFingerprint> batch;
  for (std::uint64_t begin = log_->first(); begin < log_->next(); begin += batch.size()) {
    batch.clear();
    for (std::uint64_t number = begin; number < std::min(begin + piece, log_->next()); ++number) {
      auto const record = log_->at(number);
      if (!record) return tl::unexpected<Failure>(record.error());
      batch.push_back(fingerprint_of(*record));
    }
    auto const done = for_each_ahead(batch, [&](std::size_t k) -> Status {
      ContentFingerprint const& one = batch[k];
      std::uint64_t const number = begin + k;
      if (enter_if_new(one, number)) return {};
      auto const sent = find_content(one, number);
      if (!sent) return tl::unexpected<Failure>(sent.error());
      auto const numbered = find_id(one, number);
      if (!numbered) return tl::unexpected<Failure>(numbered.error());
      enter(one, *sent, *numbered, number);
      return {};
    });
    if (!done) return done;
  }
  return {};
}

/// The newest that `is` of those so many back.
template <class Is>
Result<SeenMessages::Earlier, Failure> SeenMessages::find_in_group(std::uint64_t newest,
                                                                   std::uint64_t oldest,
                                                                   std::uint64_t next, Is&& is) {
  std::uint64_t const end = next - newest + 1;
  std::uint64_t const begin = std::max(log_->first(), next - std::min(next, oldest));
  SeenRecord record{};
  auto const found = log_->find_newest(begin, end, [&](SeenRecord const& one) {
    bool const it_is = is(one);
    if (it_is) record = one;
    return it_is;
  });
  if (!found) return tl::unexpected<Failure>(found.error());
  return *found == end ? Earlier{} : Earlier{next - *found, record};
}

/// The newest that `is_same`, or else the newest that `is`.
template <class Is, class IsSame>
Result<SeenMessages::Earlier, Failure> SeenMessages::look_up(const RecentIndex& index,
                                                             std::uint64_t key, std::uint64_t next,
                                                             Is&& is, IsSame&& is_same) {
  candidates_.clear();
  index.find(key, next, [&](std::uint64_t newest, std::uint64_t oldest) {
    candidates_.push_back({newest, oldest});
  });
  Earlier best;
  bool best_is_same = false;
  std::uint64_t count = 0, last = 0;
  for (Candidates const& group : candidates_) {
    auto found = find_in_group(group.newest, group.oldest, next, is);
    if (!found) return found;
    if (found->back == 0) continue;
    ++count;
    last = std::max(last, found->back);
    auto same =
        is_same(found->record) ? found : find_in_group(group.newest, group.oldest, next, is_same);
    if (!same) return same;
    bool const here_is_same = same->back != 0;
    Earlier const& here = here_is_same ? *same : *found;
    bool const is_better = best.back == 0 || here_is_same > best_is_same ||
                           (here_is_same == best_is_same && here.back < best.back);
    if (!is_better) continue;
    best = here;
    best_is_same = here_is_same;
  }
  // Where another message comes between, one that was sent twice still finds itself; thousands that
  // are alike, such as heartbeats, do not crowd out their neighbours.
  constexpr std::uint64_t entries_most = 4;
  if (best_is_same)
    best.replaced = best.back;
  else if (count >= entries_most)
    best.replaced = last;
  return best;
}

/// Whether the message was sent before as it is.
bool SeenMessages::is_resend_of(const ContentFingerprint& one,
                                const SeenRecord& earlier) const noexcept {
  return one.has_id() && earlier.id == one.id && same_content(earlier, one) &&
         is_in_time(earlier, one);
}

Result<SeenMessages::Earlier, Failure> SeenMessages::find_content(const ContentFingerprint& one,
                                                                  std::uint64_t next) {
  return look_up(
      contents_, one.content_low, next,
      [&](SeenRecord const& record) { return same_content(record, one); },
      [&](SeenRecord const& record) { return is_resend_of(one, record); });
}

Result<SeenMessages::Earlier, Failure> SeenMessages::find_id(const ContentFingerprint& one,
                                                             std::uint64_t next) {
  if (!one.has_id()) return Earlier{};
  return look_up(
      ids_, one.id, next, [&](SeenRecord const& record) { return record.id == one.id; },
      [&](SeenRecord const& record) { return is_resend_of(one, record); });
}

bool SeenMessages::is_in_time(const SeenRecord& earlier,
                              const ContentFingerprint& now) const noexcept {
  if (window_seconds_ == 0 || earlier.sent_at == ContentFingerprint::no_time ||
      now.sent_at == ContentFingerprint::no_time)
    return true;
  std::int64_t const apart = now.sent_at - earlier.sent_at;
  return apart <= window_seconds_ && -apart <= window_seconds_;
}

Result<SeenMessages::Judgement, Failure> SeenMessages::judge(const ContentFingerprint& one) {
  auto const sent = find_content(one, log_->next());
  if (!sent) return tl::unexpected<Failure>(sent.error());
  // The usual repeat, which is never entered: what else has its number does not matter.
  if (sent->back != 0 && is_resend_of(one, sent->record))
    return Judgement{*sent, *sent, true, Repeat::resend};
  auto const numbered = find_id(one, log_->next());
  if (!numbered) return tl::unexpected<Failure>(numbered.error());
  Judgement judged{*sent, *numbered};
  bool const content_counts = sent->back != 0 && is_in_time(sent->record, one);
  bool const number_counts = numbered->back != 0 && is_in_time(numbered->record, one);
  bool const resent = number_counts && is_resend_of(one, numbered->record);
  judged.repeats = content_counts || number_counts;
  judged.repeat = resent           ? Repeat::resend
                  : content_counts ? Repeat::duplicate_send
                                   : Repeat::id_reuse;
  // Of a resend, the message with both, where another one has the content.
  if (resent) judged.sent = judged.numbered;
  return judged;
}

void SeenMessages::enter(const ContentFingerprint& one, const Earlier& sent,
                         const Earlier& numbered, std::uint64_t number) {
  contents_.enter(one.content_low, number, sent.replaced);
  if (one.has_id()) ids_.enter(one.id, number, numbered.replaced);
}

}  // namespace hl7flow::stages
