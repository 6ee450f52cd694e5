#include <hl7flow/parsers/error.h>

namespace hl7flow {
namespace {

struct Entry {
  std::string_view name, sentence;
};

Entry entry(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::none:
      return {"none", "no error"};
    case ErrorCode::no_header:
      return {"no_header", "segments stand without an MSH before them"};
    case ErrorCode::header_truncated:
      return {"header_truncated", "the message ends before MSH-1 and MSH-2 are complete"};
    case ErrorCode::bad_delimiters:
      return {"bad_delimiters",
              "MSH-1 and MSH-2 must declare 2 to 6 different printable ASCII characters that are "
              "no letters or digits"};
    case ErrorCode::message_too_large:
      return {"message_too_large", "the message is larger than message_size_max"};
    case ErrorCode::too_many_segments:
      return {"too_many_segments", "the message has more segments than segment_count_max"};
    case ErrorCode::bad_segment_id:
      return {"bad_segment_id", "a line does not begin with a segment identifier"};
    case ErrorCode::bad_charset:
      return {"bad_charset", "bytes do not decode in the message's character set"};
    case ErrorCode::unknown_charset:
      return {"unknown_charset", "MSH-18 names no known character set"};
    case ErrorCode::bad_escape:
      return {"bad_escape", "an escape sequence is unknown or does not end"};
    case ErrorCode::frame_incomplete:
      return {"frame_incomplete", "an MLLP frame begins and does not end"};
    case ErrorCode::rejected_by_stage:
      return {"rejected_by_stage", "a stage refused the message"};
    case ErrorCode::continuation_incomplete:
      return {"continuation_incomplete",
              "the message is continued (DSC, MSH-14), and not all of its parts came"};
    case ErrorCode::bad_datetime:
      return {"bad_datetime", "not a date or time of HL7"};
    case ErrorCode::bad_number:
      return {"bad_number", "not a number of HL7"};
    case ErrorCode::bad_structured_numeric:
      return {"bad_structured_numeric", "not a structured numeric (SN)"};
    case ErrorCode::bad_base64:
      return {"bad_base64", "not Base64"};
    case ErrorCode::value_out_of_range:
      return {"value_out_of_range", "the value is out of range"};
    case ErrorCode::bad_value:
      return {"bad_value", "the value does not fit its data type"};
    case ErrorCode::bad_path:
      return {"bad_path", "the path does not parse"};
    case ErrorCode::bad_option:
      return {"bad_option", "an option is unknown or out of range"};
    case ErrorCode::unknown_component:
      return {"unknown_component", "no component has this name"};
    case ErrorCode::bad_config:
      return {"bad_config", "the configuration does not make sense"};
    case ErrorCode::usage:
      return {"usage", "the command line does not make sense"};
    case ErrorCode::not_found:
      return {"not_found", "no such file or folder"};
    case ErrorCode::not_readable:
      return {"not_readable", "the input cannot be read"};
    case ErrorCode::not_hl7:
      return {"not_hl7", "the input holds no HL7 message"};
    case ErrorCode::exists:
      return {"exists", "the output exists already"};
    case ErrorCode::cannot_create:
      return {"cannot_create", "the output cannot be created"};
    case ErrorCode::io:
      return {"io", "reading or writing failed"};
    case ErrorCode::archive:
      return {"archive", "the archive or compressed stream is damaged"};
    case ErrorCode::cancelled:
      return {"cancelled", "the run was cancelled"};
    case ErrorCode::bad_store:
      return {"bad_store", "a code store or a release of codes is damaged or of another kind"};
    case ErrorCode::out_of_room:
      return {"out_of_room", "what a stage has to remember is more than its options allow"};
    case ErrorCode::internal:
      return {"internal", "a fault of hl7flow itself"};
  }
  return {"unknown", "unknown error"};
}

}  // namespace

std::string_view name(ErrorCode code) noexcept { return entry(code).name; }
std::string_view describe(ErrorCode code) noexcept { return entry(code).sentence; }

}  // namespace hl7flow
