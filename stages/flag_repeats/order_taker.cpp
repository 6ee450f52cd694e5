#include <hl7flow/stages/flag_repeats/order_taker.h>

#include <algorithm>

#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow::stages {

namespace {

using Kind = OrderEvent::Kind;

constexpr std::uint32_t pid = simd::pack('P', 'I', 'D'), orc = simd::pack('O', 'R', 'C'),
                        obr = simd::pack('O', 'B', 'R');

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

std::int64_t seconds_of(const FieldView& field) {
  auto const time = parse_datetime(field.component(1).raw());
  return time ? to_epoch_micros(*time, 0) / 1'000'000 : OrderEvent::no_time;
}

/// Of an EI; 0 if there is none.
std::uint64_t number_of(const FieldView& field) {
  std::string_view const number = field.component(1).raw();
  if (number.empty() || number == "\"\"") return 0;
  return linkage::record_key(field.component(2).raw(), number).low | 1;
}

}  // namespace

void OrderTaker::read_patient(const Batch& batch, const SegmentView& segment) {
  patient_ = segment.ordinal();
  person_.clear();
  if (const MessageId* const person = batch.found_persons.find(patient_)) {
    person_.assign(person->data(), person->size());
    return;
  }
  FieldView const chosen = patient_identifier(segment);
  if (!chosen.component(1).has_text()) return;
  person_.append(chosen.component(4).subcomponent(1).raw()).append("\n");
  person_.append(chosen.component(1).raw());
}

void OrderTaker::read_order(Batch& batch, const SegmentView& segment, bool is_result) {
  // OBR-26 and OBR-29: the test follows from the result of another one.
  FieldView const service = segment.field(4);
  std::string_view const code = service.component(1).raw();
  if (person_.empty() || code.empty() || segment.field(26).has_text() ||
      segment.field(29).has_text())
    return;
  SegmentView const& control = control_ != nullptr ? *control_ : segment;
  auto const of_control = [&](std::size_t number) {
    return control_ != nullptr ? control_->field(number) : FieldView();
  };
  TakenOrder taken;
  OrderEvent& event = taken.event;
  event.kind = is_result ? Kind::result : Kind::order;
  if (is_result) {
    if (segment.field(25).raw() == "X") event.kind = Kind::cancelled;
  } else {
    std::string_view const what = of_control(1).raw();
    bool const is_cancelled = is_one_of(what, {"CA", "DC", "OC", "OD", "CR", "DR", "UA"});
    if (!is_cancelled && !is_one_of(what, {"", "NW", "RO", "PA"})) return;
    if (is_cancelled) event.kind = Kind::cancelled;
  }
  std::string_view standard;
  std::string test(code);
  test.append("\n").append(service.component(3).raw());
  if (batch.coded.codes != nullptr)
    if (const CodedValue* const value = batch.coded.find(segment.ordinal(), 4);
        value != nullptr && value->answer.found()) {
      codes::CodeStore const& store = batch.coded.codes->store();
      standard = store.code(value->answer.target);
      test.assign(standard).append("\n");
      test.append(store.system_name(store.concepts()[value->answer.target].system));
    }
  event.test = linkage::record_key(person_, test);
  event.placer = number_of(segment.field(2));
  if (event.placer == 0) event.placer = number_of(of_control(2));
  event.filler = number_of(segment.field(3));
  if (event.filler == 0) event.filler = number_of(of_control(3));
  std::string_view provider = segment.field(16).component(1).raw();
  if (provider.empty()) provider = of_control(12).component(1).raw();
  if (!provider.empty()) event.provider = linkage::record_key({}, provider).low | 1;
  for (FieldView const& time : {segment.field(7), segment.field(6), of_control(9), of_control(15)})
    if (event.at == OrderEvent::no_time) event.at = seconds_of(time);
  if (event.at == OrderEvent::no_time) event.at = sent_at_;
  taken.message = message_;
  taken.segment = segment.ordinal();
  taken.patient = patient_;
  taken.order = control.ordinal();
  taken.window_seconds = windows_.of(code, standard);
  batch.orders.push_back(taken);
}

void OrderTaker::take(Batch& batch, std::uint32_t message) {
  MessageView const view = batch.message(message);
  SegmentView const header = view.segment(0);
  std::string_view const type = header.field(9).component(1).raw();
  bool const is_result = is_one_of(type, {"ORU", "OUL"});
  if (!is_result && !is_one_of(type, {"ORM", "OML", "OMG", "OMI"})) return;
  message_ = message;
  sent_at_ = seconds_of(header.field(7));
  person_.clear();
  control_ = nullptr;
  SegmentView control = header;
  std::size_t const before = batch.orders.size();
  for (std::size_t k = 1; k < view.segment_count(); ++k) {
    SegmentView const segment = view.segment(k);
    std::uint32_t const id = segment.packed_id();
    if (id == pid) {
      control_ = nullptr;
      read_patient(batch, segment);
    } else if (id == orc) {
      control = segment;
      control_ = &control;
    } else if (id == obr) {
      read_order(batch, segment, is_result);
    }
  }
  if (batch.orders.size() == before) return;
  MessageId const id = message_id(view.raw());
  for (std::size_t k = before; k < batch.orders.size(); ++k) batch.orders[k].event.message = id;
}

}  // namespace hl7flow::stages
