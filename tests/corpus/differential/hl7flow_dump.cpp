// hl7flow_dump: what hl7flow reads in files, value by value, for comparison with other parsers.
//
// File names come on stdin, one a line. For each message a line
//   M <tab> FILE <tab> OFFSET <tab> SIZE <tab> ERROR
// and for each of its values, empty ones too, a line
//   V <tab> PID[1]-3(2).1.1 <tab> TEXT
// with the text as sent, in UTF-8; tab, CR, LF and backslash in it are \t, \r, \n and \\.

#include <iostream>
#include <map>
#include <string>

#include <hl7flow/pipeline/catalogue.h>
#include <hl7flow/pipeline/pipeline.h>

namespace hl7flow {
namespace {

void append_escaped(std::string_view text, std::string& out) {
  for (char const c : text) switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out += c;
    }
}

std::size_t at_least_one(std::size_t count) { return count == 0 ? 1 : count; }

void append_field(const FieldView& field, const std::string& place, std::string& out) {
  std::size_t const repetitions = at_least_one(field.repetition_count());
  for (std::size_t r = 1; r <= repetitions; ++r) {
    FieldView const repetition = field.repetition(r);
    std::size_t const components = at_least_one(repetition.component_count());
    for (std::size_t c = 1; c <= components; ++c) {
      FieldView const component = repetition.component(c);
      std::size_t const subcomponents = at_least_one(component.subcomponent_count());
      for (std::size_t s = 1; s <= subcomponents; ++s) {
        out += "V\t" + place + '(' + std::to_string(r) + ")." + std::to_string(c) + '.' +
               std::to_string(s) + '\t';
        append_escaped(component.subcomponent(s).raw(), out);
        out += '\n';
      }
    }
  }
}

void append_message(const MessageView& message, std::string& out) {
  std::map<std::string, std::size_t> occurrences;
  for (std::size_t k = 0; k < message.segment_count(); ++k) {
    SegmentView const segment = message.segment(k);
    std::string const id(segment.id());
    std::string const name = id + '[' + std::to_string(++occurrences[id]) + "]-";
    for (std::size_t number = 1; number <= segment.field_count(); ++number)
      append_field(segment.field(number), name + std::to_string(number), out);
  }
}

/// Prints each batch.
class Dump final : public Sink {
 public:
  std::string_view name() const noexcept override { return "dump"; }
  Status write(const Batch& batch, Executor&) override {
    std::string out;
    for (std::size_t k = 0; k < batch.message_count(); ++k) {
      MessageEntry const& entry = batch.index.messages[k];
      out += "M\t" + std::string(batch.input_name) + '\t' +
             std::to_string(batch.position.offset + entry.raw_begin) + '\t' +
             std::to_string(entry.raw_end - entry.raw_begin) + '\t' +
             std::string(hl7flow::name(entry.error.code)) + '\n';
      append_message(batch.message(k), out);
    }
    std::cout << out;
    return {};
  }
  Result<std::vector<OutputFile>, Failure> commit(Executor&) override {
    return std::vector<OutputFile>{};
  }
};

int dump() {
  std::vector<std::string> paths;
  for (std::string line; std::getline(std::cin, line);) paths.push_back(line);
  Pipeline pipeline;
  pipeline.from(make_source("files", {{"path", paths}}))
      .through(make_stage("parse"))
      .into(std::unique_ptr<Sink>(std::make_unique<Dump>()));
  auto const report = pipeline.run_inline();
  if (!report) std::cerr << "hl7flow_dump: " << report.error().text << '\n';
  return report ? 0 : 1;
}

}  // namespace
}  // namespace hl7flow

int main() { return hl7flow::dump(); }
