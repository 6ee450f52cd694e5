#include <hl7flow/stages/identify/person_statement.h>

#include <array>
#include <cstring>

namespace hl7flow::stages {

namespace {

using linkage::EvidenceKind;
using linkage::PersonTexts;

constexpr std::string_view PersonTexts::*texts_of[] = {
    &PersonTexts::given_name, &PersonTexts::family_name, &PersonTexts::suffix,
    &PersonTexts::birth_date, &PersonTexts::sex,         &PersonTexts::address_line,
    &PersonTexts::city,       &PersonTexts::postcode,    &PersonTexts::phone,
    &PersonTexts::email,      &PersonTexts::identifier};

constexpr std::uint8_t repeated_bit = 0x80;
constexpr std::size_t head_size = 8;  // kind, authority, said, cleared, at

bool is_bond(EvidenceKind kind) {
  return kind == EvidenceKind::same || kind == EvidenceKind::different ||
         kind == EvidenceKind::open;
}

void append_text(std::string_view text, std::string& out) {
  text = text.substr(0, statement_text_max);
  out += static_cast<char>(text.size());
  out += text;
}

bool take_text(std::string_view& bytes, std::string_view& text) {
  if (bytes.empty()) return false;
  std::size_t const size = static_cast<unsigned char>(bytes.front());
  if (bytes.size() <= size) return false;
  text = bytes.substr(1, size);
  bytes.remove_prefix(1 + size);
  return true;
}

bool take_name(std::string_view& bytes, RecordNameView& name) {
  return take_text(bytes, name.assigning_authority) && take_text(bytes, name.identifier);
}

}  // namespace

void append_statement(const PersonStatement& statement, std::string& out) {
  std::array<char, head_size> head{};
  head[0] = static_cast<char>(static_cast<std::uint8_t>(statement.kind) |
                              (statement.is_repeated ? repeated_bit : 0));
  head[1] = static_cast<char>(statement.authority);
  head[2] = static_cast<char>(statement.said);
  head[3] = static_cast<char>(statement.cleared);
  std::memcpy(&head[4], &statement.at, sizeof statement.at);
  out.append(head.data(), head.size());
  append_text(statement.record.assigning_authority, out);
  append_text(statement.record.identifier, out);
  if (is_bond(statement.kind)) {
    append_text(statement.other.assigning_authority, out);
    append_text(statement.other.identifier, out);
  } else if (statement.kind == EvidenceKind::describes && !statement.is_repeated) {
    for (auto const text : texts_of) append_text(statement.texts.*text, out);
  }
}

Result<PersonStatement, Failure> take_statement(std::string_view& bytes) {
  PersonStatement statement;
  bool whole = bytes.size() > head_size;
  if (whole) {
    auto const kind = static_cast<std::uint8_t>(bytes[0]);
    statement.is_repeated = (kind & repeated_bit) != 0;
    statement.kind = static_cast<EvidenceKind>(kind & ~repeated_bit);
    statement.authority = static_cast<linkage::Authority>(bytes[1]);
    whole = statement.kind <= EvidenceKind::gone &&
            statement.authority <= linkage::Authority::clerk &&
            (!statement.is_repeated || statement.kind == EvidenceKind::describes);
    statement.said = static_cast<std::uint8_t>(bytes[2]);
    statement.cleared = static_cast<std::uint8_t>(bytes[3]);
    std::memcpy(&statement.at, bytes.data() + 4, sizeof statement.at);
    bytes.remove_prefix(head_size);
  }
  whole = whole && take_name(bytes, statement.record);
  if (whole && is_bond(statement.kind)) whole = take_name(bytes, statement.other);
  if (whole && statement.kind == EvidenceKind::describes && !statement.is_repeated)
    for (auto const text : texts_of) whole = whole && take_text(bytes, statement.texts.*text);
  if (!whole)
    return fail(ErrorCode::io, "the state of identify is damaged: it has what is no statement");
  return statement;
}

linkage::Evidence evidence_of(const PersonStatement& statement) {
  linkage::Evidence evidence;
  evidence.kind = statement.kind;
  evidence.authority = statement.authority;
  evidence.said = statement.said;
  evidence.cleared = statement.cleared;
  evidence.at = statement.at;
  evidence.record =
      linkage::record_key(statement.record.assigning_authority, statement.record.identifier);
  if (is_bond(statement.kind))
    evidence.other =
        linkage::record_key(statement.other.assigning_authority, statement.other.identifier);
  if (statement.kind == EvidenceKind::describes && !statement.is_repeated) {
    evidence.person = linkage::pack(statement.texts);
    evidence.keys = linkage::block_keys(evidence.person);
  }
  return evidence;
}

}  // namespace hl7flow::stages
