#include <vector>

#include "tests/fuzz/fuzz.h"
#include "tests/property/indexed.h"

// Any bytes through the index, by both ways and under all policies; then every place of every
// message through the views. A view that leaves its message stops the fuzzer.
namespace hl7flow {
namespace {

using fuzz::require;

Er7Options options_of(std::size_t choice) {
  Er7Options options;
  options.stray_lines = choice % 2 == 0 ? StrayLines::join : StrayLines::reject;
  options.charset.on_error =
      choice / 2 % 2 == 0 ? CharsetPolicy::OnError::replace : CharsetPolicy::OnError::error;
  constexpr CharsetPolicy::Source sources[] = {CharsetPolicy::Source::automatic,
                                               CharsetPolicy::Source::declared,
                                               CharsetPolicy::Source::fixed};
  options.charset.source = sources[choice / 4 % 3];
  options.charset.fixed =
      static_cast<Charset>(choice / 12 % static_cast<unsigned>(Charset::unknown));
  if (choice % 5 == 4) options.limits = {60, 3};
  return options;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void inside(std::string_view part, const char* promise) const {
    if (part.empty()) return;
    require(part.data() >= text_.data() && part.data() + part.size() <= text_.data() + text_.size(),
            promise);
  }

  void field(const FieldView& field) const {
    inside(field.raw(), "a field lies in the text");
    std::size_t const repetitions = field.repetition_count();
    require((repetitions == 0) == field.raw().empty(), "only an empty field has no repetition");
    std::size_t size = repetitions == 0 ? 0 : repetitions - 1;
    for (std::size_t r = 0; r <= repetitions + 1; ++r) {
      FieldView const repetition = field.repetition(r);
      require((r > 0 && r <= repetitions) || !repetition.has_text(), "no repetition past the last");
      size += repetition.raw().size();
      inside(repetition.raw(), "a repetition lies in the text");
      components(repetition);
    }
    require(size == field.raw().size(), "repetitions and separators make the field");
  }

  void components(const FieldView& repetition) const {
    std::size_t const components = repetition.component_count();
    std::size_t size = components == 0 ? 0 : components - 1;
    for (std::size_t c = 0; c <= components + 1; ++c) {
      FieldView const component = repetition.component(c);
      size += component.raw().size();
      inside(component.raw(), "a component lies in the text");
      std::size_t const parts = component.subcomponent_count();
      std::size_t part_size = parts == 0 ? 0 : parts - 1;
      for (std::size_t s = 0; s <= parts + 1; ++s) {
        FieldView const part = component.subcomponent(s);
        inside(part.raw(), "a subcomponent lies in the text");
        part_size += part.raw().size();
      }
      require(part_size == component.raw().size(), "subcomponents make the component");
    }
    require(size == repetition.raw().size(), "components make the repetition");
  }

 private:
  std::string_view text_;
};

void read_all(const MessageView& message, const Reader& reader) {
  for (std::size_t s = 0; s < message.segment_count(); ++s) {
    SegmentView const segment = message.segment(s);
    reader.inside(segment.raw(), "a segment lies in the text");
    require(segment.id() == segment.raw().substr(0, 3), "a segment begins with its id");
    for (std::size_t number = 0; number <= segment.field_count() + 1; ++number)
      reader.field(segment.field(number));
    require(!segment.field(segment.field_count() + 1).has_text(), "no field past the last");
    require(message.find(segment.packed_id()).has_value(), "a segment that is there is found");
  }
}

void read_paths(const MessageView& message, const std::vector<Path>& paths, const Reader& reader) {
  for (Path const& path : paths) {
    std::string_view const first = message.at(path).raw();
    reader.inside(first, "what a path names lies in the text");
    message.for_each(path, [&](const FieldView& value, std::uint32_t segment, std::size_t) {
      reader.inside(value.raw(), "what a path with (*) names lies in the text");
      require(segment >= message.entry().first_segment &&
                  segment < message.entry().first_segment + message.segment_count(),
              "a path's segment is one of the message");
    });
  }
}

const std::vector<Path>& odd_paths() {
  static const std::vector<Path> paths = [] {
    std::vector<Path> made;
    for (const char* const text :
         {"MSH-1", "MSH-2", "MSH-1.1.1", "MSH-2(2).2", "MSH-9.1", "MSH(*)-2(*).3", "PID-3[5=MR].1",
          "PID-3[5.2=].4.1", "PID-3(*)", "PID-3(59999).59999.59999", "OBX(*)-5(*).2.2",
          "OBX(59999)-5", "ZZ1-59999", "FHS-1", "PID-3[1=]"})
      made.push_back(Path::parse(text).value());
    Path none;
    made.push_back(none);  // no segment, no field
    none.segment = simd::pack('M', 'S', 'H');
    made.push_back(none);
    return made;
  }();
  return paths;
}

}  // namespace
}  // namespace hl7flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hl7flow;
  fuzz::Input input(data, size);
  Er7Options const options = options_of(input.choose(256));
  std::string_view const bytes = input.rest();

  TextBuffer text;
  text.append(bytes);
  Er7Index index;
  index_er7(text, options, index);
  std::string const defect = test::defect_of(text, bytes.size(), index);
  require(defect.empty(), defect.c_str());
  require(text.view().substr(0, bytes.size()) == bytes, "the bytes as received stay");
  require(test::describe_index(text, index) == test::index_text(bytes, options, test::Way::careful),
          "the careful and the uniform way give the same index");

  Reader const reader(text.view());
  for (std::size_t k = 0; k < index.messages.size(); ++k) {
    MessageView const message(text.data(), index, k);
    Error const error = message.entry().error;
    require(error.code == ErrorCode::none || error.offset <= message.raw().size(),
            "an error's place is in its message");
    read_all(message, reader);
    read_paths(message, odd_paths(), reader);
  }

  std::size_t const cut = last_message_boundary(bytes, 0);
  if (cut != bytes.npos) {
    auto apart = test::index_text(bytes.substr(0, cut), options);
    apart += test::index_text(bytes.substr(cut), options);
    require(apart == test::describe_index(text, index), "a cut between messages does not show");
  }
  return 0;
}
