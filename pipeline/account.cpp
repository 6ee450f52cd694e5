#include <hl7flow/pipeline/account.h>

#include <charconv>

namespace hl7flow {
namespace {

/// The number in field 1 of a trailer segment; empty or not a number: no claim.
bool claimed_count(std::string_view trailer, std::uint64_t& count) {
  if (trailer.size() < 5) return false;
  std::string_view field = trailer.substr(4);
  field = field.substr(0, field.find_first_of(std::string{trailer[3], '\r', '\n'}));
  auto const [stop, error] = std::from_chars(field.data(), field.data() + field.size(), count);
  return error == std::errc{} && stop == field.data() + field.size();
}

}  // namespace

void Account::add(const Batch& batch) {
  ++batches;
  bytes_in += batch.raw_size;
  std::uint64_t const before = messages_in;
  for (std::size_t k = 0; k < batch.message_count(); ++k) {
    MessageEntry const& entry = batch.index.messages[k];
    bytes_messages +=
        batch.placements.empty() ? entry.raw_end - entry.raw_begin : batch.place_of(k).size;
    joined_lines += entry.joined_lines;
    switch (batch.fates[k]) {
      case Fate::accepted:
        ++written;
        break;
      case Fate::duplicate:
        ++duplicates;
        break;
      case Fate::filtered:
        ++filtered;
        break;
      case Fate::rejected:
        ++rejected;
        ++rejects[std::string(name(entry.error.code))];
        break;
    }
  }
  // What was kept back counted as filtered; what became of it counts instead.
  messages_in += batch.message_count() - batch.given_back;
  filtered -= batch.given_back;
  continued_messages += batch.kept_back - batch.given_back;
  for (ExtraRange const& extra : batch.index.extras) {
    std::uint64_t const size = extra.end - extra.begin;
    if (extra.kind == ExtraRange::Kind::oversize) {
      bytes_messages += size;
      continue;
    }
    bool const skipped =
        extra.kind == ExtraRange::Kind::garbage || extra.kind == ExtraRange::Kind::comment;
    (skipped ? bytes_skipped : bytes_framing) += size;
    skipped_ranges += skipped ? 1 : 0;
    if (extra.kind == ExtraRange::Kind::envelope)
      add_envelope(batch, extra, before + extra.before_message);
  }
  for (TableRows const& table : batch.tables)
    if (table.rows > 0) rows[table.schema->name] += table.rows;
  for (auto const& [type, count] : batch.types.counts) types[type] += count;
  for (auto const& [version, count] : batch.versions.counts) versions[version] += count;
  for (auto const& [outcome, count] : batch.code_counts.counts) codes[outcome] += count;
  for (Repetition const& one : batch.repetitions)
    ++repeats[std::string(name(one.repeat)) + (one.dropped ? ", dropped" : ", passed")];
  for (PersonLink const& link : batch.found_persons.links)
    ++persons[std::string(name(link.reason))];
  if (!batch.found_persons.reviews.empty())
    persons["to review"] += batch.found_persons.reviews.size();
  untyped_values += batch.untyped_values;
  unknown_escapes += batch.unknown_escapes;
}

void Account::add_envelope(const Batch& batch, const ExtraRange& envelope,
                           std::uint64_t messages_before) {
  std::string_view const segment =
      batch.text.view().substr(envelope.begin, envelope.end - envelope.begin);
  std::uint64_t claimed = 0;
  if (segment.starts_with("BHS")) {
    envelope_.batch_began_at = messages_before;
    ++envelope_.batches_in_file;
  } else if (segment.starts_with("FHS")) {
    envelope_.batches_in_file = 0;
    envelope_.batch_began_at = messages_before;
  } else if (segment.starts_with("BTS")) {
    if (claimed_count(segment, claimed) && claimed != messages_before - envelope_.batch_began_at)
      ++batch_count_mismatches;
    envelope_.batch_began_at = messages_before;
  } else if (segment.starts_with("FTS")) {
    if (claimed_count(segment, claimed) && claimed != envelope_.batches_in_file)
      ++batch_count_mismatches;
    envelope_.batches_in_file = 0;
  }
}

bool Account::closes() const noexcept {
  return messages_in == written + duplicates + rejected + filtered &&
         bytes_in == bytes_messages + bytes_framing + bytes_skipped;
}

}  // namespace hl7flow
