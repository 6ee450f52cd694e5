#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <hl7flow/adapters/synthetic/hospital.h>
#include <hl7flow/adapters/synthetic/random.h>
#include <hl7flow/parsers/buffer.h>

namespace hl7flow::synthetic {

/// A synthetic hospital day of HL7 v2: admissions, orders and their results, medications,
/// appointments, charges, documents and immunizations, as eight systems with dialects of their own
/// would send them. Nothing in it is about a real person. The same options give the same bytes
/// everywhere. One thread at a time.
class Generator {
 public:
  struct Options {
    std::uint64_t messages = 1000;
    std::uint64_t seed = 1;
    std::uint32_t patients = 20'000;
    bool mllp = false;   // VT and FS CR around each message
    double defects = 0;  // fraction of messages that are broken on purpose
  };

  explicit Generator(Options options);

  /// Appends exactly one message to `out`, its segments ended by CR; false when all are written.
  bool next(Buffer<char>& out);

 private:
  /// An order that waits for its result or its administration.
  struct Order {
    std::uint64_t number;
    std::uint32_t patient, visit, item;
    std::uint64_t second;
  };
  struct Context;  // one message's patient, visit, sender and writer

  void write_adt(Context& context);
  void write_laboratory_order(Context& context);
  void write_laboratory_result(Context& context);
  void write_vital_signs(Context& context);
  void write_radiology_report(Context& context);
  void write_prescription(Context& context);
  void write_administration(Context& context);
  void write_appointment(Context& context);
  void write_charge(Context& context);
  void write_document(Context& context);
  void write_immunization(Context& context);
  void damage(Buffer<char>& out, std::size_t begin);
  static bool take(std::vector<Order>& orders, Random& random, Order& taken);

  Options const options_;
  Random random_;
  std::uint64_t ordinal_ = 0;
  std::uint64_t next_order_ = 100'000;
  std::vector<Order> laboratory_orders_, prescriptions_;
};

}  // namespace hl7flow::synthetic
