#pragma once

#include <cstdint>

#include <hl7flow/parsers/er7.h>
#include <hl7flow/parsers/linkage/evidence.h>
#include <hl7flow/pipeline/message_id.h>

namespace hl7flow {

/// What a message says of an order for a test, or of its result.
struct OrderEvent {
  enum class Kind : std::uint8_t { order, result, cancelled };
  static constexpr std::int64_t no_time = INT64_MIN;

  linkage::RecordKey test;               // of the person and what is to be done
  std::uint64_t placer = 0, filler = 0;  // of the order's numbers; 0: there is none
  std::uint64_t provider = 0;            // who ordered; 0 if nobody says
  MessageId message{};                   // that said it
  std::int64_t at = no_time;             // seconds since 1970
  Kind kind = Kind::order;

  bool is_of_order(const OrderEvent& other) const noexcept {
    bool const by_number =
        (placer != 0 && placer == other.placer) || (filler != 0 && filler == other.filler);
    // Without numbers, two that speak of one time speak of one order.
    bool const has_numbers = (placer | filler) != 0 && (other.placer | other.filler) != 0;
    return by_number || (!has_numbers && at == other.at);
  }
};

/// The identifier that names a patient in the default tables: of PID-3 the first of type MR, else
/// PI, else the first.
FieldView patient_identifier(const SegmentView& pid) noexcept;

/// An event where it stands: taken in parallel, judged in order.
struct TakenOrder {
  std::uint32_t message = 0;               // ordinal in the batch
  std::uint32_t segment = 0, patient = 0;  // the OBR and the PID
  std::uint32_t order = 0;                 // the ORC before it, or the OBR
  std::int64_t window_seconds = 0;         // of the test
  OrderEvent event;
};

/// The same test of the same person again, under another order: a row of `repeated_orders`.
struct RepeatedOrder {
  TakenOrder taken;
  OrderEvent earlier;
};

}  // namespace hl7flow
