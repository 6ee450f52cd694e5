#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/er7.h>
#include <hl7flow/parsers/schema/schema.h>
#include <hl7flow/pipeline/batch.h>

// A message taken apart and named, for a person: what `inspect` prints, as text or as JSON. Plain
// data that owns its texts.
namespace hl7flow::cli {

/// A field, one of its repetitions, a component or a subcomponent.
struct Part {
  std::string path;         // "PID-3(2).4.1": a path that `query` takes
  std::string_view name;    // "Assigning Authority"; empty if the version does not define it
  std::string_view type;    // "HD"
  std::uint16_t table = 0;  // HL7 table of its codes, 0 for none
  std::string raw;          // as sent
  std::optional<std::string> decoded;  // the text, where it differs from what was sent
  std::string note;         // what a person may want to know: a date spelled out, a delete
  std::vector<Part> parts;  // repetitions or components; then raw is the whole
};

struct SegmentPart {
  std::string path;                  // "OBX(2)"
  std::string_view name;             // "Observation/Result"; empty for Z segments
  std::vector<std::string> groups;   // from the outermost: "PATIENT_RESULT(1)"
  std::string note;                  // why it stands out
  std::vector<Part> fields;          // those that have text, or all
  std::vector<std::string> missing;  // paths of fields that the version requires, and are empty
};

/// What is wrong with a message that was rejected.
struct Fault {
  Error error;
  std::uint64_t offset = 0;  // in the input, bytes from 0
  std::uint64_t line = 0;    // in the input, from 1
  std::uint64_t column = 0;  // in that line, bytes from 1
  std::string line_text;
};

struct Explanation {
  std::string input;
  std::uint64_t number = 0;  // of the message in the input, from 1
  std::uint64_t offset = 0, size = 0, line = 0;
  std::string_view charset;
  std::string type, version, structure;  // "ADT^A01", "2.5.1" as sent, "ADT_A01" or empty
  std::string_view facts_version;        // whose names are used
  std::string sender, receiver, sent_at, control_id, processing;
  std::uint32_t joined_lines = 0;
  std::vector<SegmentPart> segments;
  std::optional<Fault> fault;
};

struct ExplainOptions {
  std::vector<Path> only;               // fields or components; empty: all
  std::vector<std::uint32_t> segments;  // whole segments
  bool empties = false;                 // also fields without text
};

/// `line`: of the input, from 1, in which the message begins.
Explanation explain(const Batch& batch, std::size_t ordinal, std::uint64_t line,
                    const ExplainOptions& options);

/// Line breaks of `text`: CR, LF or CR LF.
std::uint64_t count_lines(std::string_view text) noexcept;

struct TextStyle {
  bool colour = false;
  bool full = false;  // long values whole
};
std::string explanation_text(const Explanation& explanation, const TextStyle& style);
/// One line of JSON.
std::string explanation_json(const Explanation& explanation);

}  // namespace hl7flow::cli
