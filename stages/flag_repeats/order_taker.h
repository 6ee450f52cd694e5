#pragma once

#include <string>

#include <hl7flow/pipeline/batch.h>
#include <hl7flow/stages/flag_repeats/test_windows.h>

namespace hl7flow::stages {

/// Takes from messages what they say of orders and results (HL7 v2.9 chapters 4 and 7):
///
///   ORM OML OMG OMI   a new order (ORC-1 empty, NW, RO or PA) or a cancelled one (CA DC OC OD CR
///                     DR UA); other control codes speak of orders that are known
///   ORU OUL           a result, or a cancelled test (OBR-25 = X)
///
/// An OBR with a parent (OBR-26, OBR-29) was asked for by the laboratory, not by a person, and does
/// not count. Kept from message to message for its memory; not thread-safe.
class OrderTaker {
 public:
  explicit OrderTaker(const TestWindows& windows) : windows_(windows) {}
  /// Adds to batch.orders.
  void take(Batch& batch, std::uint32_t message);

 private:
  void read_patient(const Batch& batch, const SegmentView& segment);
  void read_order(Batch& batch, const SegmentView& segment, bool is_result);

  const TestWindows& windows_;
  std::string person_;  // names the patient; empty: nobody does
  std::uint32_t message_ = 0, patient_ = 0;
  std::int64_t sent_at_ = 0;
  const SegmentView* control_ = nullptr;  // the ORC that counts
};

}  // namespace hl7flow::stages
