#pragma once

#include <functional>
#include <string>

#include <hl7flow/adapters/cli/reading.h>
#include <hl7flow/pipeline/coded_values.h>

namespace hl7flow::cli {

/// One coded value of a message, as map_codes saw it. Views die with the call.
struct SeenCode {
  MessageView message;
  SegmentView segment;
  FieldView value;  // the repetition
  const CodedValue& found;
  const codes::CodeStore& store;

  std::string path() const;  // "OBX-3"
  /// Code, name and system of the first coding that has a code or a name.
  std::string_view code() const { return component(1); }
  std::string_view name() const { return component(2); }
  std::string_view system() const { return component(3); }

 private:
  std::string_view component(std::size_t number) const;
};

/// Reads messages, maps their codes with a store, and shows each value, in the order of reading.
Exit visit_codes(const ReadRequest& request, const std::string& store,
                 const std::function<void(const SeenCode&)>& visit);

}  // namespace hl7flow::cli
