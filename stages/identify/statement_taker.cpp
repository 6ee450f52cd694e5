#include <hl7flow/stages/identify/statement_taker.h>

#include <algorithm>

#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/escape.h>
#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow::stages {

namespace {

using linkage::Authority;
using linkage::bit_of;
using linkage::EvidenceKind;
using linkage::Group;

constexpr std::uint32_t pid = simd::pack('P', 'I', 'D'), mrg = simd::pack('M', 'R', 'G'),
                        evn = simd::pack('E', 'V', 'N');

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// Types of identifiers (table 0203) that name a person. Those of accounts, visits and documents
/// do not.
bool names_person(std::string_view type) {
  return type.starts_with("NN") ||
         is_one_of(type, {"", "MR", "PI", "PT", "PE", "PN", "MRN", "MPI", "EMPI", "EPI", "NI", "HC",
                          "JHN", "MC", "MA", "LR", "SR", "U", "ANON"});
}

/// What is sent where an identifier is not known.
bool is_placeholder(std::string_view number) {
  auto const is_all = [&](char digit) {
    return std::all_of(number.begin(), number.end(), [&](char c) { return c == digit; });
  };
  return number.empty() || number == "\"\"" || is_all('0') || (number.size() >= 5 && is_all('9')) ||
         is_one_of(number, {"UNKNOWN", "Unknown", "unknown", "UNK", "NONE", "None", "none", "NULL",
                            "null", "N/A", "NA", "-"});
}

std::uint32_t seconds_of(std::string_view text) {
  auto const time = parse_datetime(text);
  if (!time) return 0;
  std::int64_t const seconds = to_epoch_micros(*time, 0) / 1'000'000;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, UINT32_MAX));
}

}  // namespace

/// Valid for the rest of the segment.
std::string_view StatementTaker::text(const FieldView& value) {
  if (!value.has_escape()) return value.raw();
  auto const plain =
      unescape(value.raw(), value.delimiters(), charset_, EscapePolicy::decode, scratch_);
  std::string& kept = decoded_[decoded_count_++ % decoded_.size()];
  kept = plain.value_or(value.raw());
  return kept;
}

void StatementTaker::add(const PersonStatement& statement) {
  PersonFindings& found = batch_->found_persons;
  TakenStatement& taken = found.statements.emplace_back();
  taken.message = message_;
  taken.segment = segment_;
  taken.begin = found.words.size();
  append_statement(statement, found.words);
  taken.end = found.words.size();
  // From the words as they are kept, so that what is replayed is the same.
  std::string_view words = std::string_view(found.words).substr(taken.begin);
  if (auto const kept = take_statement(words)) taken.evidence = evidence_of(*kept);
}

void StatementTaker::add_bond(EvidenceKind kind, Authority authority, const RecordNameView& record,
                              const RecordNameView& other) {
  PersonStatement statement;
  statement.kind = kind;
  statement.authority = authority;
  statement.at = at_;
  statement.record = record;
  statement.other = other;
  if (linkage::record_key(record.assigning_authority, record.identifier) ==
      linkage::record_key(other.assigning_authority, other.identifier))
    return;
  add(statement);
}

/// A list of CX. The national number of a person is a value to compare by, not a record's name.
void StatementTaker::read_identifiers(const FieldView& field, std::vector<Identifier>& out) {
  for (std::size_t number = 1; number <= field.repetition_count(); ++number) {
    FieldView const one = field.repetition(number);
    decoded_count_ = 0;
    std::string_view const digits = text(one.component(1)), type = text(one.component(5));
    FieldView const authority = one.component(4);
    std::string_view issuer = text(authority.subcomponent(1));
    if (issuer.empty()) issuer = text(authority.subcomponent(2));
    if (type == "SS" || type == "SSN") {
      national_number_ = digits;
      continue;
    }
    if (!names_person(type) || is_placeholder(digits) || digits.size() > statement_text_max)
      continue;
    out.push_back(
        {std::string(issuer.empty() ? sender_ : issuer), std::string(digits), std::string(type)});
  }
}

/// An XTN: as one text (component 1, or 12 from version 2.7 on), or in parts.
std::string_view StatementTaker::phone_of(const FieldView& value) {
  for (std::size_t const whole : {1u, 12u})
    if (std::string_view const number = text(value.component(whole)); !number.empty())
      return number;
  std::string& joined = decoded_[decoded_count_++ % decoded_.size()];
  joined.assign(value.component(6).raw()).append(value.component(7).raw());
  return joined;
}

void StatementTaker::read_texts(const SegmentView& segment, PersonStatement& statement) {
  linkage::PersonTexts& texts = statement.texts;
  auto const clears = [&](Group group, std::size_t field) {
    if (segment.field(field).is_delete()) statement.cleared |= bit_of(group);
    return segment.field(field).is_delete();
  };
  auto const says = [&](Group group, std::initializer_list<std::string_view> all) {
    for (std::string_view const one : all)
      if (!one.empty() && one != "\"\"") statement.said |= bit_of(group);
  };
  if (!clears(Group::name, 5)) {
    FieldView const names = segment.field(5);
    std::size_t chosen = 1;
    for (std::size_t k = 1; k <= names.repetition_count() && chosen == 1; ++k)
      if (names.repetition(k).component(7).raw() == "L") chosen = k;
    FieldView const name = names.repetition(chosen);
    texts.family_name = text(name.component(1).subcomponent(1));
    texts.given_name = text(name.component(2));
    texts.suffix = text(name.component(4));
    says(Group::name, {texts.family_name, texts.given_name});
  }
  if (!clears(Group::birth_date, 7)) {
    texts.birth_date = segment.field(7).component(1).raw().substr(0, 8);
    says(Group::birth_date, {texts.birth_date});
  }
  if (!clears(Group::sex, 8)) {
    texts.sex = text(segment.field(8).component(1));
    says(Group::sex, {texts.sex});
  }
  if (!clears(Group::address, 11)) {
    FieldView const address = segment.field(11).repetition(1);
    texts.address_line = text(address.component(1).subcomponent(1));
    texts.city = text(address.component(3));
    texts.postcode = text(address.component(5));
    says(Group::address, {texts.address_line, texts.city, texts.postcode});
  }
  if (!clears(Group::phone, 13)) {
    FieldView const phones = segment.field(13);
    for (std::size_t k = 1; k <= phones.repetition_count(); ++k) {
      FieldView const one = phones.repetition(k);
      bool const is_mail = one.component(2).raw() == "NET" || one.component(3).raw() == "Internet";
      if (texts.email.empty()) texts.email = text(one.component(4));
      if (is_mail || !texts.phone.empty()) continue;
      texts.phone = phone_of(one);
    }
    says(Group::phone, {texts.phone});
    says(Group::email, {texts.email});
  } else {
    statement.cleared |= bit_of(Group::email);
  }
  if (!clears(Group::identifier, 19)) {
    texts.identifier = text(segment.field(19).component(1));
    if (texts.identifier.empty()) texts.identifier = national_number_;
    says(Group::identifier, {texts.identifier});
  }
}

void StatementTaker::read_patient(const SegmentView& segment) {
  segment_ = segment.ordinal();
  identifiers_.clear();
  national_number_.clear();
  read_identifiers(segment.field(3), identifiers_);
  if (identifiers_.empty()) read_identifiers(segment.field(2), identifiers_);
  PersonStatement statement;
  statement.at = at_;
  decoded_count_ = 0;
  read_texts(segment, statement);
  if (identifiers_.empty()) {
    if ((statement.said & bit_of(Group::name)) == 0) return;
    // Nobody gave the patient a number: the same description is the same record.
    linkage::RecordKey key{};
    for (std::string_view const one :
         {statement.texts.family_name, statement.texts.given_name, statement.texts.birth_date,
          statement.texts.sex, statement.texts.address_line, statement.texts.postcode,
          statement.texts.phone, statement.texts.identifier})
      key = linkage::record_key(std::to_string(key.high) + std::to_string(key.low), one);
    MessageId const id = message_id(key.high, key.low);
    identifiers_.push_back({sender_, "unnumbered:" + std::string(id.data(), id.size()), {}});
  }
  // The medical record number names the record, as in the table patients.
  for (std::string_view const type : {"PI", "MR"})
    std::stable_partition(identifiers_.begin(), identifiers_.end(),
                          [&](Identifier const& one) { return one.type == type; });
  patients_.push_back(identifiers_.front());
  statement.record = identifiers_.front().view();
  for (std::size_t k = 1; k < identifiers_.size(); ++k)
    add_bond(EvidenceKind::same, Authority::listed, statement.record, identifiers_[k].view());
  if (is_one_of(event_, {"A23", "A29"})) statement.kind = EvidenceKind::gone;
  add(statement);
  batch_->found_persons.persons.push_back({segment_, {}});
}

void StatementTaker::read_merge(const SegmentView& segment) {
  if (patients_.empty()) return;
  bool const merges = is_one_of(event_, {"A18", "A30", "A34", "A36", "A39", "A40"});
  bool const moves = is_one_of(event_, {"A43", "A46", "A47"});
  if (!merges && !moves) return;
  Identifier const survivor = patients_.back();
  prior_.clear();
  read_identifiers(segment.field(1), prior_);
  std::size_t const count = prior_.size();
  if (count == 0 || moves) read_identifiers(segment.field(4), prior_);
  std::size_t const joined = count == 0 ? prior_.size() : count;
  for (std::size_t k = 0; k < joined; ++k)
    add_bond(EvidenceKind::same, Authority::sender, survivor.view(), prior_[k].view());
  for (std::size_t k = joined; k < prior_.size(); ++k)
    for (std::size_t j = 0; j < joined; ++j)
      add_bond(EvidenceKind::open, Authority::sender, prior_[k].view(), prior_[j].view());
}

void StatementTaker::take(Batch& batch, std::uint32_t message) {
  batch_ = &batch;
  message_ = message;
  MessageView const view = batch.message(message);
  charset_ = view.entry().charset;
  SegmentView const header = view.segment(0);
  decoded_count_ = 0;
  event_ = header.field(9).component(2).raw();
  sender_ = text(header.field(4).component(1));
  if (sender_.empty()) sender_ = text(header.field(3).component(1));
  at_ = seconds_of(header.field(7).component(1).raw());
  patients_.clear();
  for (std::size_t k = 1; k < view.segment_count(); ++k) {
    SegmentView const segment = view.segment(k);
    if (segment.packed_id() == evn) {
      std::uint32_t const recorded = seconds_of(segment.field(2).component(1).raw());
      if (recorded != 0) at_ = recorded;
      if (event_.empty()) event_ = segment.field(1).component(1).raw();
    } else if (segment.packed_id() == pid) {
      read_patient(segment);
    } else if (segment.packed_id() == mrg) {
      read_merge(segment);
    }
  }
  if (patients_.size() < 2 || !is_one_of(event_, {"A24", "A37"})) return;
  add_bond(event_ == "A24" ? EvidenceKind::same : EvidenceKind::different, Authority::sender,
           patients_[0].view(), patients_[1].view());
}

}  // namespace hl7flow::stages
