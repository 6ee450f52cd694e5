#include <hl7flow/adapters/cli/profile.h>

#include <algorithm>
#include <bit>
#include <cmath>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hl7flow::cli {
namespace {

std::uint64_t hash_of(std::string_view text) noexcept {
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace

void DistinctCount::add(std::uint64_t hash) {
  if (registers_)
    record(hash);
  else
    insert(hash);
}

void DistinctCount::insert(std::uint64_t hash) {
  if (hash == 0) hash = 1;
  if (4 * (size_ + 1) > 3 * slots_.size()) {
    std::vector<std::uint64_t> const old = std::move(slots_);
    slots_.assign(old.empty() ? 8 : 2 * old.size(), 0);
    size_ = 0;
    for (std::uint64_t const known : old)
      if (known != 0) insert(known);
  }
  std::size_t at = hash % slots_.size();
  while (slots_[at] != 0 && slots_[at] != hash) at = (at + 1) % slots_.size();
  if (slots_[at] == hash) return;
  slots_[at] = hash;
  if (++size_ > exact_max) spill();
}

void DistinctCount::record(std::uint64_t hash) noexcept {
  std::size_t const index = hash >> (64 - register_bits);
  auto const rank = static_cast<std::uint8_t>(
      std::countl_zero(hash << register_bits | std::uint64_t{1} << (register_bits - 1)) + 1);
  (*registers_)[index] = std::max((*registers_)[index], rank);
}

void DistinctCount::spill() {
  registers_ = std::make_unique<Registers>();
  registers_->fill(0);
  for (std::uint64_t const hash : slots_)
    if (hash != 0) record(hash);
  slots_ = {};
  size_ = 0;
}

void DistinctCount::merge(const DistinctCount& other) {
  if (other.registers_) {
    if (!registers_) spill();
    for (std::size_t k = 0; k < registers_->size(); ++k)
      (*registers_)[k] = std::max((*registers_)[k], (*other.registers_)[k]);
    return;
  }
  for (std::uint64_t const hash : other.slots_)
    if (hash != 0) add(hash);
}

std::uint64_t DistinctCount::count() const {
  if (!registers_) return size_;
  auto const m = static_cast<double>(registers_->size());
  double sum = 0, zeros = 0;
  for (std::uint8_t const rank : *registers_) {
    sum += std::ldexp(1.0, -rank);
    zeros += rank == 0 ? 1 : 0;
  }
  double estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
  if (estimate <= 2.5 * m && zeros > 0) estimate = m * std::log(m / zeros);
  return std::max<std::uint64_t>(static_cast<std::uint64_t>(std::llround(estimate)), exact_max + 1);
}

std::size_t ValueCounts::Hash::operator()(std::string_view text) const noexcept {
  return hash_of(text);
}

void ValueCounts::add(std::string_view value, std::uint64_t count) {
  if (given_up_) return;
  auto const known = counts_.find(value);
  if (known != counts_.end()) {
    known->second += count;
    return;
  }
  counts_.emplace(std::string(value), count);
  if (counts_.size() <= max_) return;
  given_up_ = true;
  counts_ = {};
}

void ValueCounts::merge(const ValueCounts& other) {
  if (other.given_up_) {
    given_up_ = true;
    counts_ = {};
  }
  for (auto const& [value, count] : other.counts_) add(value, count);
}

std::vector<std::pair<std::string, std::uint64_t>> ValueCounts::top(std::size_t most) const {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts_.begin(), counts_.end());
  std::sort(sorted.begin(), sorted.end(), [](auto const& a, auto const& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (sorted.size() > most) sorted.resize(most);
  return sorted;
}

void Profile::add(const Batch& batch, const ProfileOptions& options) {
  std::string sender;
  for (std::size_t k = 0; k < batch.message_count(); ++k) {
    if (!batch.is_accepted(k)) continue;
    MessageView const message = batch.message(k);
    SegmentView const header = message.segment(0);
    sender = header.field(3).component(1).raw();
    if (header.field(4).has_text())
      sender.append(" at ").append(header.field(4).component(1).raw());
    senders.add(sender);
    for (std::size_t n = 0; n < message.segment_count(); ++n) {
      SegmentView const segment = message.segment(n);
      std::uint32_t const id = segment.packed_id();
      if (!options.segments.empty() &&
          std::find(options.segments.begin(), options.segments.end(), id) == options.segments.end())
        continue;
      auto found = segments.find(id);
      if (found == segments.end()) {
        if (segments.size() >= segment_max) {
          ++beyond_limits;
          continue;
        }
        found = segments.emplace(id, SegmentProfile{}).first;
      }
      add_segment(segment, found->second, options);
    }
    for (auto& [id, profile] : segments) {
      if (profile.in_message == 0) continue;
      ++profile.messages;
      profile.per_message_max = std::max(profile.per_message_max, profile.in_message);
      profile.in_message = 0;
    }
  }
}

void Profile::add_segment(const SegmentView& segment, SegmentProfile& profile,
                          const ProfileOptions& options) {
  ++profile.count;
  ++profile.in_message;
  std::size_t const fields = segment.field_count();
  if (fields > field_max) beyond_limits += fields - field_max;
  std::size_t const last = std::min(fields, field_max);
  if (profile.fields.size() < last) profile.fields.resize(last);
  for (std::size_t number = 1; number <= last; ++number) {
    FieldView const field = segment.field(number);
    std::string_view const raw = field.raw();
    if (raw.empty()) continue;
    FieldProfile& to = profile.fields[number - 1];
    ++to.filled;
    to.deletes += field.is_delete() ? 1 : 0;
    std::size_t const repetitions = field.repetition_count();
    to.repeated += repetitions > 1 ? 1 : 0;
    to.repetitions_max = std::max<std::uint64_t>(to.repetitions_max, repetitions);
    to.length_min = std::min<std::uint64_t>(to.length_min, raw.size());
    to.length_max = std::max<std::uint64_t>(to.length_max, raw.size());
    to.length_sum += raw.size();
    to.distinct.add(hash_of(raw));
    if (options.values) to.values.add(raw);
  }
}

void Profile::merge(const Profile& other) {
  senders.merge(other.senders);
  beyond_limits += other.beyond_limits;
  for (auto const& [id, from] : other.segments) {
    SegmentProfile& to = segments[id];
    to.count += from.count;
    to.messages += from.messages;
    to.per_message_max = std::max(to.per_message_max, from.per_message_max);
    if (to.fields.size() < from.fields.size()) to.fields.resize(from.fields.size());
    for (std::size_t k = 0; k < from.fields.size(); ++k) {
      FieldProfile const& field = from.fields[k];
      FieldProfile& sum = to.fields[k];
      sum.filled += field.filled;
      sum.deletes += field.deletes;
      sum.repeated += field.repeated;
      sum.repetitions_max = std::max(sum.repetitions_max, field.repetitions_max);
      sum.length_min = std::min(sum.length_min, field.length_min);
      sum.length_max = std::max(sum.length_max, field.length_max);
      sum.length_sum += field.length_sum;
      sum.distinct.merge(field.distinct);
      sum.values.merge(field.values);
    }
  }
}

}  // namespace hl7flow::cli
