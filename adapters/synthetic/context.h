#pragma once

#include <hl7flow/adapters/synthetic/generator.h>
#include <hl7flow/adapters/synthetic/segment_writer.h>

namespace hl7flow::synthetic {

/// What the writers of one message share.
struct Generator::Context {
  std::uint64_t seed;
  std::uint64_t ordinal;
  std::uint64_t second;
  Moment now;
  Random& random;
  SegmentWriter writer;
  Patient patient;
  Encounter encounter;
  const Dialect* dialect = &admission_system;

  void choose_patient(std::uint32_t number, std::uint32_t visit) {
    patient = make_patient(seed, number);
    encounter = make_encounter(seed, number, visit);
  }

  void msh(const Dialect& sender, std::string_view code, std::string_view trigger,
           std::string_view structure);
  void evn(std::string_view trigger);
  void pid();
  void pv1();
  /// ORC and its provider; `control` is NW, RE, …
  void orc(std::string_view control, std::string_view status, std::uint64_t order, bool filled);
  void obr(std::uint64_t set_id, std::uint64_t order, const Coding& service,
           std::string_view system, std::string_view status, std::string_view section);
  /// A numeric OBX, in or out of its range.
  void numeric_obx(std::uint64_t set_id, const Analyte& analyte);
  void text_obx(std::uint64_t set_id, std::string_view type, const Coding& code,
                std::string_view text);
  void coded(const Coding& coding, std::string_view system);
  void clinician(const Clinician& person);
  void end_segment(std::size_t trailing_fields);
};

}  // namespace hl7flow::synthetic
