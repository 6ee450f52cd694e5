#include <hl7flow/pipeline/batch.h>

#include <algorithm>

namespace hl7flow {
namespace {

/// A batch that held a huge message gives its memory back: four times the usual text.
constexpr std::size_t kept_text_max = 1u << 20;

}  // namespace

void Tally::add(std::string_view name, std::uint64_t count) {
  for (auto& [known, total] : counts) {
    if (known != name) continue;
    total += count;
    return;
  }
  counts.emplace_back(name, count);
}

Placement Batch::place_of(std::size_t ordinal) const {
  for (Placement const& placement : placements)
    if (placement.message == ordinal) return placement;
  MessageEntry const& entry = index.messages[ordinal];
  return {static_cast<std::uint32_t>(ordinal), input_name, position.offset + entry.raw_begin,
          entry.raw_end - entry.raw_begin};
}

std::string_view Batch::written_form(std::size_t ordinal) const noexcept {
  auto const found =
      std::lower_bound(edited.begin(), edited.end(), ordinal,
                       [](const EditedMessage& one, std::size_t k) { return one.message < k; });
  if (found != edited.end() && found->message == ordinal)
    return std::string_view(edited_text).substr(found->begin, found->end - found->begin);
  return message(ordinal).raw();
}

void Batch::clear() noexcept {
  text.clear();
  side_text.clear();
  index.clear();
  fates.clear();
  for (TableRows& table : tables) table.clear();
  types.counts.clear();
  versions.counts.clear();
  fingerprints.clear();
  repetitions.clear();
  found_persons.clear();
  orders.clear();
  repeated_orders.clear();
  coded.clear();
  edited_text.clear();
  edited.clear();
  notices.clear();
  code_counts.counts.clear();
  untyped_values = unknown_escapes = messages_before = kept_back = given_back = 0;
  placements.clear();
  raw_size = 0;
  ends_epoch = continues_message = ends_run = false;
  text.shrink(kept_text_max);
  side_text.shrink(kept_text_max);
  index.mark.shrink(kept_text_max);
  index.segment_begin.shrink(kept_text_max);
  index.segment_mark.shrink(kept_text_max);
  index.segment_id.shrink(kept_text_max);
  index.headers.shrink(kept_text_max);
}

std::size_t Batch::memory() const noexcept {
  std::size_t const index_values = index.mark.capacity() + index.segment_begin.capacity() +
                                   index.segment_mark.capacity() + index.segment_id.capacity();
  return text.capacity() + side_text.capacity() + index_values * sizeof(std::uint32_t);
}

}  // namespace hl7flow
