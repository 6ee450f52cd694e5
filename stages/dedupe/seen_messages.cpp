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
    auto const done = for_each_ahead(batch, [&](std::size_t k, const Homes& homes) -> Status {
      ContentFingerprint const& one = batch[k];
      std::uint64_t const number = begin + k;
      if (!enter_if_new(one, homes, number)) {
        auto const sent = find_content(one, number);
        if (!sent) return tl::unexpected<Failure>(sent.error());
        auto const numbered = find_id(one, number);
        if (!numbered) return tl::unexpected<Failure>(numbered.error());
        enter(one, *sent, *numbered, number);
      }
      tags_.enter(number, tag_of(one));
      return {};
    });
    if (!done) return done;
  }
  return {};
}

void SeenMessages::begin_group(std::uint64_t next) noexcept {
  ids_.renew(next);
  contents_.renew(next);
  span_ = contents_.span_at(next);
  group_end_ = next - next % RecentIndex::group_size + RecentIndex::group_size;
}

/// The newest of the group that `is`; `has`: what it has in common with the message of the tags.
template <class Is>
Result<SeenMessages::Earlier, Failure> SeenMessages::find_in_group(const Group& group,
                                                                   std::uint64_t next,
                                                                   RecentTags::Tag tag, Has has,
                                                                   Is&& is) {
  std::uint64_t const end = next - group.newest + 1;
  std::uint64_t const begin = std::max(log_->first(), next - std::min(next, group.oldest));
  Earlier found;
  auto const is_it = [&](std::uint64_t number, const SeenRecord& record) {
    if (!is(record)) return false;
    found = {next - number, record};
    return true;
  };
  Status done;
  auto const visit = [&](std::uint64_t number) {
    auto const record = log_->at(number);
    if (!record) done = tl::unexpected<Failure>(record.error());
    return !record || is_it(number, *record);
  };
  if (tags_.has(begin, next))
    tags_.find(begin, end, tag, has, visit);
  else
    done = log_->find_newest(begin, end, is_it);
  if (!done) return tl::unexpected<Failure>(done.error());
  return found;
}

/// The newest of the group that counts most.
template <class Is>
Result<SeenMessages::Earlier, Failure> SeenMessages::find_most_in_group(
    const Group& group, const ContentFingerprint& one, std::uint64_t next, Has has, Is&& is,
    Counts& counts) {
  RecentTags::Tag const tag = tag_of(one);
  Result<Earlier, Failure> found = Earlier{};
  // Of many with one content, or one number, few have both.
  counts = Counts::most;
  if (one.has_id())
    found = find_in_group(group, next, tag, Has::both,
                          [&](const SeenRecord& record) { return is_resend_of(one, record); });
  if (!found || found->back != 0) return found;
  counts = Counts::in_time;
  found = find_in_group(group, next, tag, has, [&](const SeenRecord& record) {
    return is(record) && is_in_time(record, one);
  });
  if (!found || found->back != 0 || window_seconds_ == 0) return found;
  counts = Counts::out_of_time;
  return find_in_group(group, next, tag, has, is);
}

/// The newest that the message is a resend of, or else the newest that `is` and is in time, or else
/// the newest that `is`.
template <class Is>
Result<SeenMessages::Earlier, Failure> SeenMessages::look_up(const RecentIndex& index,
                                                             std::uint64_t key,
                                                             const ContentFingerprint& one,
                                                             std::uint64_t next, Has has, Is&& is) {
  candidates_.clear();
  index.find(key, next, [&](std::uint64_t newest, std::uint64_t oldest) {
    candidates_.push_back({newest, oldest});
  });
  Earlier best;
  Counts best_counts = Counts::out_of_time;
  std::uint64_t count = 0, last = 0;
  for (Group const& group : candidates_) {
    Counts counts{};
    auto const found = find_most_in_group(group, one, next, has, is, counts);
    if (!found) return found;
    if (found->back == 0) continue;
    ++count;
    last = std::max(last, found->back);
    bool const is_better = best.back == 0 || counts > best_counts ||
                           (counts == best_counts && found->back < best.back);
    if (!is_better) continue;
    best = *found;
    best_counts = counts;
  }
  // Where another message comes between, one that was sent twice still finds itself; thousands that
  // are alike, such as heartbeats, do not crowd out their neighbours.
  constexpr std::uint64_t entries_most = 4;
  if (best_counts == Counts::most)
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
  return look_up(contents_, one.content_low, one, next, Has::content,
                 [&](const SeenRecord& record) { return same_content(record, one); });
}

Result<SeenMessages::Earlier, Failure> SeenMessages::find_id(const ContentFingerprint& one,
                                                             std::uint64_t next) {
  if (!one.has_id()) return Earlier{};
  return look_up(ids_, one.id, one, next, Has::id,
                 [&](const SeenRecord& record) { return record.id == one.id; });
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
