// What identify found: the column person_id, and the tables person_links and person_reviews.

#include <cmath>

#include <hl7flow/stages/tabulate/person_rows.h>
#include <hl7flow/stages/tabulate/row_writer.h>

namespace hl7flow::stages {

namespace {

double probability_of(float bits) { return 1 / (1 + std::exp2(-static_cast<double>(bits))); }

void write_links(Batch& batch, TableRows& rows) {
  using Name = PersonLinkColumn;
  std::vector<PersonLink> const& links = batch.found_persons.links;
  rows.resize(links.size());
  for (std::size_t row = 0; row < links.size(); ++row) {
    PersonLink const& link = links[row];
    RowWriter<Name>(batch, rows, row)
        .message(Name::message_id, link.message)
        .id(Name::person_id, link.person)
        .id(Name::previous_person_id, link.before, link.has_before)
        .text(Name::assigning_authority, link.record.assigning_authority)
        .text(Name::identifier, link.record.identifier)
        .text(Name::reason, name(link.reason))
        .text(Name::matched_assigning_authority, link.matched.assigning_authority, link.has_matched)
        .text(Name::matched_identifier, link.matched.identifier, link.has_matched)
        .number(Name::probability, probability_of(link.bits), link.has_matched)
        .number(Name::bits, static_cast<double>(link.bits), link.has_matched);
  }
}

void write_reviews(Batch& batch, TableRows& rows) {
  using Name = PersonReviewColumn;
  std::vector<PersonReviewRow> const& reviews = batch.found_persons.reviews;
  rows.resize(reviews.size());
  for (std::size_t row = 0; row < reviews.size(); ++row) {
    PersonReviewRow const& review = reviews[row];
    RowWriter<Name>(batch, rows, row)
        .message(Name::message_id, review.message)
        .id(Name::person_id_a, review.person_a)
        .text(Name::assigning_authority_a, review.a.assigning_authority)
        .text(Name::identifier_a, review.a.identifier)
        .id(Name::person_id_b, review.person_b)
        .text(Name::assigning_authority_b, review.b.assigning_authority)
        .text(Name::identifier_b, review.b.identifier)
        .text(Name::reason, review.reason)
        .number(Name::probability, probability_of(review.bits))
        .number(Name::bits, static_cast<double>(review.bits));
  }
}

}  // namespace

void ColumnFiller::fill_persons(const CompiledColumn& column, const RowList& rows, Column& out) {
  std::uint32_t last_segment = no_segment;
  TextView last = store(batch_, {});
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::uint32_t const segment = rows.segments[row * rows.stride + column.places.front().slot];
    if (segment != last_segment) {
      const MessageId* const person =
          segment == no_segment ? nullptr : batch_.found_persons.find(segment);
      last = store(batch_, person == nullptr ? std::string_view()
                                             : std::string_view(person->data(), person->size()));
      last_segment = segment;
    }
    out.texts[row] = last;
    out.valid[row] = last.length > 0 ? 1 : 0;
  }
}

void write_person_tables(Batch& batch, TableRows& links, TableRows& reviews) {
  write_links(batch, links);
  write_reviews(batch, reviews);
}

}  // namespace hl7flow::stages
