#pragma once

#include <simdjson.h>

#include <cmath>
#include <optional>
#include <string_view>

namespace hl7flow {

/// A number of a JSON object, or nothing.
inline std::optional<double> number_of(simdjson::dom::object from, std::string_view key) {
  double number = 0;
  if (from[key].get_double().get(number) != simdjson::SUCCESS || !std::isfinite(number))
    return std::nullopt;
  return number;
}

}  // namespace hl7flow
