#include <hl7flow/stages/tabulate/order_rows.h>

#include <hl7flow/stages/tabulate/row_writer.h>

namespace hl7flow::stages {

namespace {

std::string_view name(OrderEvent::Kind kind) {
  return kind == OrderEvent::Kind::result ? "result" : "order";
}

/// The first of two fields that has text, its first component.
std::string_view either(const FieldView& one, const FieldView& other) {
  std::string_view const text = one.component(1).raw();
  return text.empty() ? other.component(1).raw() : text;
}

}  // namespace

void write_repeated_orders(Batch& batch, TableRows& rows) {
  using Name = RepeatedOrderColumn;
  constexpr std::int64_t micros = 1'000'000;
  rows.resize(batch.repeated_orders.size());
  for (std::size_t row = 0; row < batch.repeated_orders.size(); ++row) {
    RepeatedOrder const& one = batch.repeated_orders[row];
    OrderEvent const &now = one.taken.event, &earlier = one.earlier;
    MessageEntry const& entry = batch.index.messages[one.taken.message];
    MessageView const message = batch.message(one.taken.message);
    auto const segment_at = [&](std::uint32_t ordinal) {
      return message.segment(ordinal - entry.first_segment);
    };
    SegmentView const obr = segment_at(one.taken.segment), pid = segment_at(one.taken.patient);
    // Of an OBR without an ORC this is the OBR itself, whose fields mean something else.
    bool const has_control = one.taken.order != one.taken.segment;
    SegmentView const orc = segment_at(one.taken.order);
    auto const of_control = [&](std::size_t number) {
      return has_control ? orc.field(number) : FieldView();
    };
    FieldView const identifier = patient_identifier(pid);
    const MessageId* const person = batch.found_persons.find(one.taken.patient);
    RowWriter<Name>(batch, rows, row)
        .id(Name::message_id, now.message)
        .integer(Name::segment, std::int64_t{one.taken.segment} - entry.first_segment + 1)
        .id(Name::person_id, person != nullptr ? *person : MessageId{}, person != nullptr)
        .field(Name::assigning_authority, identifier.component(4).subcomponent(1).raw())
        .field(Name::patient_id, identifier.component(1).raw())
        .field(Name::service_code, obr.field(4).component(1).raw())
        .field(Name::service_name, obr.field(4).component(2).raw())
        .field(Name::service_system, obr.field(4).component(3).raw())
        .text(Name::kind, name(now.kind))
        .integer(Name::at, now.at * micros)
        .field(Name::placer_order_number, either(obr.field(2), of_control(2)))
        .field(Name::filler_order_number, either(obr.field(3), of_control(3)))
        .field(Name::provider_id, either(obr.field(16), of_control(12)))
        .id(Name::previous_message_id, earlier.message)
        .text(Name::previous_kind, name(earlier.kind))
        .integer(Name::previous_at, earlier.at * micros)
        .integer(Name::seconds_apart, now.at - earlier.at)
        .integer(Name::same_provider, now.provider == earlier.provider ? 1 : 0,
                 now.provider != 0 && earlier.provider != 0)
        .field(Name::sending_facility, message.segment(0).field(4).component(1).raw());
  }
}

}  // namespace hl7flow::stages
