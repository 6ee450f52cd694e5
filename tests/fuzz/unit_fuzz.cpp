#include <hl7flow/parsers/ucum/unit_cache.h>
#include <hl7flow/parsers/ucum/unit_spelling.h>

#include "tests/fuzz/fuzz.h"

// Any bytes as units of measure, one a line: a unit reads the same from the cache, converts to
// itself, and what a local spelling stands for is UCUM.
namespace hl7flow {
namespace {

using fuzz::require;

void read_unit(std::string_view text, ucum::UnitCache& cache) {
  auto const unit = ucum::builtin_units().parse(text);
  auto const* const cached = cache.parse(text);
  require(unit.has_value() == (cached != nullptr), "the cache knows what the table knows");
  if (unit) {
    require(unit->dimension == cached->dimension && unit->scale == cached->scale,
            "the cache says what the table says");
    auto const same = ucum::Conversion::between(*unit, *unit);
    require(same.has_value(), "a unit converts to itself");
    (void)(*same)(37.5);
  }
  for (bool const declared : {false, true}) {
    ucum::ReadUnit const read = ucum::read_unit(ucum::builtin_units(), text, declared);
    if (read.spelling == ucum::Spelling::none) continue;
    require(ucum::builtin_units().parse(read.code).has_value(), "a unit that was read is UCUM");
  }
}

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hl7flow::fuzz::Input input(data, size);
  hl7flow::ucum::UnitCache cache(hl7flow::ucum::builtin_units());
  while (!input.rest().empty()) hl7flow::read_unit(input.line(), cache);
  return 0;
}
