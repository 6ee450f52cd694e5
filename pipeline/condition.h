#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/er7.h>
#include <hl7flow/parsers/path.h>
#include <hl7flow/pipeline/config.h>

namespace hl7flow {

/// A question about a message: "OBX-2 in NM, SN", "MSH-9.1 not in ACK", "PID-8=F"; without values,
/// "PV1-44": the place has text. Values are compared with the text as sent. A path with (*) asks
/// about any of its places; negated, about all.
struct Condition {
  Path path;
  bool negated = false;
  std::vector<std::string> values;  // any of these; empty: any text

  bool matches(std::string_view text) const noexcept {
    if (values.empty()) return !text.empty();
    for (std::string const& value : values)
      if (value == text) return true;
    return false;
  }
};

/// PATH [ ("=" | "in" | "!=" | "not in") VALUE { "," VALUE } ]
/// Failures: bad_config at the node's place if it has one.
Result<Condition, Failure> parse_condition(std::string_view text, const ConfigNode& at);
/// One condition or a list of them.
Status read_conditions(const ConfigNode& node, std::vector<Condition>& out);

/// True if the condition holds for the message. Thread-safe, no heap.
bool holds(const Condition& condition, const MessageView& message);
/// True if all hold.
bool holds(const std::vector<Condition>& conditions, const MessageView& message);

/// A path from configuration. Failures: bad_config, with the character that does not fit.
Result<Path, Failure> read_path(std::string_view text, const ConfigNode& at);
/// "PID-13.6 + PID-13.7": a path, or several of one segment whose texts stand one behind another.
Result<std::vector<Path>, Failure> read_joined_paths(std::string_view text, const ConfigNode& at);

}  // namespace hl7flow
