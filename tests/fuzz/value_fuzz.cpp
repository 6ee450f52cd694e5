#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <hl7flow/parsers/datetime.h>
#include <hl7flow/parsers/number.h>
#include <hl7flow/parsers/structured_numeric.h>
#include <hl7flow/parsers/types/coded.h>
#include <hl7flow/parsers/types/contact.h>
#include <hl7flow/parsers/types/encapsulated.h>
#include <hl7flow/parsers/types/identifier.h>
#include <hl7flow/parsers/types/person.h>
#include <hl7flow/parsers/types/place.h>

#include "tests/fuzz/fuzz.h"

// A value that is read as every data type. Times and numbers that are read say themselves again,
// the quick readers agree with the plain ones, and the parts of composite types lie in the value.
namespace hl7flow {
namespace {

using fuzz::require;

template <class Value>
void require_place(const Result<Value>& read, std::string_view text) {
  if (!read) require(read.error().offset <= text.size(), "the place of an error is in the value");
}

std::string digits(const char* format, unsigned number) {
  char text[16];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

template <class Time>
std::string print_clock(const Time& time) {
  std::string text = digits("%02u", time.hour);
  if (time.precision >= Precision::minute) text += digits("%02u", time.minute);
  if (time.precision >= Precision::second) text += digits("%02u", time.second);
  if (time.precision >= Precision::fraction) text += digits(".%06u", time.micros);
  return text;
}

std::string print_zone(std::optional<std::int16_t> minutes) {
  if (!minutes) return {};
  auto const size = static_cast<unsigned>(std::abs(*minutes));
  return (*minutes < 0 ? "-" : "+") + digits("%02u", size / 60) + digits("%02u", size % 60);
}

std::string print(const DateTime& time) {
  std::string text = digits("%04u", static_cast<unsigned>(time.year));
  if (time.precision >= Precision::month) text += digits("%02u", time.month);
  if (time.precision >= Precision::day) text += digits("%02u", time.day);
  if (time.precision >= Precision::hour) text += print_clock(time);
  return text + print_zone(time.zone_minutes);
}

void read_times(std::string_view text, int zone) {
  auto const time = parse_datetime(text);
  require_place(time, text);
  Precision precision{};
  auto const micros = parse_epoch_micros(text, zone, &precision);
  auto const days = parse_epoch_days(text);
  require(micros.has_value() == time.has_value() && days.has_value() == time.has_value(),
          "the quick readers of times take what the plain one takes");
  if (time) {
    require(precision == time->precision, "precision is the same by both ways");
    require(*micros == to_epoch_micros(*time, zone), "instants are the same by both ways");
    require(*days == to_epoch_days(*time), "days are the same by both ways");
    auto const again = parse_datetime(print(*time));
    require(again.has_value() && *again == *time, "a time says itself again");
  } else {
    require(micros.error() == time.error() && days.error() == time.error(),
            "errors are the same by both ways");
  }
  auto const date = parse_date(text);
  require_place(date, text);
  if (date) require(time && *time == *date, "a date is a time too");
  auto const clock = parse_time(text);
  require_place(clock, text);
  if (clock) {
    auto const again = parse_time(print_clock(*clock) + print_zone(clock->zone_minutes));
    require(again.has_value() && *again == *clock, "a time of day says itself again");
    require(to_day_micros(*clock) >= 0 && to_day_micros(*clock) < 86'400'000'000,
            "a time of day is in the day");
  }
}

void read_numbers(std::string_view text) {
  auto const real = parse_double(text);
  auto const integer = parse_integer(text);
  auto const decimal = parse_decimal(text);
  require_place(real, text);
  require_place(integer, text);
  require_place(decimal, text);
  if (real) {
    std::string const copy(text);
    require(*real == std::strtod(copy.c_str(), nullptr), "a number is the nearest double");
  }
  if (integer) require(real && *real == static_cast<double>(*integer), "integers are numbers");
  if (decimal) {
    require(real.has_value(), "decimals are numbers");
    double const near = static_cast<double>(decimal->unscaled) / std::pow(10.0, decimal->scale);
    require(std::abs(near - *real) <= std::abs(near) * 1e-15, "a decimal is its number");
  }
}

class Composite {
 public:
  Composite(std::string_view text, const Delimiters& delimiters, types::Depth depth)
      : text_(text), value_(text, delimiters), depth_(depth) {}

  void read() const {
    types::Cwe const cwe = types::read_cwe(value_, depth_);
    inside(cwe.primary.id, cwe.primary.text, cwe.primary.system, cwe.alternate.id,
           cwe.alternate.value_set_oid, cwe.second_alternate.system, cwe.second_alternate.id,
           cwe.second_alternate.value_set_version, cwe.original_text);
    const types::Coding* const coding = cwe.with_system("LN");
    if (coding != nullptr) require(coding->system.raw() == "LN", "the coding is of the system");
    types::Cx const cx = types::read_cx(value_, depth_);
    inside(cx.id, cx.type_code, cx.assigning_agency, cx.security_check_scheme);
    inside(cx.assigning_authority);
    inside(cx.assigning_facility);
    types::Ei const ei = types::read_ei(value_, depth_);
    inside(ei.id);
    inside(ei.authority);
    types::Xon const xon = types::read_xon(value_, depth_);
    inside(xon.id(), xon.name, xon.organization_id);
    types::Xpn const xpn = types::read_xpn(value_, depth_);
    inside(xpn.family.surname, xpn.family.partner_surname, xpn.given, xpn.called_by);
    types::Xcn const xcn = types::read_xcn(value_, depth_);
    inside(xcn.id, xcn.family.surname, xcn.given, xcn.security_check_scheme);
    inside(xcn.assigning_facility);
    types::Ppn const ppn = types::read_ppn(value_, depth_);
    inside(ppn.performed_at, ppn.person.id, ppn.person.assigning_agency);
    types::Xad const xad = types::read_xad(value_, depth_);
    inside(xad.street.line, xad.street.dwelling_number, xad.city, xad.address_id);
    types::Pl const pl = types::read_pl(value_, depth_);
    inside(pl.point_of_care);
    inside(pl.floor);
    inside(pl.assigning_authority);
    types::Xtn const xtn = types::read_xtn(value_, depth_);
    inside(xtn.number_text(), xtn.email(), xtn.preference_order);
    types::Tn const tn = types::read_tn(text_);
    for (std::string_view const part :
         {tn.country, tn.area, tn.local, tn.extension, tn.beeper, tn.comment})
      inside(FieldView(part, value_.delimiters()));
    types::Ed const ed = types::read_ed(value_, depth_);
    inside(ed.source);
    inside(ed.type, ed.subtype, ed.encoding_name, ed.data);
    types::Rp const rp = types::read_rp(value_, depth_);
    inside(rp.application);
    inside(rp.pointer, rp.type, rp.subtype);
    auto const numeric = read_structured_numeric(value_);
    require_place(numeric, text_);
    if (numeric) {
      inside(numeric->text_1, numeric->text_2);
      require(std::isfinite(numeric->number_1), "number 1 is a number");
    }
  }

 private:
  void inside(const types::Hd& hd) const {
    inside(hd.namespace_id, hd.universal_id, hd.universal_id_type);
  }
  template <class... Views>
  void inside(const FieldView& first, const Views&... more) const {
    for (FieldView const& view : {first, FieldView(more)...}) {
      std::string_view const raw = view.raw();
      require(raw.empty() || (raw.data() >= text_.data() &&
                              raw.data() + raw.size() <= text_.data() + text_.size()),
              "a part lies in its value");
    }
  }

  std::string_view text_;
  FieldView value_;
  types::Depth depth_;
};

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hl7flow;
  fuzz::Input input(data, size);
  std::size_t const choice = input.choose(256);
  constexpr Delimiters variants[] = {{},
                                     {'|', '^', '~', '\\', '&', '#'},
                                     {'@', '$', '%', '!', '*', '\0'},
                                     {'|', '^', '~', '\0', '\0', '\0'}};
  // A copy of just its size, so that reading past it is seen.
  std::size_t const length = input.rest().size();
  std::unique_ptr<char[]> const copy(new char[length]);
  input.rest().copy(copy.get(), length);
  std::string_view const text(copy.get(), length);
  read_times(text, static_cast<int>(choice) * 6 - 768);
  read_numbers(text);
  for (types::Depth const depth :
       {types::Depth::field, types::Depth::component, types::Depth::subcomponent})
    Composite(text, variants[choice % 4], depth).read();
  return 0;
}
