// What each message of the synthetic day holds, after its MSH.

#include <array>

#include <hl7flow/adapters/synthetic/context.h>

namespace hl7flow::synthetic {

void Generator::write_adt(Context& c) {
  struct Event {
    std::string_view trigger, structure;
    std::uint32_t weight;
  };
  constexpr std::array<Event, 9> events = {{{"A01", "ADT_A01", 14},
                                            {"A02", "ADT_A02", 8},
                                            {"A03", "ADT_A03", 12},
                                            {"A04", "ADT_A01", 20},
                                            {"A08", "ADT_A01", 34},
                                            {"A11", "ADT_A09", 1},
                                            {"A28", "ADT_A05", 5},
                                            {"A31", "ADT_A05", 5},
                                            {"A40", "ADT_A39", 1}}};
  std::uint32_t place = c.random.below(100);
  std::size_t k = 0;
  for (; place >= events[k].weight && k + 1 < events.size(); ++k) place -= events[k].weight;
  Event const& event = events[k];
  c.msh(admission_system, "ADT", event.trigger, event.structure);
  c.evn(event.trigger);
  c.pid();
  if (event.trigger == "A40") {
    c.writer.begin("MRG|").number(5'000'000 + c.patient.number).raw("^^^NORTHGATE^MR").end();
    return;
  }
  c.pv1();
  bool const arrives = event.trigger == "A01" || event.trigger == "A04";
  if (arrives || event.trigger == "A08") {
    c.writer.begin("PV2|||");
    c.coded(c.encounter.reason, "I10");
    c.writer.end();
    if (c.random.chance(30)) {
      c.writer.begin("AL1|1|DA|");
      c.coded(c.random.pick(allergens()), "RXNORM");
      c.writer.raw("|MO|hives").end();
    }
    c.writer.begin("DG1|1||");
    c.coded(c.encounter.reason, "I10");
    c.writer.field().field().time(c.now).raw("|A").end();
    c.writer.begin("IN1|1|HMO01^Health Plan One|991|Example Mutual").skip(4).raw("G");
    c.writer.number(1000 + c.patient.number % 37).skip(8).text(c.patient.family_name);
    c.writer.component().raw(c.patient.given_name).raw("|SEL").skip(19);
    c.writer.raw("POL").number(c.patient.number, 8).end();
  }
  c.writer.begin("ZPV|1|").raw(c.encounter.ward.service).raw("|N").end();
}

void Generator::write_laboratory_order(Context& c) {
  std::uint64_t const number = next_order_++;
  std::uint32_t const item = c.random.below(static_cast<std::uint32_t>(panels().size()));
  Panel const& panel = panels()[item];
  bool const modern = c.random.chance(40);
  c.msh(laboratory_system, modern ? "OML" : "ORM", modern ? "O21" : "O01",
        modern ? "OML_O21" : "ORM_O01");
  c.pid();
  c.pv1();
  c.orc("NW", "SC", number, false);
  c.obr(1, number, {panel.code, panel.name}, "LN", "", "");
  c.writer.begin("DG1|1||");
  c.coded(c.encounter.reason, "I10");
  c.writer.end();
  laboratory_orders_.push_back({number, c.patient.number,
                                static_cast<std::uint32_t>(c.encounter.visit_number % 8), item,
                                c.second});
}

void Generator::write_laboratory_result(Context& c) {
  Order order{};
  if (!take(laboratory_orders_, c.random, order)) return write_vital_signs(c);
  c.choose_patient(order.patient, order.visit);
  Panel const& panel = panels()[order.item];
  c.msh(laboratory_system, "ORU", "R01", "ORU_R01");
  c.pid();
  c.pv1();
  c.orc("RE", "CM", order.number, true);
  c.obr(1, order.number, {panel.code, panel.name}, "LN", "F", "LAB");
  std::uint64_t set_id = 1;
  for (Analyte const& analyte : panel.analytes) c.numeric_obx(set_id++, analyte);
  if (c.random.chance(10))
    c.writer.begin("NTE|1|L|Specimen slightly hemolyzed.\\.br\\Interpret potassium with care.")
        .end();
}

void Generator::write_vital_signs(Context& c) {
  c.msh(admission_system, "ORU", "R01", "ORU_R01");
  c.pid();
  c.pv1();
  c.obr(1, next_order_++, {"85353-1", "Vital signs panel"}, "LN", "F", "NRS");
  std::uint64_t set_id = 1;
  for (Analyte const& analyte : vital_signs()) c.numeric_obx(set_id++, analyte);
}

void Generator::write_radiology_report(Context& c) {
  c.msh(radiology_system, "ORU", "R01", "ORU_R01");
  c.pid();
  c.pv1();
  Coding const& study = procedures()[c.random.below(5)];
  c.obr(1, next_order_++, study, "L", "F", "RAD");
  constexpr Coding report{"18782-3", "Radiology Study observation (narrative)"};
  std::uint64_t set_id = 1;
  for (std::uint32_t lines = 2 + c.random.below(4); lines > 0; --lines) {
    c.writer.begin("OBX|").number(set_id++).raw("|TX|");
    c.coded(report, "LN");
    c.writer.skip(2).text(c.random.pick(report_sentences())).skip(6).raw("F").end();
  }
  constexpr Coding impression{"19005-8", "Radiology Imaging study [Impression] (narrative)"};
  c.text_obx(set_id, "FT", impression, "1. No acute finding.\\.br\\2. See above.");
}

void Generator::write_prescription(Context& c) {
  std::uint64_t const number = next_order_++;
  std::uint32_t const item = c.random.below(static_cast<std::uint32_t>(drugs().size()));
  Drug const& drug = drugs()[item];
  c.msh(pharmacy_system, "RDE", "O11", "RDE_O11");
  c.pid();
  c.pv1();
  c.orc("NW", "", number, false);
  c.writer.begin("RXE|^").raw(drug.frequency).raw("^^").minute(c.now).field();
  c.coded({drug.code, drug.name}, "RXNORM");
  c.writer.field().raw(drug.amount).skip(2).raw(drug.unit).field().raw(drug.form).skip(4);
  c.writer.number(10 + c.random.below(80))
      .field()
      .raw(drug.form)
      .raw("|")
      .number(c.random.below(4));
  c.writer.skip(3).raw("RX").number(number).end();
  c.writer.begin("RXR|").raw(drug.route).end();
  prescriptions_.push_back({number, c.patient.number,
                            static_cast<std::uint32_t>(c.encounter.visit_number % 8), item,
                            c.second});
}

void Generator::write_administration(Context& c) {
  Order order{};
  if (!take(prescriptions_, c.random, order)) return write_prescription(c);
  c.choose_patient(order.patient, order.visit);
  Drug const& drug = drugs()[order.item];
  c.msh(pharmacy_system, "RAS", "O17", "RAS_O17");
  c.pid();
  c.pv1();
  c.orc("RE", "", order.number, true);
  c.writer.begin("RXA|0|1|").time(c.now).field().time(c.now).field();
  c.coded({drug.code, drug.name}, "RXNORM");
  c.writer.field().raw(drug.amount).field().raw(drug.unit).skip(3);
  c.clinician(c.encounter.attending);
  c.writer.skip(10).raw("CP").end();
  c.writer.begin("RXR|").raw(drug.route).end();
}

void Generator::write_appointment(Context& c) {
  bool const booked = c.random.chance(80);
  c.msh(scheduling_system, "SIU", booked ? "S12" : "S15", "SIU_S12");
  Moment const starts = moment_at(c.second + 86'400 * (1 + c.random.below(40)));
  c.writer.begin("SCH|A").number(next_order_).raw("|A").number(next_order_).skip(4);
  ++next_order_;
  c.writer.raw("ROUTINE^Routine visit|||30|min|^^30^").minute(starts).skip(14);
  c.writer.raw(booked ? "Booked" : "Cancelled").end();
  c.pid();
  c.pv1();
  c.writer.begin("RGS|1").end();
  c.writer.begin("AIS|1||");
  c.coded(c.random.pick(procedures()), "L");
  c.writer.field().minute(starts).raw("|||30|min").end();
  c.writer.begin("AIL|1||").raw(c.encounter.ward.name).end();
  c.writer.begin("AIP|1||");
  c.clinician(c.encounter.attending);
  c.writer.end();
}

void Generator::write_charge(Context& c) {
  c.msh(billing_system, "DFT", "P03", "DFT_P03");
  c.evn("P03");
  c.pid();
  c.pv1();
  for (std::uint64_t k = 1, count = 1 + c.random.below(3); k <= count; ++k) {
    Coding const& item = c.random.pick(procedures());
    std::uint32_t const cents = 2'500 + c.random.below(150'000);
    c.writer.begin("FT1|").number(k).raw("|T").number(next_order_++).skip(2).day(c.now).field();
    c.writer.day(c.now).raw("|CG|");
    c.coded(item, "L");
    c.writer.skip(3).raw("1|").decimal(cents, 2).field().decimal(cents, 2).field();
    c.writer.raw(c.encounter.ward.service).skip(6).raw(c.encounter.reason.code).raw("^^I10|");
    c.clinician(c.encounter.attending);
    c.end_segment(10);
  }
}

void Generator::write_document(Context& c) {
  c.msh(document_system, "MDM", "T02", "MDM_T02");
  c.evn("T02");
  c.pid();
  c.pv1();
  Coding const& type = c.random.pick(document_types());
  c.writer.begin("TXA|1|").raw(type.code).raw("|TX|").time(c.now).skip(5);
  c.clinician(c.encounter.attending);
  c.writer.skip(3).raw("D").number(next_order_++).skip(5).raw("AU||AV").end();
  for (std::uint64_t k = 1, lines = 2 + c.random.below(6); k <= lines; ++k) {
    c.writer.begin("OBX|").number(k).raw("|TX|");
    c.coded(type, "LN");
    c.writer.skip(2).text(c.random.pick(report_sentences())).skip(6).raw("F").end();
  }
}

void Generator::write_immunization(Context& c) {
  c.msh(immunization_system, "VXU", "V04", "VXU_V04");
  c.pid();
  c.pv1();
  std::uint64_t const number = next_order_++;
  c.orc("RE", "", number, true);
  c.writer.begin("RXA|0|1|").time(c.now).field().time(c.now).field();
  c.coded(c.random.pick(vaccines()), "CVX");
  c.writer.raw("|0.5|mL^^UCUM||00^New immunization record^NIP001|");
  c.clinician(c.encounter.attending);
  c.writer.raw("|^^^NORTHGATE").skip(4).raw("LOT").number(number % 977, 4).field();
  c.writer.day(moment_at(c.second + 86'400 * 300)).raw("|SYN^Synthetic Biologics^MVX").skip(3);
  c.writer.raw("CP|A").end();
  c.writer.begin("RXR|IM^Intramuscular^HL70162|LD^Left Deltoid^HL70163").end();
  constexpr Coding eligibility{"64994-7", "Vaccine funding program eligibility category"};
  c.text_obx(1, c.dialect->coded_type, eligibility, "V01^Not VFC eligible^HL70064");
}

}  // namespace hl7flow::synthetic
