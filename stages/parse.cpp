// parse: finds the messages, segments and fields of a batch, decides each message's character set,
// and counts message types and versions. Everything later reads through its index.

#include <hl7flow/pipeline/component.h>

namespace hl7flow::stages {

using namespace literals;

namespace {

class Parse final : public Stage {
 public:
  struct Options {
    std::uint64_t message_size_max = 128u << 20;
    std::uint64_t segment_count_max = 1'000'000;
    std::string stray_lines = "join";
    std::string charset = "auto";
    std::string charset_errors = "replace";
    std::string charset_fallback = "windows-1252";
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::message_size_max>{
          "message_size_max", "Largest message; a larger one is rejected. Default 128MiB."},
      OptionFor<&Options::segment_count_max>{
          "segment_count_max", "Most segments of a message; one with more is rejected."},
      OptionFor<&Options::stray_lines>{
          "stray_lines",
          "Lines inside a message that are no segment: join them to the segment before (default), "
          "or reject the message."},
      OptionFor<&Options::charset>{
          "charset",
          "auto: MSH-18 unless the bytes contradict it (default); declared: MSH-18 alone; or the "
          "name of one character set for all messages."},
      OptionFor<&Options::charset_errors>{
          "charset_errors", "Bytes that do not decode: replace by U+FFFD (default) or reject."},
      OptionFor<&Options::charset_fallback>{
          "charset_fallback",
          "Character set of bytes that are neither declared nor UTF-8. Default windows-1252."},
  };

  static Result<std::unique_ptr<Stage>, Failure> make(Options options) {
    Er7Options parsed;
    parsed.limits.message_size_max = static_cast<std::uint32_t>(options.message_size_max);
    parsed.limits.segment_count_max = static_cast<std::uint32_t>(options.segment_count_max);
    if (options.message_size_max >= 1u << 31)
      return fail(ErrorCode::bad_option, "message_size_max must be below 2GiB");
    if (options.stray_lines != "join" && options.stray_lines != "reject")
      return fail(ErrorCode::bad_option,
                  "stray_lines must be join or reject, not " + options.stray_lines);
    if (options.stray_lines == "reject") parsed.stray_lines = StrayLines::reject;
    if (options.charset_errors != "replace" && options.charset_errors != "reject")
      return fail(ErrorCode::bad_option,
                  "charset_errors must be replace or reject, not " + options.charset_errors);
    if (options.charset_errors == "reject") parsed.charset.on_error = CharsetPolicy::OnError::error;
    parsed.charset.fallback = charset_from_name(options.charset_fallback);
    if (parsed.charset.fallback == Charset::unknown)
      return fail(ErrorCode::bad_option,
                  "charset_fallback names no known character set: " + options.charset_fallback);
    if (options.charset == "declared") {
      parsed.charset.source = CharsetPolicy::Source::declared;
    } else if (options.charset != "auto") {
      parsed.charset.source = CharsetPolicy::Source::fixed;
      parsed.charset.fixed = charset_from_name(options.charset);
      if (parsed.charset.fixed == Charset::unknown)
        return fail(ErrorCode::bad_option,
                    "charset must be auto, declared or a known name, not " + options.charset);
    }
    return std::unique_ptr<Stage>(std::make_unique<Parse>(parsed));
  }

  explicit Parse(Er7Options options) : options_(options) {}

  std::string_view name() const noexcept override { return "parse"; }

  Status process(Batch& batch) override {
    if (batch.continues_message) {
      // The rest of a message that was too large: its bytes belong to the reject that began it.
      batch.index.clear();
      batch.index.extras.push_back(
          {ExtraRange::Kind::oversize, 0, static_cast<std::uint32_t>(batch.raw_size), 0});
      batch.fates.clear();
      return {};
    }
    index_er7(batch.text, options_, batch.index);
    batch.fates.resize(batch.message_count());
    for (std::size_t k = 0; k < batch.message_count(); ++k) {
      bool const good = batch.index.messages[k].error.code == ErrorCode::none;
      batch.fates[k] = good ? Fate::accepted : Fate::rejected;
      if (good) count(batch, batch.message(k));
    }
    return {};
  }

 private:
  static void count(Batch& batch, const MessageView& message) {
    SegmentView const header = message.segment(0);
    FieldView const type = header.field(9);
    // "ADT^A01" of "ADT^A01^ADT_A01": what people call the message.
    std::string_view text = type.raw();
    std::size_t cut = text.find(type.delimiters().component);
    if (cut != std::string_view::npos) {
      cut = text.find(type.delimiters().component, cut + 1);
      text = text.substr(0, cut);
    }
    batch.types.add(text);
    batch.versions.add(header.field(12).component(1).raw());
  }

  Er7Options const options_;
};

}  // namespace

extern constinit const Component parse =
    component<Parse>("parse", "Finds messages, segments and fields, and decides character sets.");

}  // namespace hl7flow::stages
