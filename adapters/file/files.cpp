// files: reads HL7 from files, one after the other, in batches of whole messages.

#include <algorithm>

#include <hl7flow/adapters/file/byte_reader.h>
#include <hl7flow/adapters/file/framer.h>
#include <hl7flow/pipeline/component.h>

namespace hl7flow::adapters {

namespace {

class Files final : public Source {
 public:
  struct Options {
    std::vector<std::string> path;
    std::uint64_t batch_size = 256u << 10;
    std::uint64_t message_size_max = 128u << 20;
    std::uint64_t epoch_size = 1u << 30;
    std::uint64_t start_input = 0;
    std::uint64_t start_offset = 0;
    std::uint64_t start_total = 0;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::path>{"path", "Files to read, in this order; - is standard input."},
      OptionFor<&Options::batch_size>{"batch_size", "Bytes of a batch, about. Default 256KiB."},
      OptionFor<&Options::message_size_max>{"message_size_max", "Largest message. Default 128MiB."},
      OptionFor<&Options::epoch_size>{
          "epoch_size", "Bytes of input between two commits of the output. Default 1GiB."},
      OptionFor<&Options::start_input>{"start_input",
                                       "Where a resumed run begins: number of the input."},
      OptionFor<&Options::start_offset>{"start_offset", "And the offset in that input."},
      OptionFor<&Options::start_total>{"start_total", "And the bytes of all inputs before."},
  };

  static Result<std::unique_ptr<Source>, Failure> make(Options chosen) {
    if (chosen.path.empty()) return fail(ErrorCode::bad_option, "files needs a path");
    if (chosen.batch_size == 0) return fail(ErrorCode::bad_option, "batch_size must not be 0");
    if (chosen.epoch_size == 0) return fail(ErrorCode::bad_option, "epoch_size must not be 0");
    return std::unique_ptr<Source>(std::make_unique<Files>(std::move(chosen)));
  }

  explicit Files(Options chosen)
      : options_(std::move(chosen)),
        framer_({options_.batch_size, options_.message_size_max, options_.epoch_size}),
        next_(options_.start_input) {
    framer_.set_total(options_.start_total);
  }

  Result<bool, Failure> read(Batch& batch) override {
    for (;;) {
      if (!reader_) {
        if (next_ == options_.path.size()) return false;
        if (auto done = open_next(); !done) return tl::unexpected<Failure>(done.error());
      }
      batch.input_name = options_.path[next_ - 1];
      auto const more = framer_.fill(*reader_, batch);
      if (!more || *more) return more;
      reader_.reset();
    }
  }

  void interrupt() noexcept override { wake_.wake(); }

 private:
  Status open_next() {
    std::string const& path = options_.path[next_];
    if (path == "-") {
      reader_ = open_standard_input(wake_);
    } else {
      auto opened = open_file(path, wake_);
      if (!opened) return tl::unexpected<Failure>(opened.error());
      reader_ = std::move(*opened);
    }
    std::uint64_t const offset = next_ == options_.start_input ? options_.start_offset : 0;
    framer_.begin(static_cast<std::uint32_t>(next_++), offset);
    return skip(offset);
  }

  /// Reads past what an earlier run has committed: works for pipes and compressed files too.
  Status skip(std::uint64_t bytes) {
    Buffer<char> sink;
    sink.resize(1u << 20);
    while (bytes > 0) {
      auto const count = reader_->read(sink.data(), std::min<std::uint64_t>(bytes, sink.size()));
      if (!count) return tl::unexpected<Failure>(count.error());
      if (*count == 0)
        return fail(ErrorCode::io, "the input is shorter than when it was first read: " +
                                       options_.path[next_ - 1]);
      bytes -= *count;
    }
    return {};
  }

  Options const options_;
  Framer framer_;
  WakeUp wake_;
  std::unique_ptr<ByteReader> reader_;
  std::size_t next_ = 0;
};

}  // namespace

extern constinit const Component files =
    component<Files>("files", "Reads HL7 messages from files and standard input.");

}  // namespace hl7flow::adapters
