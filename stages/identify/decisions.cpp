#include <hl7flow/stages/identify/decisions.h>

#include <optional>

#include <hl7flow/parsers/codes/delimited.h>
#include <hl7flow/pipeline/text_file.h>
#include <hl7flow/stages/identify/person_statement.h>

namespace hl7flow::stages {

namespace {

using linkage::EvidenceKind;

std::optional<EvidenceKind> decision_of(std::string_view text) {
  if (text == "same" || text == "must") return EvidenceKind::same;
  if (text == "different" || text == "cannot") return EvidenceKind::different;
  if (text == "open") return EvidenceKind::open;
  return std::nullopt;
}

}  // namespace

Result<std::vector<std::string>, Failure> read_decisions(const std::string& path) {
  auto const text = read_text_file(path);
  if (!text) return tl::unexpected<Failure>(text.error());
  codes::DelimitedTable table(*text);
  auto const decision = table.column({"decision"});
  auto const authority_a = table.column({"assigning_authority_a", "authority_a"});
  auto const authority_b = table.column({"assigning_authority_b", "authority_b"});
  auto const identifier_a = table.column({"identifier_a"});
  auto const identifier_b = table.column({"identifier_b"});
  if (!decision || !authority_a || !authority_b || !identifier_a || !identifier_b)
    return fail(ErrorCode::bad_config,
                path +
                    ": a file of decisions has the columns decision, assigning_authority_a, "
                    "identifier_a, assigning_authority_b and identifier_b");
  std::vector<std::string> statements;
  while (table.next()) {
    auto const refuse = [&](std::string_view why) {
      return fail(ErrorCode::bad_config,
                  path + ":" + std::to_string(table.line()) + ": " + std::string(why));
    };
    if (table.is_bad()) return refuse("the row has a bad quote, or too few fields");
    if (table.field(decision).empty()) continue;  // nobody has decided yet
    PersonStatement statement;
    auto const kind = decision_of(table.field(decision));
    if (!kind) return refuse("a decision is same, different or open");
    statement.kind = *kind;
    statement.authority = linkage::Authority::clerk;
    statement.record = {table.field(authority_a), table.field(identifier_a)};
    statement.other = {table.field(authority_b), table.field(identifier_b)};
    for (std::string_view const one :
         {statement.record.assigning_authority, statement.record.identifier,
          statement.other.assigning_authority, statement.other.identifier})
      if (one.size() > statement_text_max) return refuse("a text is longer than 255 bytes");
    if (statement.record.identifier.empty() || statement.other.identifier.empty())
      return refuse("an identifier is missing");
    append_statement(statement, statements.emplace_back());
  }
  return statements;
}

}  // namespace hl7flow::stages
