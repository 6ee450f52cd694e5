#include <hl7flow/stages/identify/live_statements.h>

#include <algorithm>

namespace hl7flow::stages {

using linkage::EvidenceKind;
using linkage::RecordNumber;

namespace {

bool is_bond(const PersonStatement& statement) {
  return statement.kind != EvidenceKind::describes && statement.kind != EvidenceKind::gone;
}

/// The groups that a statement is about: those it says, those it clears.
std::uint8_t groups_of(const PersonStatement& statement) {
  if (statement.kind == EvidenceKind::gone) return 0xff;
  return static_cast<std::uint8_t>(statement.said | statement.cleared);
}

std::uint8_t bit_at(std::size_t group) { return bit_of(static_cast<linkage::Group>(group)); }

/// One that says nothing but that there is such a record.
PersonStatement name_only(const RecordNameView& name) {
  PersonStatement statement;
  statement.record = name;
  return statement;
}

}  // namespace

LiveStatements::Pair LiveStatements::pair_of(const PersonStatement& statement, RecordNumber a,
                                             RecordNumber b) noexcept {
  return {std::min(a, b), std::max(a, b), statement.authority};
}

LiveStatements::Record& LiveStatements::record_at(RecordNumber number, std::uint64_t statement) {
  if (records_.size() <= number) records_.resize(number + 1);
  Record& record = records_[number];
  if (record.named_by == none) record.named_by = statement;
  return record;
}

void LiveStatements::see(const PersonStatement& statement, std::uint64_t number,
                         RecordNumber record, RecordNumber other) {
  if (is_bond(statement)) {
    record_at(record, number);
    record_at(other, number);
    if (record == other) return;
    auto const [bond, is_new] =
        bonds_.try_emplace(pair_of(statement, record, other), Bond{number, statement.at});
    if (!is_new && statement.at >= bond->second.at) bond->second = {number, statement.at};
    return;
  }
  Record& known = record_at(record, number);
  for (std::size_t k = 0; k < linkage::group_count; ++k) {
    Words& words = known.groups[k];
    if ((groups_of(statement) & bit_at(k)) == 0 || statement.at < words.again_at) continue;
    words.again_at = statement.at;
    if (statement.is_repeated) continue;
    words_ += words.number == none ? 1 : 0;
    words.number = number;
    words.at = statement.at;
  }
}

Status LiveStatements::rewrite(const PersonStatement& statement, std::uint64_t number,
                               RecordNumber record, RecordNumber other, const Write& write) const {
  auto const is_named_here = [&](RecordNumber one) { return records_[one].named_by == number; };
  if (is_bond(statement)) {
    auto const bond = bonds_.find(pair_of(statement, record, other));
    if (bond != bonds_.end() && bond->second.number == number) return write(statement);
    if (is_named_here(record))
      if (auto done = write(name_only(statement.record)); !done) return done;
    if (record != other && is_named_here(other)) return write(name_only(statement.other));
    return {};
  }
  std::uint8_t counting = 0;
  for (std::size_t k = 0; k < linkage::group_count; ++k)
    if (records_[record].groups[k].number == number)
      counting = static_cast<std::uint8_t>(counting | bit_at(k));
  if (counting == 0) return is_named_here(record) ? write(name_only(statement.record)) : Status();
  PersonStatement kept = statement;
  // A record that is gone has none of its groups any more, but for what was said since.
  bool const is_gone = statement.kind == EvidenceKind::gone;
  kept.kind = EvidenceKind::describes;
  kept.said = is_gone ? 0 : static_cast<std::uint8_t>(statement.said & counting);
  kept.cleared = is_gone ? counting : static_cast<std::uint8_t>(statement.cleared & counting);
  return write(kept);
}

Status LiveStatements::finish(const std::function<RecordNameView(RecordNumber)>& name_of,
                              const Write& write) const {
  for (std::size_t number = 0; number < records_.size(); ++number) {
    auto const& groups = records_[number].groups;
    auto const is_later = [&](std::size_t k) { return groups[k].again_at > groups[k].at; };
    std::uint8_t done = 0;
    for (std::size_t k = 0; k < linkage::group_count; ++k) {
      if (!is_later(k) || (done & bit_at(k)) != 0) continue;
      PersonStatement again = name_only(name_of(static_cast<RecordNumber>(number)));
      again.is_repeated = true;
      again.at = groups[k].again_at;
      for (std::size_t j = k; j < linkage::group_count; ++j)
        if (is_later(j) && groups[j].again_at == again.at)
          again.said = static_cast<std::uint8_t>(again.said | bit_at(j));
      done = static_cast<std::uint8_t>(done | again.said);
      if (auto written = write(again); !written) return written;
    }
  }
  return {};
}

}  // namespace hl7flow::stages
