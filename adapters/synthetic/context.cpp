#include <hl7flow/adapters/synthetic/context.h>

namespace hl7flow::synthetic {

void Generator::Context::msh(const Dialect& sender, std::string_view code, std::string_view trigger,
                             std::string_view structure) {
  dialect = &sender;
  writer.begin("MSH|^~\\&|").raw(sender.application).raw("|").raw(sender.facility);
  writer.raw("|WAREHOUSE|NORTHGATE|").time(now);
  if (sender.sends_zone) writer.raw("-0500");
  writer.raw("||").raw(code).component().raw(trigger);
  if (sender.names_structure) writer.component().raw(structure);
  writer.field().raw(sender.application).number(ordinal + 1, 8).raw("|P|").raw(sender.version);
  if (!sender.charset.empty()) writer.skip(6).raw(sender.charset);
  writer.end();
}

void Generator::Context::evn(std::string_view trigger) {
  writer.begin("EVN|").raw(trigger).field().time(now).end();
}

void Generator::Context::pid() {
  Patient const& p = patient;
  writer.begin("PID|1||").number(4'000'000 + p.number).raw("^^^NORTHGATE^MR");
  if (p.has_national_id) writer.repetition().number(p.national_id, 9).raw("^^^USSSA^SS");
  writer.skip(2).text(p.family_name).component().raw(p.given_name).component();
  writer.raw({&p.middle_initial, 1}).raw("^^^^L|").raw(p.mother_maiden_name).field();
  writer.number(p.birth_year, 4).number(p.birth_month, 2).number(p.birth_day, 2);
  writer.field().raw(p.female ? "F" : "M").skip(2).raw(p.race).raw("^^CDCREC").field();
  writer.number(p.house_number).raw(" ").text(p.street).raw("^^").raw(p.city.name).component();
  writer.raw(p.city.state).component().raw(p.city.postal_code).raw("^USA^H").skip(2);
  writer.raw("^PRN^PH^^1^555^").number(p.phone, 7);
  if (p.has_email)
    writer.raw("~^NET^Internet^").raw(p.given_name).raw(".").number(p.number).raw("@example.org");
  writer.skip(3).raw(p.is_married ? "M" : "S").skip(2).number(encounter.visit_number);
  writer.raw("^^^NORTHGATE^AN");
  end_segment(12);
}

void Generator::Context::pv1() {
  Encounter const& e = encounter;
  writer.begin("PV1|1|").raw({&e.patient_class, 1}).field().raw(e.ward.name).component();
  writer.number(e.room).component().number(e.bed).raw("^NORTHGATE|R").skip(3);
  clinician(e.attending);
  writer.field();
  clinician(e.referring);
  writer.skip(2).raw(e.ward.service).skip(9).number(e.visit_number).raw("^^^NORTHGATE^VN");
  Moment const admitted = moment_at(second > 7200 ? second - 7200 : 0);
  writer.skip(25).minute(admitted);
  end_segment(7);
}

void Generator::Context::orc(std::string_view control, std::string_view status, std::uint64_t order,
                             bool filled) {
  writer.begin("ORC|").raw(control).raw("|P").number(order).raw("^WARD|");
  if (filled) writer.raw("F").number(order).component().raw(dialect->application);
  writer.skip(2).raw(status).skip(4).time(now).skip(3);
  clinician(encounter.attending);
  writer.end();
}

void Generator::Context::obr(std::uint64_t set_id, std::uint64_t order, const Coding& service,
                             std::string_view system, std::string_view status,
                             std::string_view section) {
  writer.begin("OBR|").number(set_id).raw("|P").number(order).raw("^WARD|");
  if (!status.empty()) writer.raw("F").number(order).component().raw(dialect->application);
  writer.field();
  coded(service, system);
  writer.skip(3).time(moment_at(second > 1800 ? second - 1800 : 0)).skip(9);
  clinician(encounter.attending);
  if (!status.empty()) writer.skip(6).time(now).skip(2).raw(section).field().raw(status);
  writer.end();
}

void Generator::Context::numeric_obx(std::uint64_t set_id, const Analyte& analyte) {
  std::uint32_t const span = analyte.high - analyte.low;
  // One in eight is out of range, by up to half the range.
  std::uint32_t value = analyte.low + random.below(span + 1);
  std::string_view flag = "N";
  if (random.below(8) == 0) {
    std::uint32_t const beyond = 1 + random.below(span / 2 + 1);
    bool const high = random.chance(60);
    value = high ? analyte.high + beyond : analyte.low > beyond ? analyte.low - beyond : 0;
    flag = high ? "H" : "L";
  }
  writer.begin("OBX|").number(set_id);
  // A titre beyond the instrument's range comes as a structured numeric.
  bool const censored = flag == "H" && random.chance(4);
  writer.raw(censored ? "|SN|" : "|NM|");
  coded({analyte.code, analyte.name}, "LN");
  writer.skip(2);
  if (censored) writer.raw(">^");
  writer.decimal(value, analyte.scale).field().raw(analyte.unit).raw("^^UCUM|");
  writer.decimal(analyte.low, analyte.scale).raw("-").decimal(analyte.high, analyte.scale).field();
  writer.raw(flag).skip(3).raw("F").skip(3).time(moment_at(second > 600 ? second - 600 : 0)).end();
}

void Generator::Context::text_obx(std::uint64_t set_id, std::string_view type, const Coding& code,
                                  std::string_view text) {
  writer.begin("OBX|").number(set_id).field().raw(type).field();
  coded(code, "LN");
  writer.skip(2).raw(text).skip(6).raw("F").skip(3).time(now).end();
}

void Generator::Context::coded(const Coding& coding, std::string_view system) {
  writer.raw(coding.code).component().text(coding.name).component().raw(system);
}

void Generator::Context::clinician(const Clinician& person) {
  writer.raw(person.id).component().raw(person.family_name).component().raw(person.given_name);
  writer.raw("^^^^^^NPI^L^^^NPI");
}

void Generator::Context::end_segment(std::size_t trailing_fields) {
  if (dialect->trailing_separators) writer.skip(trailing_fields);
  writer.end();
}

}  // namespace hl7flow::synthetic
