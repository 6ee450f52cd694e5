// files: reads HL7 from files, folders, archives and standard input, one stream after the other, in
// batches of whole messages.

#include <algorithm>

#include <hl7flow/adapters/file/framer.h>
#include <hl7flow/adapters/file/inputs.h>
#include <hl7flow/adapters/file/streams.h>
#include <hl7flow/pipeline/component.h>

namespace hl7flow::adapters {

namespace {

class Files final : public Source {
 public:
  struct Options {
    std::vector<std::string> path;
    std::uint64_t batch_size = 128u << 10;
    std::uint64_t message_size_max = 128u << 20;
    std::uint64_t epoch_size = 1u << 30;
    std::uint64_t start_input = 0;
    std::uint64_t start_offset = 0;
    std::uint64_t start_total = 0;
  };
  static constexpr Option<Options> options[] = {
      OptionFor<&Options::path>{
          "path",
          "Files, folders (with all below them) and patterns (*.hl7) to read, in this order; - is "
          "standard input. Compressed files and archives are expanded."},
      OptionFor<&Options::batch_size>{"batch_size", "Bytes of a batch, about. Default 128KiB."},
      OptionFor<&Options::message_size_max>{"message_size_max", "Largest message. Default 128MiB."},
      OptionFor<&Options::epoch_size>{
          "epoch_size", "Bytes of input between two commits of the output. Default 1GiB."},
      OptionFor<&Options::start_input>{"start_input",
                                       "Where a resumed run begins: number of the stream."},
      OptionFor<&Options::start_offset>{"start_offset", "And the offset in that stream."},
      OptionFor<&Options::start_total>{"start_total", "And the bytes of all streams before."},
  };

  static Result<std::unique_ptr<Source>, Failure> make(Options chosen) {
    if (chosen.path.empty()) return fail(ErrorCode::bad_option, "files needs a path");
    if (chosen.batch_size == 0) return fail(ErrorCode::bad_option, "batch_size must not be 0");
    if (chosen.epoch_size == 0) return fail(ErrorCode::bad_option, "epoch_size must not be 0");
    auto inputs = expand_inputs(chosen.path);
    if (!inputs) return tl::unexpected<Failure>(inputs.error());
    return std::unique_ptr<Source>(std::make_unique<Files>(std::move(chosen), std::move(*inputs)));
  }

  Files(Options chosen, std::vector<InputFile> inputs)
      : options_(std::move(chosen)),
        inputs_(std::move(inputs)),
        framer_({options_.batch_size, options_.message_size_max, options_.epoch_size}) {
    framer_.set_total(options_.start_total);
  }

  Result<bool, Failure> read(Batch& batch) override {
    for (;;) {
      if (!in_stream_) {
        auto const more = next_stream();
        if (!more || !*more) return more;
      }
      batch.input_name = streams_->name();
      auto const more = framer_.fill(streams_->reader(), batch);
      if (!more || *more) return more;
      in_stream_ = false;
    }
  }

  void interrupt() noexcept override { wake_.wake(); }

  std::vector<InputFile> inputs() const override { return inputs_; }
  std::uint64_t size_hint() const override {
    std::uint64_t size = 0;
    for (InputFile const& input : inputs_) {
      if (input.size == 0) return 0;  // a pipe: nobody knows
      size += input.size;
    }
    return size;
  }
  std::uint64_t consumed() const override { return before_ + (file_ ? file_->position() : 0); }

 private:
  /// Streams are numbered over all files; those before start_input were read by an earlier run.
  Result<bool, Failure> next_stream() {
    for (;;) {
      if (!streams_) {
        if (next_file_ == inputs_.size()) return false;
        if (auto done = open_file(); !done) return tl::unexpected<Failure>(done.error());
      }
      auto const more = streams_->next();
      if (!more) return more;
      if (!*more) {
        before_ += inputs_[next_file_ - 1].size;
        file_ = nullptr;
        streams_.reset();
        continue;
      }
      std::uint64_t const stream = next_stream_++;
      if (stream < options_.start_input) continue;
      std::uint64_t const offset = stream == options_.start_input ? options_.start_offset : 0;
      framer_.begin(static_cast<std::uint32_t>(stream), offset);
      in_stream_ = true;
      if (auto done = skip(offset); !done) return tl::unexpected<Failure>(done.error());
      return true;
    }
  }

  Status open_file() {
    std::string const& path = inputs_[next_file_++].path;
    auto opened = FileReader::open(path, wake_);
    if (!opened) return tl::unexpected<Failure>(opened.error());
    file_ = opened->get();
    auto streams = open_streams(std::move(*opened), path);
    if (!streams) return tl::unexpected<Failure>(streams.error());
    streams_ = std::move(*streams);
    return {};
  }

  /// Reads past what an earlier run has committed: works for pipes and compressed files too.
  Status skip(std::uint64_t bytes) {
    Buffer<char> sink;
    sink.resize(1u << 20);
    while (bytes > 0) {
      auto const count =
          streams_->reader().read(sink.data(), std::min<std::uint64_t>(bytes, sink.size()));
      if (!count) return tl::unexpected<Failure>(count.error());
      if (*count == 0)
        return fail(ErrorCode::io,
                    "the input is shorter than when it was first read: " + streams_->name());
      bytes -= *count;
    }
    return {};
  }

  Options const options_;
  std::vector<InputFile> const inputs_;
  Framer framer_;
  WakeUp wake_;
  std::size_t next_file_ = 0;
  std::uint64_t next_stream_ = 0;
  std::uint64_t before_ = 0;    // bytes of the files before
  FileReader* file_ = nullptr;  // owned by streams_
  std::unique_ptr<Streams> streams_;
  bool in_stream_ = false;
};

}  // namespace

extern constinit const Component files = component<Files>(
    "files", "Reads HL7 messages from files, folders, archives and standard input.");

}  // namespace hl7flow::adapters
